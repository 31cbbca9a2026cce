import { ConnectorError } from "../../errors";
import { type Call, type Interceptor, type Outcome, type Reply, type Send } from "../interceptor";
import { markOutcomeUnknown, mayHaveTakenEffect } from "../call-error";
import { isStopped, sleepWithin } from "./stop";
import { waitAfter, type WaitSettings } from "./retry-timing";
import { type HttpMethod } from "../types";

/** When and how often to retry. */
export interface RetrySettings extends WaitSettings {
  /** Includes the first attempt, but no attempt that ended with 429. */
  readonly maxAttempts: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Repeats an attempt while that may help, there are attempts left, and the operation's budget
 * covers the wait; then resolves or rejects as the last attempt did. A 429 uses up no attempt:
 * other operations than this one cause it.
 */
export function retry(settings: RetrySettings): Interceptor {
  return (next) => async (call) => {
    let unknown = false;
    let failures = 0;
    let last: Outcome | undefined;
    for (let attempt = 1; ; attempt++) {
      const current = { ...call, attempt };
      const outcome = await settle(next, current);
      if (last && isGivenUp(outcome)) {
        // How the last attempt failed says more than that the next one was not sent.
        return conclude(last, unknown);
      }
      last = outcome;
      failures += isRefused(outcome) ? 0 : 1;
      const wait = nextWait(current, outcome, failures, settings);
      if (wait === undefined) {
        return conclude(outcome, unknown);
      }
      unknown ||= isUnknown(current, outcome);
      await sleepWithin(call.bounds, () => settings.sleep(wait));
      call.budget.charge(isRefused(outcome) ? 0 : wait);
    }
  };
}

async function settle(next: Send, call: Call): Promise<Outcome> {
  try {
    return { reply: await next(call) };
  } catch (error) {
    if (error instanceof ConnectorError) {
      return { error };
    }
    throw error;
  }
}

/** The wait before the next attempt, in milliseconds; `undefined` when there is no next attempt. */
function nextWait(
  call: Call,
  outcome: Outcome,
  failures: number,
  settings: RetrySettings,
): number | undefined {
  if (
    !shouldRetry(call.request.method, outcome) ||
    (!isRefused(outcome) && failures >= settings.maxAttempts)
  ) {
    return undefined;
  }
  const wait = waitAfter(outcome, failures, settings);
  return wait < call.budget.remaining() ? wait : undefined;
}

function isRefused({ reply }: Outcome): boolean {
  return reply?.statusCode === 429;
}

/**
 * Whether an attempt was not sent, because every answer to the client is a 429, or because the work
 * was stopped.
 */
function isGivenUp({ error }: Outcome): boolean {
  return (
    (error?.code === "rate_limited" && error.retryAfter === undefined) ||
    (error !== undefined && isStopped(error))
  );
}

function isUnknown(call: Call, { error, reply }: Outcome): boolean {
  return error === undefined
    ? mayHaveTakenEffect(call.request.method, reply.statusCode)
    : error.outcomeUnknown;
}

function conclude({ error, reply }: Outcome, unknown: boolean): Reply {
  if (error === undefined) {
    return unknown ? { ...reply, outcomeUnknown: true } : reply;
  }
  throw unknown ? markOutcomeUnknown(error) : error;
}

/**
 * Methods that by RFC 9110 have the same effect however often they are sent. PATCH, by RFC 5789, is
 * not one of them.
 */
const IDEMPOTENT: readonly HttpMethod[] = ["GET", "PUT", "DELETE"];

/**
 * Whether an attempt's outcome is worth another attempt. Wait and budget are decided elsewhere.
 *
 * GET, PUT and DELETE: 408, 429, any 5xx, lost and truncated answers, failed connections. POST and
 * PATCH: only what the server certainly did not process: 429, and requests of which no byte was
 * sent.
 */
export function shouldRetry(method: HttpMethod, outcome: Outcome): boolean {
  if (outcome.error === undefined) {
    return isRetryableStatus(method, outcome.reply.statusCode);
  }
  const { code, outcomeUnknown } = outcome.error;
  return (
    (code === "network" || code === "timeout") && (IDEMPOTENT.includes(method) || !outcomeUnknown)
  );
}

function isRetryableStatus(method: HttpMethod, statusCode: number): boolean {
  return (
    statusCode === 429 || (IDEMPOTENT.includes(method) && (statusCode === 408 || statusCode >= 500))
  );
}
