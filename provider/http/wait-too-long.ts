import { type ConnectorError } from "../errors";
import { type Call } from "./interceptor";
import { failure, nameOf } from "./call-error";

/**
 * The error of an attempt that was not made, because the vendor asked everybody to wait for longer than is left of the
 * operation's budget: how long from now, and until when.
 */
export function waitTooLong(call: Call, ms: number, now: number): ConnectorError {
  const seconds = Math.ceil(ms / 1000);
  const message =
    `${call.vendor} asks to wait ${seconds} s (until ${utcMinute(now + ms, now)}) before ${nameOf(call)}, longer than ` +
    `what is left of the ${Math.round(call.budget.total / 1000)} s that an operation may take. Run \`pulumi up\` again then.`;
  return failure(call, "rate_limited", message, { statusCode: 429, retryable: true, retryAfter: seconds });
}

/** `14:05 UTC`, with the date when it is another day; rounded up, so that it is not too early. */
function utcMinute(time: number, now: number): string {
  const minute = new Date(Math.ceil(time / 60_000) * 60_000).toISOString();
  const today = new Date(now).toISOString().slice(0, 10);
  const date = minute.slice(0, 10);
  return `${date === today ? "" : `${date} `}${minute.slice(11, 16)} UTC`;
}
