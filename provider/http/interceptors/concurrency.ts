import { type Interceptor } from "../interceptor";

/** Lets at most `limit` attempts of a client be under way at once; the others queue in order. */
export function boundConcurrency(limit: number): Interceptor {
  const places = new Semaphore(limit);
  return (next) => async (call) => {
    await places.acquire();
    try {
      return await next(call);
    } finally {
      places.release();
    }
  };
}

/** At most `size` holders at once, first come, first served. */
export class Semaphore {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Resolves when the caller holds a place, which it gives back with `release`, once. */
  async acquire(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  /** Hands the place to whoever waits longest. */
  release(): void {
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#free++;
    } else {
      next();
    }
  }
}
