import { type ConnectorError, type ErrorReason } from "../../errors";
import { endOfString, parseExact } from "../../json";
import { type Call } from "../interceptor";
import { joined, type Message, own } from "../../message";
import { callError, mayHaveTakenEffect, requestLine, settingOf, vendorOf } from "../call-error";

/** The head of an answer. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The error of an answer that is unusable by its head; `undefined` when it is usable. */
export function checkAnswer(call: Call, head: AnswerHead): ConnectorError | undefined {
  return refuseRedirect(call, head) ?? refuseEncoding(call, head) ?? refuseSize(call, head);
}

/** The error of an answer that cannot be used. */
export function unusable(
  call: Call,
  message: Message,
  head: Partial<AnswerHead> = {},
  reason?: ErrorReason,
): ConnectorError {
  return callError(
    call,
    "unexpected_response",
    message,
    {
      statusCode: head.statusCode,
      requestId: head.headers?.["x-request-id"],
      outcomeUnknown: mayHaveTakenEffect(call.request.method, head.statusCode),
      reason,
    },
    `Check ${settingOf(call, "baseUrl")} and any proxy in between`,
  );
}

/** The error of a body above the size limit, declared or counted. */
export function tooLarge(call: Call, head: AnswerHead): ConnectorError {
  const message = own`${vendorOf(call)} answered ${requestLine(call)} with more than ${call.maxResponseBytes} bytes.`;
  return unusable(call, message, head, "response_too_large");
}

/** Some frameworks answer a missing or extra slash with a redirect, often to plain http. */
function refuseRedirect(call: Call, head: AnswerHead): ConnectorError | undefined {
  if (head.statusCode < 300 || head.statusCode > 399) {
    return undefined;
  }
  const message = joined(
    [
      own`${vendorOf(call)} answered ${requestLine(call)} with a redirect (${head.statusCode}) to ${locationOrigin(call, head)}.`,
      own`Redirects are refused, because the credential is sent to ${call.origin} only.`,
    ],
    " ",
  );
  return unusable(call, message, head);
}

/** Only the origin, because paths and queries of redirects carry tokens. */
function locationOrigin(call: Call, { headers }: AnswerHead): string | Message {
  const location = headers["location"];
  if (location === undefined || !URL.canParse(location, call.origin)) {
    return own`no usable address`;
  }
  const { origin, protocol } = new URL(location, call.origin);
  return origin === "null" ? own`an address of the kind ${protocol}` : origin;
}

/** Requests accept the coding `identity` only. */
function refuseEncoding(call: Call, head: AnswerHead): ConnectorError | undefined {
  const encoding = head.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  return encoding === "" || encoding === "identity"
    ? undefined
    : unusable(
        call,
        own`${vendorOf(call)} answered ${requestLine(call)} with a compressed body, which was not requested.`,
        head,
      );
}

function refuseSize(call: Call, head: AnswerHead): ConnectorError | undefined {
  return Number(head.headers["content-length"] ?? 0) > call.maxResponseBytes
    ? tooLarge(call, head)
    : undefined;
}

/** Far above real answers. Recursion over deeper values would overflow the stack. */
const DEEPEST = 200;

/**
 * The value of a JSON text; `undefined` when it is empty, malformed, or nested deeper than 200
 * levels. A key `__proto__` becomes an ordinary own property, as `JSON.parse` makes it; a number
 * that JavaScript would round, an `ExactNumber`.
 */
export function parseJson(text: string): unknown {
  if (text === "" || depthOf(text) > DEEPEST) {
    return undefined;
  }
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** The nesting depth of a JSON text, found without parsing it. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) {
      at = endOfString(text, at);
    } else if (character === 0x5b || character === 0x7b) {
      deepest = Math.max(deepest, ++depth);
    } else if (character === 0x5d || character === 0x7d) {
      depth--;
    }
  }
  return deepest;
}
