import { Transit } from "./transit";

/** A request's place in the window of one second. `ended` must be called; calls after `answered` change nothing. */
export interface Slot {
  /** The request goes on the wire now. */
  sent(): void;
  /** The answer's head is here. */
  answered(): void;
  /** The attempt is over, sent or not. */
  ended(): void;
}

/** For the server's clock and its rounding to milliseconds. */
const MARGIN = 5;

/**
 * The last requests, as a sliding-window log: a slot is free again one window after the server saw its request.
 *
 * The moment of dispatch would be too early a stamp, since connecting can take longer than the next request, on a warm
 * connection, takes altogether. So a slot is held while its request connects, and counts from its first byte, plus
 * the delay that {@link Transit} makes of the answer.
 */
export class SlotLog {
  readonly #capacity: number;
  readonly #window: number;
  readonly #transit: Transit;
  /** When the taken slots are free again; `Infinity` while that is not known. */
  readonly #taken = new Set<{ freeAt: number }>();

  /** @param onStamp called when it becomes known when a slot is free again. */
  constructor(
    requestsPerSecond: number,
    private readonly onStamp: () => void,
  ) {
    this.#capacity = Math.max(1, Math.floor(requestsPerSecond));
    this.#window = (requestsPerSecond < 1 ? 1000 / requestsPerSecond : 1000) + MARGIN;
    this.#transit = new Transit(this.#capacity);
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
    const entry = { freeAt: Infinity };
    this.#taken.add(entry);
    return new TakenSlot(this.#transit, (seenAt) => {
      entry.freeAt = seenAt + this.#window;
      this.onStamp();
    });
  }
}

class TakenSlot implements Slot {
  #sentAt: number | undefined;
  #settled = false;

  /** @param seen takes the time at which the server saw the request, the last one counts. */
  constructor(
    private readonly transit: Transit,
    private readonly seen: (at: number) => void,
  ) {}

  sent(): void {
    this.#sentAt = performance.now();
    this.seen(this.#sentAt + this.transit.unknown);
  }

  answered(): void {
    if (this.#sentAt !== undefined) {
      this.transit.learn(performance.now() - this.#sentAt);
    }
    this.#settle();
  }

  ended(): void {
    this.#settle();
  }

  /** A request that never was sent counts from its end. */
  #settle(): void {
    if (!this.#settled) {
      this.#settled = true;
      const now = performance.now();
      this.seen(this.#sentAt === undefined ? now : this.#sentAt + this.transit.delayOf(now - this.#sentAt));
    }
  }
}
