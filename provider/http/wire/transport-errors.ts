import { type ConnectorError } from "../../errors";
import { type AnswerHead, unusable } from "./response-checks";
import { type Call } from "../interceptor";
import { failure, isWrite, mayHaveTakenEffect, nameOf } from "../call-error";

/** How far an attempt came. */
export interface Progress {
  /** Whether any byte of the request may have left this machine. */
  readonly sent: boolean;
  /** The head of the answer, once it is there. */
  readonly head: AnswerHead | undefined;
}

/** Codes of undici and Node that mean time ran out before there was a connection. */
const CONNECT_TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "ETIMEDOUT",
]);

/** The error of an attempt that met its deadline after `ms` milliseconds. */
export function deadlineError(call: Call, progress: Progress, ms: number): ConnectorError {
  const what = progress.sent ? "did not finish answering" : "could not be reached for";
  return failure(
    call,
    "timeout",
    `${call.vendor} ${what} ${nameOf(call)} within ${Math.round(ms) / 1000} s.`,
    optionsFor(call, progress),
  );
}

/** The error of an attempt that the connection failed. Undici's error becomes the cause. */
export function transportError(call: Call, progress: Progress, cause: unknown): ConnectorError {
  const code = codeOf(cause);
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return unusable(
      call,
      `${call.vendor} answered ${nameOf(call)} with more headers than are accepted.`,
    );
  }
  const kind = !progress.sent && CONNECT_TIMEOUTS.has(code) ? "timeout" : "network";
  return failure(call, kind, `${story(call, progress)}: ${reason(code, cause)}.`, {
    ...optionsFor(call, progress),
    cause,
  });
}

function optionsFor(call: Call, { sent, head }: Progress) {
  const { method } = call.request;
  return {
    statusCode: head?.statusCode,
    requestId: head?.headers["x-request-id"],
    retryable: true,
    outcomeUnknown: isWrite(method) && sent && mayHaveTakenEffect(method, head?.statusCode),
  };
}

function story(call: Call, { sent, head }: Progress): string {
  if (!sent) {
    return `No connection to ${call.origin} for ${nameOf(call)}`;
  }
  return head === undefined
    ? `The connection to ${call.vendor} broke before ${nameOf(call)} was answered`
    : `The answer of ${call.vendor} to ${nameOf(call)} was cut off`;
}

function codeOf(error: unknown): string {
  return typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string"
    ? error.code
    : "unknown";
}

/** What undici's proxy agent says when a tunnel is refused; its error has no field for the status. */
function tunnelStatus(error: unknown): string | undefined {
  const message =
    typeof error === "object" && error !== null && "message" in error ? String(error.message) : "";
  return /^Proxy response \((\d+)\)/.exec(message)?.[1];
}

/** Why, in words where there are better ones than the code; Node's and undici's own messages are not repeated. */
function reason(code: string, cause: unknown): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `the host name could not be resolved (${code})`;
  }
  if (code === "ECONNREFUSED") {
    return "the connection was refused (ECONNREFUSED)";
  }
  if (/^(ERR_SSL|ERR_TLS|CERT_)|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code)) {
    return `the TLS handshake failed (${code}); if a proxy re-signs traffic, NODE_EXTRA_CA_CERTS names its certificate`;
  }
  const refused = tunnelStatus(cause);
  return refused === undefined ? code : `the proxy of HTTPS_PROXY refused with status ${refused}`;
}
