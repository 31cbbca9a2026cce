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
