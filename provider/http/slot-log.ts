/** A request's place in the window of one second. Each method counts once; `answered` or `ended` must be called. */
export interface Slot {
  /** The request goes on the wire now. */
  sent(): void;
  /** The answer's head is here: the server saw the request before now. */
  answered(): void;
  /** The attempt is over, sent or not. */
  ended(): void;
}

/** How much later than another, at most, a request is taken to arrive, in milliseconds. */
const TRANSIT = 35;

/** For the server's clock and its rounding to milliseconds. */
const MARGIN = 5;

/**
 * The last requests, as a sliding-window log: a slot is free again one window after the server saw its request.
 *
 * The moment of dispatch would be too early a stamp, since connecting can take longer than the next request, on a warm
 * connection, takes altogether. So a slot is held while its request connects, and counts from the earlier of the
 * answer and {@link TRANSIT} after the first byte went out. That costs at most 3.8 % of the rate.
 */
export class SlotLog {
  readonly #capacity: number;
  readonly #window: number;
  /** When the taken slots are free again; `Infinity` while that is not known. */
  readonly #taken = new Set<{ freeAt: number }>();

  /** @param onStamp called when it becomes known when a slot is free again. */
  constructor(
    requestsPerSecond: number,
    private readonly onStamp: () => void,
  ) {
    this.#capacity = Math.max(1, Math.floor(requestsPerSecond));
    this.#window = (requestsPerSecond < 1 ? 1000 / requestsPerSecond : 1000) + MARGIN;
  }

  hasFree(now: number): boolean {
    for (const slot of this.#taken) {
      if (slot.freeAt <= now) {
        this.#taken.delete(slot);
      }
    }
    return this.#taken.size < this.#capacity;
  }

  /** When the next taken slot is free again; `Infinity` when that is not known. */
  nextFree(): number {
    return Math.min(...[...this.#taken].map(({ freeAt }) => freeAt));
  }

  take(): Slot {
    const slot = { freeAt: Infinity };
    this.#taken.add(slot);
    const seenBy = (time: number): void => {
      slot.freeAt = Math.min(slot.freeAt, time + this.#window);
      this.onStamp();
    };
    return {
      // After the event loop's next look at its sockets: what keeps this process busy delays the bytes as well.
      sent: () => void setImmediate(() => seenBy(performance.now() + TRANSIT)),
      answered: () => seenBy(performance.now()),
      ended: () => seenBy(performance.now()),
    };
  }
}
