import { type ConnectorError, errorCode } from "../../errors";
import { ProxyError } from "./dispatcher";
import { type AnswerHead, unusable } from "./response-checks";
import { type Call } from "../interceptor";
import { type Message, own } from "../../message";
import {
  callError,
  isWrite,
  mayHaveTakenEffect,
  requestLine,
  settingOf,
  vendorOf,
} from "../call-error";

/** How far an attempt came. */
export interface Progress {
  /** Whether any byte of the request may have left this machine. */
  readonly sent: boolean;
  /** The head of the answer, once it has arrived. */
  readonly head: AnswerHead | undefined;
}

/** Codes of undici and Node that mean time ran out before there was a connection. */
const CONNECT_TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "ETIMEDOUT",
]);

/** Codes of failed TLS handshakes. */
const TLS = /^(ERR_SSL|ERR_TLS|CERT_)|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/** The error of an attempt that reached its deadline after `ms` milliseconds. */
export function deadlineError(call: Call, progress: Progress, ms: number): ConnectorError {
  const what = progress.sent ? own`did not finish answering` : own`could not be reached for`;
  return callError(
    call,
    "timeout",
    own`${vendorOf(call)} ${what} ${requestLine(call)} within ${Math.round(ms) / 1000} s.`,
    optionsFor(call, progress),
    progress.sent
      ? `If this persists, raise ${settingOf(call, "requestTimeoutSeconds")}`
      : checkAddress(call, "this machine's network"),
  );
}

/** The error of an attempt whose connection failed. Undici's error becomes the cause. */
export function transportError(call: Call, progress: Progress, cause: unknown): ConnectorError {
  const code = errorCode(cause);
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return unusable(
      call,
      own`${vendorOf(call)} answered ${requestLine(call)} with more headers than are accepted.`,
    );
  }
  const kind = !progress.sent && CONNECT_TIMEOUTS.has(code) ? "timeout" : "network";
  return callError(
    call,
    kind,
    own`${whatFailed(call, progress)}: ${explain(cause)}.`,
    { ...optionsFor(call, progress), cause },
    nextStep(call, progress, cause),
  );
}

/** What to do about a connection that failed. */
function nextStep(call: Call, { sent }: Progress, cause: unknown): string {
  const code = errorCode(cause);
  if (sent) {
    return "If this persists, check the network and any proxy in between";
  }
  if (cause instanceof ProxyError) {
    return "Check HTTPS_PROXY and NO_PROXY";
  }
  if (code === "CERT_HAS_EXPIRED") {
    return `Check this machine's clock and ${settingOf(call, "baseUrl")}; otherwise the server must renew its certificate`;
  }
  if (TLS.test(code)) {
    return `If a proxy re-signs traffic, set NODE_EXTRA_CA_CERTS to its certificate; otherwise check ${settingOf(call, "baseUrl")}`;
  }
  return code === "ECONNREFUSED"
    ? checkAddress(call, "that the server is running")
    : checkAddress(call, "this machine's network");
}

function checkAddress(call: Call, first: string): string {
  return `Check ${first} and that ${settingOf(call, "baseUrl")} is right; behind a proxy, set HTTPS_PROXY`;
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

function whatFailed(call: Call, { sent, head }: Progress): Message {
  if (!sent) {
    return own`No connection to ${call.origin} for ${requestLine(call)}`;
  }
  return head === undefined
    ? own`The connection to ${vendorOf(call)} broke before ${requestLine(call)} was answered`
    : own`The answer of ${vendorOf(call)} to ${requestLine(call)} was cut off`;
}

/** Why it failed, by the code of the cause. The messages of Node and undici are not repeated. */
function explain(cause: unknown): string | Message {
  if (cause instanceof ProxyError) {
    return cause.statusCode === undefined
      ? own`the proxy of HTTPS_PROXY closed the connection`
      : own`the proxy of HTTPS_PROXY refused with status ${cause.statusCode}`;
  }
  const code = errorCode(cause);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return own`the host name could not be resolved (${code})`;
  }
  if (code === "ECONNREFUSED") {
    return own`the connection was refused (ECONNREFUSED)`;
  }
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") {
    return own`the connection was closed (${code})`;
  }
  if (CONNECT_TIMEOUTS.has(code)) {
    return own`no answer in time (${code})`;
  }
  if (TLS.test(code)) {
    return own`the TLS handshake failed (${code})`;
  }
  return code;
}
