import { type Passage, type Stage } from "../interceptor";
import { type RateLimiter } from "./rate-limiter";
import { type HttpClientStats, type Standstill, type WaitCause } from "../types";

/** A request that has been under way for longer, in milliseconds, is waited for. */
const SLOW = 5_000;

/**
 * Counts what a client does, and how long its work stands still for what. It is told of every step of every attempt, so
 * each takes no more than a look at the clock.
 */
export class Activity implements HttpClientStats {
  calls = 0;
  open = 0;
  attempts = 0;
  retries = 0;
  limiterWaitMs = 0;
  #busyMs = 0;
  readonly #heldMs: Record<WaitCause, number> = {
    pause: 0,
    rate: 0,
    concurrency: 0,
    answer: 0,
    retry: 0,
  };
  /** The attempts at each stage, the first that came there first, and when that was. */
  readonly #at: Readonly<Record<Stage, Map<Passage, number>>> = {
    place: new Map(),
    turn: new Map(),
    underWay: new Map(),
  };
  #repeating = 0;
  /** Since when things have been as they are, on the clock of `performance.now()`. */
  #since = 0;
  #cause: WaitCause | undefined;

  constructor(
    private readonly limiter: Pick<RateLimiter, "pauseLeft">,
    readonly limits: HttpClientStats["limits"],
  ) {}

  get busyMs(): number {
    this.#count(performance.now());
    return this.#busyMs;
  }

  get heldMs(): HttpClientStats["heldMs"] {
    this.#count(performance.now());
    return { ...this.#heldMs };
  }

  get standstill(): Standstill | undefined {
    const now = performance.now();
    const oldestMs = now - this.#oldest(now);
    const cause = this.#causeAt(now);
    if (cause === undefined || (cause === "answer" && oldestMs < SLOW)) {
      return undefined;
    }
    return {
      cause,
      queued: this.#queued,
      underWay: this.#at.underWay.size,
      repeating: this.#repeating,
      oldestMs,
      pauseMs: this.limiter.pauseLeft(now),
    };
  }

  /** An operation, from its call to its end. */
  async during<T>(work: () => Promise<T>, onBusy: (() => void) | undefined): Promise<T> {
    this.calls++;
    this.#turn(() => this.open++);
    if (this.open === 1) {
      onBusy?.();
    }
    try {
      return await work();
    } finally {
      this.#turn(() => this.open--);
    }
  }

  /** The wait before a request is repeated. */
  async repeating(wait: () => Promise<void>): Promise<void> {
    this.#turn(() => this.#repeating++);
    try {
      await wait();
    } finally {
      this.#turn(() => this.#repeating--);
    }
  }

  /** An attempt begins to queue for a place. */
  enter(): Passage {
    const queuedAt = performance.now();
    let at: Stage | undefined;
    const passage = {
      queuedMs: 0,
      to: (stage: Stage | undefined): void =>
        this.#turn((now) => {
          if (at !== undefined) {
            this.#at[at].delete(passage);
          }
          if (stage !== undefined) {
            this.#at[stage].set(passage, now);
          }
          if (stage === "underWay") {
            this.limiterWaitMs += passage.queuedMs = now - queuedAt;
          }
          at = stage;
        }),
    };
    passage.to("place");
    return passage;
  }

  /** Counts the time until now for what it was used for, then lets something change. */
  #turn(change: (now: number) => void): void {
    const now = performance.now();
    this.#count(now);
    change(now);
    this.#cause = this.#causeAt(now);
  }

  #count(now: number): void {
    if (this.open > 0) {
      this.#busyMs += now - this.#since;
    }
    if (this.#cause !== undefined) {
      const from =
        this.#cause === "answer" ? Math.max(this.#since, this.#oldest(now) + SLOW) : this.#since;
      this.#heldMs[this.#cause] += Math.max(0, now - from);
    }
    this.#since = now;
  }

  #causeAt(now: number): WaitCause | undefined {
    if (this.#queued + this.#repeating > 0 && this.limiter.pauseLeft(now) > 0) {
      return "pause";
    }
    if (this.#at.turn.size > 0) {
      return "rate";
    }
    if (this.#at.place.size > 0) {
      return "concurrency";
    }
    if (this.#at.underWay.size > 0) {
      return "answer";
    }
    return this.#repeating > 0 ? "retry" : undefined;
  }

  get #queued(): number {
    return this.#at.place.size + this.#at.turn.size;
  }

  /** When the oldest request went on its way; `now` without one. */
  #oldest(now: number): number {
    const [oldest = now] = this.#at.underWay.values();
    return oldest;
  }
}
