import { ConnectorError, type ConnectorErrorOptions, type ErrorCode } from "../errors";
import { type Call } from "./interceptor";

const OUTCOME_UNKNOWN = " Whether it took effect is not known.";

/** The error of a call: vendor filled in, secrets taken out, and said when a write may have taken effect. */
export function failure(call: Call, code: ErrorCode, message: string, options: ConnectorErrorOptions = {}): ConnectorError {
  const text = call.redact(message) + (options.outcomeUnknown ? OUTCOME_UNKNOWN : "");
  return new ConnectorError(code, text, { vendor: call.vendor, ...options });
}

/** How a message names the call: method and path, never the query. */
export function nameOf(call: Call): string {
  return `${call.request.method} ${call.request.path}`;
}

/** The same error for an operation of which an earlier attempt may have taken effect. */
export function withUnknownOutcome(error: ConnectorError): ConnectorError {
  if (error.outcomeUnknown) {
    return error;
  }
  const { vendor, statusCode, requestId, retryable, retryAfter, cause } = error;
  const options = { vendor, statusCode, requestId, retryable, retryAfter, cause, outcomeUnknown: true };
  return new ConnectorError(error.code, error.rawMessage + OUTCOME_UNKNOWN, options);
}
