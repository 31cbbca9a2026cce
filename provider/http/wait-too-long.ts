import { type ConnectorError } from "../errors";
import { type Call } from "./call";
import { mayHaveTakenEffect } from "./effect";
import { failure, nameOf } from "./failure";

/** A wait that a vendor asked for and that does not fit into the operation's budget. */
export interface AskedWait {
  /** The status that asked: 429 or 503. */
  readonly statusCode: number;
  readonly ms: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The error that says how long the vendor wants to be left alone: `rate_limited` for a 429, else `unavailable`. */
export function waitTooLong(call: Call, { statusCode, ms, now }: AskedWait): ConnectorError {
  const seconds = Math.ceil(ms / 1000);
  const message =
    `${call.vendor} asks to wait ${seconds} s (until ${utcMinute(now + ms, now)}) before ${nameOf(call)}, longer than ` +
    `what is left of the ${Math.round(call.budget.total / 1000)} s that an operation may take. Run \`pulumi up\` again then.`;
  return failure(call, statusCode === 429 ? "rate_limited" : "unavailable", message, {
    statusCode,
    retryable: true,
    retryAfter: seconds,
    outcomeUnknown: mayHaveTakenEffect(call.request.method, statusCode),
  });
}

/** `14:05 UTC`, with the date when it is another day; rounded up, so that it is not too early. */
function utcMinute(time: number, now: number): string {
  const minute = new Date(Math.ceil(time / 60_000) * 60_000).toISOString();
  const today = new Date(now).toISOString().slice(0, 10);
  const date = minute.slice(0, 10);
  return `${date === today ? "" : `${date} `}${minute.slice(11, 16)} UTC`;
}
