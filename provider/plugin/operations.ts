import { setMaxListeners } from "node:events";
import { ConnectorError } from "../errors";
import { type StopReason, withinBounds } from "../http/index";
import { own, ownText } from "../message";

const CANCELLED: StopReason = { code: "cancelled", because: "the deployment was cancelled" };

/**
 * The operations of a provider process. They end early when the deployment is cancelled, or when the
 * time that the program allows is over: at once while nothing was written, and otherwise as soon as
 * what was sent is answered, so that it is recorded.
 */
export class Operations {
  private isCancelled = false;
  /** Those that run. `AbortSignal.any` would keep something of each: Node.js 20 leaks there. */
  private readonly stops = new Set<AbortController>();
  private readonly running = new Set<Promise<unknown>>();

  cancel(): void {
    this.isCancelled = true;
    this.stops.forEach((stop) => stop.abort(CANCELLED));
  }

  /** Resolves when none runs. */
  async idle(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.allSettled(this.running);
    }
  }

  /** @param seconds that the program allows; 0: any. */
  async run<T>(vendor: string, seconds: number, work: () => Promise<T>): Promise<T> {
    const operation = this.bounded(vendor, seconds, work);
    this.running.add(operation);
    try {
      return await operation;
    } finally {
      this.running.delete(operation);
    }
  }

  private async bounded<T>(vendor: string, seconds: number, work: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const { signal } = stop;
    const timer = seconds > 0 ? setTimeout(() => stop.abort(timedOut(seconds)), seconds * 1000) : 0;
    // Each request of a fleet listens.
    setMaxListeners(Infinity, signal);
    let isWriting = false;
    let onAbort = (): void => undefined;
    const stopped = new Promise<never>((_, reject) => {
      onAbort = () => {
        if (!isWriting) {
          reject(stoppedBefore(vendor, signal.reason as StopReason));
        }
      };
    });
    signal.addEventListener("abort", onAbort, { once: true });
    this.stops.add(stop);
    try {
      if (this.isCancelled) {
        stop.abort(CANCELLED);
      }
      const bounds = { signal, onWrite: () => void (isWriting = true) };
      return await Promise.race([withinBounds(bounds, work), stopped]);
    } finally {
      clearTimeout(timer);
      this.stops.delete(stop);
      signal.removeEventListener("abort", onAbort);
    }
  }
}

function timedOut(seconds: number): StopReason {
  const because = `it was not done in the ${seconds} s that customTimeouts allow`;
  return { code: "timeout", because };
}

function stoppedBefore(vendor: string, { code, because }: StopReason): ConnectorError {
  return new ConnectorError(
    code,
    own`Nothing was written to ${ownText(vendor)}, because ${ownText(because)}.`,
    {
      vendor,
    },
  );
}
