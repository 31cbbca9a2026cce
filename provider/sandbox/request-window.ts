import { performance } from "node:perf_hooks";

/** A sliding window of admitted requests. A rejected request does not count. */
export class RequestWindow {
  private times: number[] = [];

  /** @param length in milliseconds */
  constructor(private readonly length: number) {}

  /** Admits a request if the window holds fewer than `limit`; `null` means no limit. */
  admit(limit: number | null): boolean {
    this.dropExpired();
    if (limit !== null && this.times.length >= limit) {
      return false;
    }
    this.times.push(performance.now());
    return true;
  }

  /** Requests admitted within the window. */
  get count(): number {
    this.dropExpired();
    return this.times.length;
  }

  /** Whole seconds, at least 1, until the oldest request leaves the window. */
  get secondsLeft(): number {
    const oldest = this.times[0] ?? performance.now();
    return Math.max(1, Math.ceil((oldest + this.length - performance.now()) / 1000));
  }

  private dropExpired(): void {
    const start = performance.now() - this.length;
    const first = this.times.findIndex((time) => time > start);
    this.times = first < 0 ? [] : this.times.slice(first);
  }
}
