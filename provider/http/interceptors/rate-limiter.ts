import { type Budget } from "../interceptor";

/** The longest delay that Node's timers accept, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Makes the window longer than a second, in milliseconds, because requests do not all travel
 * equally fast.
 */
const MARGIN = 20;

/**
 * A request's place in the window: held until the request goes out, and counted from that moment.
 */
export class Slot {
  sentAt: number | undefined;

  constructor(private readonly onStamp: () => void) {}

  /** The first byte of the request goes out now. */
  sent(): void {
    this.sentAt = performance.now();
    this.onStamp();
  }

  /** The attempt is over. A request that never went out counts from now. Must be called. */
  ended(): void {
    if (this.sentAt === undefined) {
      this.sent();
    }
  }
}

interface Waiter {
  readonly budget: Budget;
  readonly grant: (slot: Slot) => void;
  readonly reject: (error: BudgetExceeded) => void;
}

/** The reason why a request gets no slot: its operation has no time left for the wait. */
export class BudgetExceeded extends Error {
  /**
   * @param pauseMs what is left of the pause that the server requested; 0 when every answer was a
   *   429 instead.
   */
  constructor(readonly pauseMs: number) {
    super("The operation has no time left to wait for the rate limit.");
  }
}

/**
 * Sends no more than `requestsPerSecond` requests in any window of one second, first come, first
 * served.
 *
 * After a 429, all requests pause: for as long as the server requests, or else by a back-off, and
 * then the rate is lowered as well. Requests queue without a time limit, but fail when a requested
 * pause, or the time in which every answer is a 429, exceeds the budget of their operation.
 */
export class RateLimiter {
  private readonly rate: AdaptiveRate;
  private readonly slots = new Set<Slot>();
  private readonly queue: Waiter[] = [];
  private timer: NodeJS.Timeout | undefined;
  private pausedUntil = -Infinity;
  /** The end of the pause that the server requested. */
  private requestedUntil = -Infinity;
  /** When the first 429 came since the last other answer. */
  private refusedSince: number | undefined;
  /** Times that the rate was lowered since then. */
  private reductions = 0;

  /** @param backoff the pause after the nth 429 in a row that requests none, in milliseconds. */
  constructor(
    requestsPerSecond: number,
    private readonly backoff: (time: number) => number,
  ) {
    this.rate = new AdaptiveRate(requestsPerSecond);
  }

  /** Resolves when a request may go out. Rejects with {@link BudgetExceeded}. */
  acquire(budget: Budget): Promise<Slot> {
    return new Promise((grant, reject) => {
      this.queue.push({ budget, grant, reject });
      this.processQueue();
    });
  }

  /** Notes an answer other than 429. */
  accepted(): void {
    this.refusedSince = undefined;
    this.reductions = 0;
  }

  /**
   * Notes a 429.
   *
   * @param requested the pause that the server requests, in milliseconds; 0 says as little as
   *   `undefined`
   * @returns how long all requests pause, in milliseconds
   */
  refused({ sentAt = Infinity }: Slot, requested: number | undefined): number {
    const now = performance.now();
    this.refusedSince ??= now;
    if (requested !== undefined && requested > 0) {
      this.requestedUntil = Math.max(this.requestedUntil, now + requested);
      this.pauseUntil(now + requested);
      return requested;
    }
    // A request that was out when the rate was lowered says nothing about the lower rate.
    if (sentAt < this.rate.loweredAt) {
      return this.pauseLeft(now);
    }
    this.rate.halve(now);
    this.reductions += 1;
    const pause = this.backoff(this.reductions);
    this.pauseUntil(now + pause);
    return pause;
  }

  /** What is left of the pause, in milliseconds; 0 without one. */
  pauseLeft(now: number): number {
    return Math.max(0, this.pausedUntil - now);
  }

  /** For how long every answer has been a 429, in milliseconds, counted from `start`. */
  refusedFor(start: number): number {
    return this.refusedSince === undefined
      ? 0
      : performance.now() - Math.max(start, this.refusedSince);
  }

  /** The requests per second that are allowed now. */
  rateAt(now: number): number {
    return this.rate.at(now);
  }

  private pauseUntil(end: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, end);
    this.processQueue();
  }

  private processQueue(): void {
    const now = performance.now();
    this.rejectExceeded(now);
    while (this.queue.length > 0 && this.waitFor(now) <= 0) {
      const slot = new Slot(() => this.processQueue());
      this.slots.add(slot);
      this.queue.shift()?.grant(slot);
    }
    this.schedule(now);
  }

  private rejectExceeded(now: number): void {
    const pause = Math.max(0, this.requestedUntil - now);
    const isExceeded = ({ budget }: Waiter): boolean =>
      budget.remaining() < pause || budget.remaining() === 0;
    const exceeded = this.queue.filter(isExceeded);
    if (exceeded.length > 0) {
      const others = this.queue.filter((waiter) => !exceeded.includes(waiter));
      this.queue.splice(0, this.queue.length, ...others);
      exceeded.forEach(({ reject }) => reject(new BudgetExceeded(pause)));
    }
  }

  /** How long until a request may go out, in milliseconds, as far as is known now. */
  private waitFor(now: number): number {
    const rate = this.rate.at(now);
    const { capacity, length } = windowOf(rate);
    const times: number[] = [];
    for (const slot of this.slots) {
      if (slot.sentAt !== undefined && slot.sentAt + length <= now) {
        this.slots.delete(slot);
      } else {
        times.push(slot.sentAt ?? Infinity);
      }
    }
    // Servers count in windows of their own: at a lowered rate, bursts are spread.
    const spacing = rate < this.rate.limit ? length / capacity : 0;
    return Math.max(
      this.pausedUntil - now,
      times.length < capacity ? 0 : Math.min(...times) + length - now,
      spacing === 0 || times.length === 0 ? 0 : Math.max(...times) + spacing - now,
    );
  }

  /** Looks at the queue again when a request may go out, or has to be rejected. */
  private schedule(now: number): void {
    clearTimeout(this.timer);
    if (this.queue.length === 0) {
      return;
    }
    const next = Math.min(
      this.waitFor(now),
      ...(this.rate.at(now) < this.rate.limit ? [LOOK_AGAIN] : []),
      ...(this.refusedSince === undefined ? [] : this.queue.map((each) => each.budget.remaining())),
    );
    // Without an end, the wait is for a request that has not gone out yet, which then reports it.
    if (next < Infinity) {
      const delay = Math.min(Math.max(1, Math.ceil(next)), LONGEST_TIMER);
      this.timer = setTimeout(() => this.processQueue(), delay);
    }
  }
}

/** How often to look at the queue while the rate rises, in milliseconds. */
const LOOK_AGAIN = 500;

/** Below one request per second, the window holds one request and is longer. */
function windowOf(rate: number): { readonly capacity: number; readonly length: number } {
  return { capacity: Math.max(1, Math.floor(rate)), length: 1000 / Math.min(1, rate) + MARGIN };
}

/** The time in which a lowered rate doubles, in milliseconds. */
const RECOVERY = 10_000;

/**
 * The configured limit, or less: each reduction halves the rate, and then it rises slowly to the
 * limit again.
 */
class AdaptiveRate {
  loweredAt = -Infinity;
  private loweredTo = 0;

  /** @param limit in requests per second */
  constructor(readonly limit: number) {
    this.loweredTo = limit;
  }

  at(now: number): number {
    return Math.min(this.limit, this.loweredTo * 2 ** ((now - this.loweredAt) / RECOVERY));
  }

  halve(now: number): void {
    this.loweredTo = this.at(now) / 2;
    this.loweredAt = now;
  }
}
