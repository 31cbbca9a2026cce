import { AsyncLocalStorage } from "node:async_hooks";
import { type ErrorCode } from "../errors";

/** Why requests are not sent any more: the reason of an aborted signal. */
export interface StopReason {
  readonly code: Extract<ErrorCode, "cancelled" | "timeout">;
  /** The end of a sentence: `because …`. */
  readonly because: string;
}

/** What bounds the requests of a piece of work. */
export interface Bounds {
  /** Aborts with a {@link StopReason} when nothing more may be sent. */
  readonly signal: AbortSignal;
  /** Called before a request goes out that may change something. */
  readonly onWrite: () => void;
}

const current = new AsyncLocalStorage<Bounds>();

/**
 * Does work whose requests stop with the signal: what queues or waits for a retry fails at once, and
 * what was sent is waited for.
 */
export function withinBounds<T>(bounds: Bounds, work: () => Promise<T>): Promise<T> {
  return current.run(bounds, work);
}

/** The bounds of the work that makes a request; none for a request that others wait for too. */
export function boundsOf(isShared: boolean): Bounds | undefined {
  return isShared ? undefined : current.getStore();
}
