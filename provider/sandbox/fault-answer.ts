/** What a fault answers in the vendor's place. */
import { type FaultAnswer } from "./faults";
import { type Answer } from "./http-message";

const GATEWAY_PAGE =
  "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n";

/** Opens like JSON, then is neither JSON nor UTF-8. */
const GARBAGE = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x80, 0x5d]);

/**
 * The answer that a fault gives.
 *
 * @param handled the vendor's answer, when it handled the request
 * @param errorAnswer the vendor's documented error for a status
 */
export function faultAnswer(
  fault: FaultAnswer,
  handled: Answer | undefined,
  errorAnswer: (statusCode: number) => Answer,
): Answer {
  const statusCode = fault.status ?? handled?.statusCode ?? defaultStatus(fault);
  const headers = {
    ...(isHtml(fault) ? { "content-type": "text/html; charset=utf-8" } : {}),
    ...(fault.redirect === undefined ? {} : { location: fault.redirect }),
  };
  const text = replacementText(fault);
  if (text !== undefined) {
    return { statusCode, headers, text };
  }
  if (fault.body !== undefined) {
    return { statusCode, headers, json: fault.body };
  }
  if (statusCode >= 400 && statusCode !== handled?.statusCode) {
    return errorAnswer(statusCode);
  }
  const kept = handled !== undefined && fault.redirect === undefined ? handled : {};
  return { ...kept, statusCode, headers: { ...handled?.headers, ...headers } };
}

function replacementText({
  html,
  garbage,
  deepJson,
  body,
}: FaultAnswer): string | Buffer | undefined {
  if (typeof html === "string") {
    return html;
  }
  if (html === true) {
    return GATEWAY_PAGE;
  }
  if (garbage === true) {
    return GARBAGE;
  }
  if (deepJson !== undefined) {
    return "[".repeat(deepJson) + "]".repeat(deepJson);
  }
  return typeof body === "string" ? body : undefined;
}

function defaultStatus(fault: FaultAnswer): number {
  if (fault.redirect !== undefined) {
    return 307;
  }
  return isHtml(fault) ? 502 : 200;
}

function isHtml({ html }: FaultAnswer): boolean {
  return html !== undefined && html !== false;
}
