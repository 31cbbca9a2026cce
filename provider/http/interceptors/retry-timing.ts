import { type Outcome } from "../interceptor";

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
  const asked =
    reply?.statusCode === 503 ? retryAfterMs(reply.headers, settings.date()) : reply?.pause;
  return asked ?? backoffMs(failures, settings);
}

/** Full jitter over a step that doubles with each time in a row, the first of which is 1. */
export function backoffMs(time: number, { backoff, random }: WaitSettings): number {
  return random() * Math.min(LONGEST_STEP, backoff * 2 ** (time - 1));
}

/** A year and a day: what asks for more is no answer to plan with. */
const LONGEST_MS = 366 * 24 * 3600 * 1000;

const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/**
 * Milliseconds that a `Retry-After` header asks to wait; 0 for a date in the past, `undefined` when there is none or
 * it is nonsense. Seconds and all three date forms of RFC 9110 section 5.6.7 are read. A date is compared with the
 * answer's own `Date`, when there is one, so that a wrong clock on this side does no harm.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (value === undefined) {
    return undefined;
  }
  const ms = /^\d+(\.\d+)?$/.test(value)
    ? Number(value) * 1000
    : untilDate(value, headers["date"], now);
  return ms === undefined || ms > LONGEST_MS ? undefined : ms;
}

function untilDate(value: string, sentAt: string | undefined, now: number): number | undefined {
  const at = parseHttpDate(value);
  if (at === undefined) {
    return undefined;
  }
  const from = sentAt === undefined ? undefined : parseHttpDate(sentAt.trim());
  return Math.max(0, at - (from ?? now));
}

/** `Date.parse` alone takes almost any text; asctime's form names no zone and means GMT. */
function parseHttpDate(value: string): number | undefined {
  if (!HTTP_DATE.test(value)) {
    return undefined;
  }
  const time = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
