import { ConnectorError, type ConnectorErrorOptions, type ErrorCode } from "../errors";
import { joined, type Message, own, ownText } from "../message";
import { type Call } from "./interceptor";
import { type HttpMethod } from "./types";

const OUTCOME_UNKNOWN = own` Whether it took effect is not known.`;

/**
 * The error of a call, without secrets. States when a write may have taken effect.
 *
 * @param nextStep what the user can do: a sentence without its full stop.
 */
export function callError(
  call: Call,
  code: ErrorCode,
  message: Message,
  options: ConnectorErrorOptions = {},
  nextStep?: string,
): ConnectorError {
  const text = joined(
    [
      call.redact(message),
      ...(options.outcomeUnknown ? [OUTCOME_UNKNOWN] : []),
      ...(nextStep === undefined ? [] : [ownText(` ${nextStep}.`)]),
    ],
    "",
  );
  return new ConnectorError(code, text, { vendor: call.vendor, ...options });
}

/** Method and path for messages, never the query. */
export function requestLine({ request }: Call): Message {
  return own`${ownText(request.method)} ${request.path}`;
}

/** A setting as the user writes it, for messages. */
export function settingOf({ namespace }: Call, setting: string): string {
  return namespace === "" ? setting : `${namespace}:${setting}`;
}

/** The display name of the API, for messages. */
export function vendorOf({ vendor }: Call): Message {
  return ownText(vendor);
}

/** Marks the error of an operation of which an earlier attempt may have taken effect. */
export function markOutcomeUnknown(error: ConnectorError): ConnectorError {
  return error.outcomeUnknown
    ? error
    : error.addContext({ suffix: OUTCOME_UNKNOWN, outcomeUnknown: true });
}

/** Whether a method changes something on the server. */
export function isWrite(method: HttpMethod): boolean {
  return method !== "GET";
}

/**
 * Whether a request that was sent can have changed something, by the status of its answer.
 *
 * Without a status the answer was lost, with a 2xx its body was: both may have taken effect. So may
 * a 408, a 5xx, and a 303, which by RFC 9110 section 15.4.4 points at the result of a finished
 * request. Other redirects and refusals had no effect.
 */
export function mayHaveTakenEffect(method: HttpMethod, statusCode: number | undefined): boolean {
  if (!isWrite(method)) {
    return false;
  }
  return (
    statusCode === undefined ||
    statusCode < 300 ||
    statusCode === 303 ||
    statusCode === 408 ||
    statusCode >= 500
  );
}
