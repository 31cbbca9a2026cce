import { type Interceptor } from "../interceptor";

/** Lets at most `limit` attempts of a client be in flight at once; the others queue in order. */
export function limitConcurrency(limit: number): Interceptor {
  const semaphore = new Semaphore(limit);
  return (next) => async (call) => {
    await semaphore.acquire();
    try {
      return await next(call);
    } finally {
      semaphore.release();
    }
  };
}

/** At most `size` holders at once, first come, first served. */
class Semaphore {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(size: number) {
    this.free = size;
  }

  /** Resolves when the caller may proceed. The caller must call `release` once. */
  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  /** Lets the next caller in the queue proceed. */
  release(): void {
    const next = this.queue.shift();
    if (next === undefined) {
      this.free++;
    } else {
      next();
    }
  }
}
