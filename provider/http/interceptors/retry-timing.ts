import { type Outcome } from "../interceptor";

/** The longest step of the back-off, in milliseconds. */
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
 * How long to wait before the next attempt, in milliseconds: the pause of all requests after a 429,
 * the `Retry-After` of a 503, otherwise the back-off.
 *
 * @param failures the attempts that failed so far, without those that ended with 429
 */
export function waitAfter({ reply }: Outcome, failures: number, settings: WaitSettings): number {
  const requested =
    reply?.statusCode === 503 ? retryAfterMs(reply.headers, settings.date()) : reply?.pause;
  return requested ?? backoffMs(failures, settings);
}

/** Full jitter over a step that doubles with each failure in a row. */
export function backoffMs(failures: number, { backoff, random }: WaitSettings): number {
  return random() * Math.min(LONGEST_STEP, backoff * 2 ** (failures - 1));
}

/** A year and a day. A longer wait is taken for a mistake. */
const LONGEST_MS = 366 * 24 * 3600 * 1000;

const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/**
 * The wait that a `Retry-After` header requests, in milliseconds: 0 for a date in the past,
 * `undefined` when there is no header or it is invalid. Accepts seconds and all three date forms of
 * RFC 9110 section 5.6.7. A date is compared with the answer's own `Date`, when there is one, so
 * that a wrong local clock does not matter.
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

/** `Date.parse` alone accepts almost any text. The form of asctime names no zone and means GMT. */
function parseHttpDate(value: string): number | undefined {
  if (!HTTP_DATE.test(value)) {
    return undefined;
  }
  const time = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
