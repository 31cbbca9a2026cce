import { type AttemptTracker, type Stage } from "../interceptor";
import { type RateLimiter } from "./rate-limiter";
import { type HttpClientStats, type WaitCause, type WaitStatus } from "../types";

/** A request that is in flight for longer than this, in milliseconds, is a slow one. */
const SLOW = 5_000;

/**
 * Counts what a client does and how long it waits for what. Updated at every step of every attempt,
 * so each is cheap.
 */
export class ClientStats implements HttpClientStats {
  calls = 0;
  open = 0;
  attempts = 0;
  retries = 0;
  queuedMs = 0;
  private busy = 0;
  private readonly waited: Record<WaitCause, number> = {
    pause: 0,
    rate: 0,
    concurrency: 0,
    answer: 0,
    retry: 0,
  };
  /** The attempts at each stage in the order of their arrival, and when they arrived. */
  private readonly stages: Readonly<Record<Stage, Map<AttemptTracker, number>>> = {
    concurrency: new Map(),
    rate: new Map(),
    inFlight: new Map(),
  };
  private retrying = 0;
  /** When something last changed, on the clock of `performance.now()`. */
  private changedAt = 0;
  /** What has been waited for since then. */
  private cause: WaitCause | undefined;

  constructor(
    private readonly limiter: Pick<RateLimiter, "pauseLeft" | "rateAt">,
    readonly limits: HttpClientStats["limits"],
  ) {}

  get busyMs(): number {
    this.count(performance.now());
    return this.busy;
  }

  get waitMs(): HttpClientStats["waitMs"] {
    this.count(performance.now());
    return { ...this.waited };
  }

  get waiting(): WaitStatus | undefined {
    const now = performance.now();
    const oldestMs = now - this.oldest(now);
    const cause = this.causeAt(now);
    if (cause === undefined || (cause === "answer" && oldestMs < SLOW)) {
      return undefined;
    }
    return {
      cause,
      queued: this.queued,
      inFlight: this.stages.inFlight.size,
      retrying: this.retrying,
      oldestMs,
      pauseMs: this.limiter.pauseLeft(now),
      requestsPerSecond: this.limiter.rateAt(now),
    };
  }

  /** Counts an operation from its call to its end. */
  async countOperation<T>(work: () => Promise<T>, onBusy: (() => void) | undefined): Promise<T> {
    this.calls++;
    this.change(() => this.open++);
    if (this.open === 1) {
      onBusy?.();
    }
    try {
      return await work();
    } finally {
      this.change(() => this.open--);
    }
  }

  /** Counts the wait before a retry. */
  async countRetryWait(wait: () => Promise<void>): Promise<void> {
    this.change(() => this.retrying++);
    try {
      await wait();
    } finally {
      this.change(() => this.retrying--);
    }
  }

  /** An attempt enters the queue for the concurrency limit. */
  trackAttempt(): AttemptTracker {
    const queuedAt = performance.now();
    let current: Stage | undefined;
    const tracker = {
      queuedMs: 0,
      enter: (stage: Stage | undefined): void =>
        this.change((now) => {
          if (current !== undefined) {
            this.stages[current].delete(tracker);
          }
          if (stage !== undefined) {
            this.stages[stage].set(tracker, now);
          }
          if (stage === "inFlight") {
            this.queuedMs += tracker.queuedMs = now - queuedAt;
          }
          current = stage;
        }),
    };
    tracker.enter("concurrency");
    return tracker;
  }

  /** Counts the time until now, then applies a change. */
  private change(apply: (now: number) => void): void {
    const now = performance.now();
    this.count(now);
    apply(now);
    this.cause = this.causeAt(now);
  }

  private count(now: number): void {
    if (this.open > 0) {
      this.busy += now - this.changedAt;
    }
    if (this.cause !== undefined) {
      const from =
        this.cause === "answer"
          ? Math.max(this.changedAt, this.oldest(now) + SLOW)
          : this.changedAt;
      this.waited[this.cause] += Math.max(0, now - from);
    }
    this.changedAt = now;
  }

  private causeAt(now: number): WaitCause | undefined {
    if (this.queued + this.retrying > 0 && this.limiter.pauseLeft(now) > 0) {
      return "pause";
    }
    if (this.stages.rate.size > 0) {
      return "rate";
    }
    if (this.stages.concurrency.size > 0) {
      return "concurrency";
    }
    if (this.stages.inFlight.size > 0) {
      return "answer";
    }
    return this.retrying > 0 ? "retry" : undefined;
  }

  private get queued(): number {
    return this.stages.concurrency.size + this.stages.rate.size;
  }

  /** When the oldest request in flight was sent; `now` without one. */
  private oldest(now: number): number {
    const [oldest = now] = this.stages.inFlight.values();
    return oldest;
  }
}
