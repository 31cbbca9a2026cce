/** What a request may on average count as later than it was sent, in milliseconds: 3.5 % of the second. */
const USUAL = 35;

/** What can be saved up for a bad moment, in milliseconds per slot. */
const SAVED_PER_SLOT = 1000;

/** Answers before the fastest one is taken for typical. */
const LEARNING = 20;

/**
 * How long after its dispatch a request can have reached the server, judged by its answer.
 *
 * Both ends may be held up: a busy machine, a collected heap. An answer that took longer than the fastest one by d
 * belongs to a request that arrived at most d later than at best. Taking d for the delay therefore keeps the rate
 * under all circumstances, but a server of varying speed would pay for it in throughput. So delays are taken in full
 * only as long as they average {@link USUAL}, with savings for a bad moment.
 */
export class Transit {
  readonly #mostSaved: number;
  #saved: number;
  #fastest = Infinity;
  #answers = 0;

  constructor(slots: number) {
    this.#mostSaved = slots * SAVED_PER_SLOT;
    this.#saved = this.#mostSaved;
  }

  /** Notes an answer, and how long after its dispatch it came, in milliseconds. */
  learn(latency: number): void {
    this.#answers++;
    this.#fastest = Math.min(this.#fastest, latency);
  }

  /** The delay to assume for a request whose answer, or whose failure, came after `latency` milliseconds. */
  delayOf(latency: number): number {
    const possible = this.#answers < LEARNING ? latency : Math.max(0, latency - this.#fastest);
    const delay = Math.min(possible, USUAL + this.#saved);
    this.#saved = Math.min(this.#mostSaved, this.#saved + USUAL - delay);
    return delay;
  }

  /** The delay to assume for a request as long as nothing came back. */
  readonly unknown = USUAL;
}
