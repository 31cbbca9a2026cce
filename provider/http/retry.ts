import { ConnectorError } from "../errors";
import { type Call, type Interceptor, type Outcome, type Reply, type Send } from "./call";
import { mayHaveTakenEffect } from "./effect";
import { withUnknownOutcome } from "./failure";
import { shouldRetry } from "./retry-decision";
import { waitAfter, type Wait, type WaitSettings } from "./retry-delay";
import { waitTooLong } from "./wait-too-long";

/** How often and how patiently to retry. */
export interface RetrySettings extends WaitSettings {
  /** The first attempt included. */
  readonly maxAttempts: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Repeats an attempt while that may help, there are attempts left, and the operation's budget covers the wait; then
 * resolves or rejects as the last attempt did. A wait that the vendor asked for and the budget does not cover fails
 * at once, naming the wait.
 */
export function retry(settings: RetrySettings): Interceptor {
  return (next) => async (call) => {
    let unknown = false;
    for (let attempt = 1; ; attempt++) {
      const current = { ...call, attempt };
      const outcome = refuseLongWait(current, await settle(next, current), settings);
      const wait = nextWait(current, outcome, settings);
      if (wait === undefined) {
        return conclude(outcome, unknown);
      }
      unknown ||= isUnknown(current, outcome);
      await settings.sleep(wait.ms);
      call.budget.charge(wait.ms);
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

/** Turns an answer that asks for more time than is left into the error that says so. */
function refuseLongWait(call: Call, outcome: Outcome, settings: RetrySettings): Outcome {
  if (outcome.error !== undefined || !shouldRetry(call.request.method, outcome)) {
    return outcome;
  }
  const { ms, asked } = waitAfter(outcome, call.attempt, settings);
  return asked && ms > 0 && ms >= call.budget.remaining()
    ? { error: waitTooLong(call, { statusCode: outcome.reply.statusCode, ms, now: settings.date() }) }
    : outcome;
}

/** The wait before the next attempt; `undefined` when there shall be none. */
function nextWait(call: Call, outcome: Outcome, settings: RetrySettings): Wait | undefined {
  if (!shouldRetry(call.request.method, outcome)) {
    return undefined;
  }
  const wait = waitAfter(outcome, call.attempt, settings);
  return wait.ms < call.budget.remaining() && call.attempt < settings.maxAttempts ? wait : undefined;
}

function isUnknown(call: Call, { error, reply }: Outcome): boolean {
  return error === undefined ? mayHaveTakenEffect(call.request.method, reply.statusCode) : error.outcomeUnknown;
}

function conclude({ error, reply }: Outcome, unknown: boolean): Reply {
  if (error === undefined) {
    return reply;
  }
  throw unknown ? withUnknownOutcome(error) : error;
}
