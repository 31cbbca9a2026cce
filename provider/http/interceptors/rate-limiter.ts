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
      this.seen(
        this.#sentAt === undefined ? now : this.#sentAt + this.transit.delayOf(now - this.#sentAt),
      );
    }
  }
}

/** What a request may on average count as later than it was sent, in milliseconds: 3.5 % of the second. */
const USUAL = 35;

/** What can be saved up for bad moments, in milliseconds per slot. */
const SAVED_PER_SLOT = 1000;

/** Answers before anything is taken for typical. */
const LEARNING = 20;

/** How much of the fastest answer's time may have been the way to the server, in milliseconds. */
const WAY = 10;

/**
 * How long after its dispatch a request can have reached the server, judged by its answer.
 *
 * Either end may be held up: a busy machine, a collected heap. So a request counts from its answer, less the time that
 * the server takes at the least. That keeps the rate under all circumstances, but a server of varying speed would pay
 * for it in throughput; therefore delays are taken in full only as long as they average {@link USUAL}, with savings for
 * bad moments.
 */
export class Transit {
  readonly #mostSaved: number;
  #saved: number;
  #fastest = Infinity;
  #total = 0;
  #answers = 0;

  constructor(slots: number) {
    this.#mostSaved = slots * SAVED_PER_SLOT;
    this.#saved = this.#mostSaved;
  }

  /** Notes an answer, and how long after its dispatch it came, in milliseconds. */
  learn(latency: number): void {
    this.#answers++;
    this.#total += latency;
    this.#fastest = Math.min(this.#fastest, latency);
  }

  /** The delay to assume for a request whose answer, or whose failure, came after `latency` milliseconds. */
  delayOf(latency: number): number {
    const delay = Math.min(Math.max(0, latency - this.#serverTime()), USUAL + this.#saved);
    this.#saved = Math.min(this.#mostSaved, this.#saved + USUAL - delay);
    return delay;
  }

  /** The delay to assume for a request as long as nothing came back. */
  readonly unknown = USUAL;

  /**
   * What the server takes at the least: the fastest answer's time, less its way there, and less what answers take longer
   * on average. For answers that vary much say little of the server.
   */
  #serverTime(): number {
    const excess = this.#total / this.#answers - this.#fastest;
    return this.#answers < LEARNING ? 0 : Math.max(0, this.#fastest - excess - WAY);
  }
}
