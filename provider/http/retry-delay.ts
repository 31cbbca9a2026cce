import { type Outcome } from "./call";
import { retryAfterMs } from "./retry-after";

/** The longest step of the back-off, in milliseconds; as in Supermetrics' own CLI. */
const LONGEST_STEP = 20_000;

/** How long to wait before the next attempt, and whether the vendor asked for it. */
export interface Wait {
  readonly ms: number;
  readonly asked: boolean;
}

/** What waits are computed from. */
export interface WaitSettings {
  /** First back-off step, in milliseconds. */
  readonly backoff: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly date: () => number;
}

/** The vendor's `Retry-After` on 429 and 503; otherwise full jitter over a step that doubles with each attempt. */
export function waitAfter(outcome: Outcome, attempt: number, settings: WaitSettings): Wait {
  const asked = askedWait(outcome, settings.date());
  return asked === undefined ? { ms: backoffMs(attempt, settings), asked: false } : { ms: asked, asked: true };
}

function askedWait({ reply }: Outcome, now: number): number | undefined {
  return reply?.statusCode === 429 || reply?.statusCode === 503 ? retryAfterMs(reply.headers, now) : undefined;
}

function backoffMs(attempt: number, { backoff, random }: WaitSettings): number {
  return random() * Math.min(LONGEST_STEP, backoff * 2 ** (attempt - 1));
}
