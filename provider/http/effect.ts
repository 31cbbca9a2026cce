import { type HttpMethod } from "./types";

/** Whether a method changes something at the vendor's side. */
export function isWrite(method: HttpMethod): boolean {
  return method !== "GET";
}

/**
 * Whether a request that was sent can have changed something, by the status of its answer.
 *
 * Without a status the answer was lost, with a 2xx its body was: both may have taken effect. So may a 408, a 5xx, and
 * a 303, which by RFC 9110 section 15.4.4 points at the result of a finished request. Other redirects and refusals
 * had no effect.
 */
export function mayHaveTakenEffect(method: HttpMethod, statusCode: number | undefined): boolean {
  if (!isWrite(method)) {
    return false;
  }
  return statusCode === undefined || statusCode < 300 || statusCode === 303 || statusCode === 408 || statusCode >= 500;
}
