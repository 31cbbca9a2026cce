import { SlotLog, type Slot } from "../slot-log";

/** Raised for a request that would have to wait for longer than it may, because the vendor asked for a pause. */
export class PauseTooLong extends Error {
  /** @param ms what is left of the pause, in milliseconds. */
  constructor(readonly ms: number) {
    super("The vendor asked for a pause.");
  }
}

interface Waiter {
  readonly patience: number;
  readonly grant: (slot: Slot) => void;
  readonly refuse: (error: PauseTooLong) => void;
}

/** Node's timers take no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Hands out slots so that the server never sees more than `requestsPerSecond` requests in any window of one second,
 * first come, first served. Requests beyond that queue for as long as it takes; a pause that the vendor asked for is
 * the exception: whoever can't wait so long is refused at once.
 */
export class RateLimiter {
  readonly #log: SlotLog;
  readonly #queue: Waiter[] = [];
  #pausedUntil = -Infinity;
  #askedUntil = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(requestsPerSecond: number) {
    this.#log = new SlotLog(requestsPerSecond, () => this.#pump());
  }

  /**
   * Resolves with a slot when the request may go out.
   *
   * @param patience the longest pause to sit out, in milliseconds; rejects with {@link PauseTooLong} beyond it.
   */
  acquire(patience: number): Promise<Slot> {
    return new Promise((grant, refuse) => {
      this.#queue.push({ patience, grant, refuse });
      this.#pump();
    });
  }

  /** What is left of a pause, asked for or our own, in milliseconds; 0 without one. */
  pauseLeft(now: number): number {
    return Math.max(0, this.#pausedUntil - now);
  }

  /**
   * Hands out nothing for so many milliseconds, because the vendor asked for it. Pauses do not add up: the one that ends
   * last counts.
   */
  pause(ms: number): void {
    this.#askedUntil = Math.max(this.#askedUntil, performance.now() + ms);
    this.backOff(ms);
  }

  /** Likewise, but by our own judgement: everybody sits it out. */
  backOff(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    const pause = this.#pausedUntil - now;
    if (pause > 0) {
      this.#refuseImpatient(this.#askedUntil - now);
      this.#pumpIn(pause);
      return;
    }
    while (this.#queue.length > 0 && this.#log.hasFree(now)) {
      this.#queue.shift()?.grant(this.#log.take());
    }
    this.#pumpIn(this.#log.nextFree() - now);
  }

  #refuseImpatient(pause: number): void {
    const refused = this.#queue.filter(({ patience }) => patience < pause);
    const patient = this.#queue.filter(({ patience }) => patience >= pause);
    this.#queue.splice(0, this.#queue.length, ...patient);
    refused.forEach(({ refuse }) => refuse(new PauseTooLong(pause)));
  }

  /** A timer may ring up to a millisecond early; then the next look sets another one. */
  #pumpIn(ms: number): void {
    if (this.#queue.length > 0 && ms < Infinity) {
      this.#timer = setTimeout(() => this.#pump(), Math.min(Math.ceil(ms), LONGEST_TIMER));
    }
  }
}
