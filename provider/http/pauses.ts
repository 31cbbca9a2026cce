import { type Reply } from "./interceptor";
import { type RateLimiter } from "./interceptors/rate-limiter";
import { retryAfterMs } from "./retry-after";
import { backoffMs, type WaitSettings } from "./interceptors/retry-timing";

/** So many answers, or fewer, take the back-off one step down. */
const PER_STEP = 10;

/**
 * How long everybody who shares a limiter pauses after a 429, so that parallel resources do not each collect one of
 * their own: for as long as the vendor asks, or by a back-off. That grows when nothing got through since the last one, and
 * shrinks when something did, so that it settles where the vendor keeps up.
 */
export class Pauses {
  /** The step of the last back-off; the first is 1. */
  #step = 0;
  /** Answers other than 429 since then. */
  #accepted = 0;
  #start = -Infinity;
  #end = -Infinity;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly settings: WaitSettings,
  ) {}

  /** Notes an answer other than 429. */
  accepted(): void {
    this.#accepted++;
  }

  /**
   * Pauses the limiter after a 429.
   *
   * @param dispatchedAt when its request was let through, on the clock of `performance.now()`
   * @returns how long, in milliseconds
   */
  refused(reply: Reply, dispatchedAt: number): number {
    const asked = retryAfterMs(reply.headers, this.settings.date());
    // A request to wait for no time at all says as little as none.
    if (asked !== undefined && asked > 0) {
      this.limiter.pause(asked);
      return asked;
    }
    const now = performance.now();
    // A request of the burst that the last back-off is about says nothing new.
    return dispatchedAt < this.#start ? Math.max(0, this.#end - now) : this.#backOff(now);
  }

  #backOff(now: number): number {
    this.#step = Math.max(1, this.#step + (this.#accepted === 0 ? 1 : -Math.ceil(this.#accepted / PER_STEP)));
    this.#accepted = 0;
    const ms = backoffMs(this.#step, this.settings);
    this.#start = now;
    this.#end = now + ms;
    this.limiter.backOff(ms);
    return ms;
  }
}
