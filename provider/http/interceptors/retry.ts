import { ConnectorError } from "../../errors";
import { type Call, type Interceptor, type Outcome, type Reply, type Send } from "../interceptor";
import { mayHaveTakenEffect, withUnknownOutcome } from "../call-error";
import { waitAfter, type WaitSettings } from "./retry-timing";
import { type HttpMethod } from "../types";

/** How often and how patiently to retry. */
export interface RetrySettings extends WaitSettings {
  /** The first attempt included, those that end with 429 left out. */
  readonly maxAttempts: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Repeats an attempt while that may help, there are attempts left, and the operation's budget covers the wait; then
 * resolves or rejects as the last attempt did. A 429 uses up no attempt: others than this operation bring it about.
 */
export function retry(settings: RetrySettings): Interceptor {
  return (next) => async (call) => {
    let unknown = false;
    let failures = 0;
    for (let attempt = 1; ; attempt++) {
      const current = { ...call, attempt };
      const outcome = await settle(next, current);
      failures += isRefused(outcome) ? 0 : 1;
      const wait = nextWait(current, outcome, failures, settings);
      if (wait === undefined) {
        return conclude(outcome, unknown);
      }
      unknown ||= isUnknown(current, outcome);
      await settings.sleep(wait);
      call.budget.charge(wait);
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

/** The wait before the next attempt, in milliseconds; `undefined` when there shall be none. */
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

function isUnknown(call: Call, { error, reply }: Outcome): boolean {
  return error === undefined
    ? mayHaveTakenEffect(call.request.method, reply.statusCode)
    : error.outcomeUnknown;
}

function conclude({ error, reply }: Outcome, unknown: boolean): Reply {
  if (error === undefined) {
    return unknown ? { ...reply, outcomeUnknown: true } : reply;
  }
  throw unknown ? withUnknownOutcome(error) : error;
}

/** Methods that by RFC 9110 have the same effect however often they are sent; PATCH, by RFC 5789, has not. */
const IDEMPOTENT: readonly HttpMethod[] = ["GET", "PUT", "DELETE"];

/**
 * Whether an attempt's outcome is worth another one. The wait and the budget are decided elsewhere.
 *
 * GET, PUT and DELETE: 408, 429, any 5xx, lost and truncated answers, failed connections.
 * POST and PATCH: only what the vendor certainly did not process: 429, and requests of which no byte was sent.
 * Databar's own client retries its creates and stores one connector per attempt.
 */
export function shouldRetry(method: HttpMethod, outcome: Outcome): boolean {
  if (outcome.error === undefined) {
    return retryableStatus(method, outcome.reply.statusCode);
  }
  const { code, outcomeUnknown } = outcome.error;
  return (
    (code === "network" || code === "timeout") && (IDEMPOTENT.includes(method) || !outcomeUnknown)
  );
}

function retryableStatus(method: HttpMethod, statusCode: number): boolean {
  return (
    statusCode === 429 || (IDEMPOTENT.includes(method) && (statusCode === 408 || statusCode >= 500))
  );
}
