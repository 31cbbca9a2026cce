import { type Outcome } from "../interceptor";
import { retryAfterMs } from "../retry-after";

/** The longest step of the back-off, in milliseconds; as in Supermetrics' own CLI. */
const LONGEST_STEP = 20_000;

/** What waits are computed from. */
export interface WaitSettings {
  /** First back-off step, in milliseconds. */
  readonly backoff: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly date: () => number;
}

/**
 * How long to wait before the next attempt, in milliseconds: as long as everybody after a 429, the vendor's
 * `Retry-After` on 503, otherwise the back-off.
 *
 * @param failures attempts that failed so far, those that ended with 429 left out
 */
export function waitAfter({ reply }: Outcome, failures: number, settings: WaitSettings): number {
  const asked = reply?.statusCode === 503 ? retryAfterMs(reply.headers, settings.date()) : reply?.pause;
  return asked ?? backoffMs(failures, settings);
}

/** Full jitter over a step that doubles with each time in a row, the first of which is 1. */
export function backoffMs(time: number, { backoff, random }: WaitSettings): number {
  return random() * Math.min(LONGEST_STEP, backoff * 2 ** (time - 1));
}
