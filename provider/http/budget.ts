/**
 * The time that one operation may use, in milliseconds: its attempts and the waits between them. Time in the queue of
 * the limiter is not charged, so that a large deployment does not fail for its size.
 */
export class Budget {
  #spent = 0;

  constructor(readonly total: number) {}

  charge(ms: number): void {
    this.#spent += ms;
  }

  /** Never negative. */
  remaining(): number {
    return Math.max(0, this.total - this.#spent);
  }
}
