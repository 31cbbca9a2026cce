import { type Outcome } from "./interceptor";
import { type HttpMethod } from "./types";

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
  return (code === "network" || code === "timeout") && (IDEMPOTENT.includes(method) || !outcomeUnknown);
}

function retryableStatus(method: HttpMethod, statusCode: number): boolean {
  return statusCode === 429 || (IDEMPOTENT.includes(method) && (statusCode === 408 || statusCode >= 500));
}
