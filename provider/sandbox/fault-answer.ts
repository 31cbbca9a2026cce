/** The answer of a fault. */
import { type FaultAnswer } from "./faults";
import { type Answer } from "./http-message";

const GATEWAY_PAGE =
  "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n";

/** Starts like JSON but is neither valid JSON nor valid UTF-8. */
const GARBAGE = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x80, 0x5d]);

/**
 * Builds the answer of a fault.
 *
 * @param handled the vendor's own answer, if the vendor handled the request
 * @param errorAnswer returns the vendor's documented error for a status
 */
export function faultAnswer(
  fault: FaultAnswer,
  handled: Answer | undefined,
  errorAnswer: (statusCode: number) => Answer,
): Answer {
  const statusCode = fault.status ?? handled?.statusCode ?? defaultStatus(fault);
  const headers = replacementHeaders(fault);
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
  const body = fault.redirect === undefined ? handled : undefined;
  return { ...body, statusCode, headers: { ...handled?.headers, ...headers } };
}

function replacementHeaders(fault: FaultAnswer): Record<string, string> {
  return {
    ...(isHtml(fault) && { "content-type": "text/html; charset=utf-8" }),
    ...(fault.redirect !== undefined && { location: fault.redirect }),
  };
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
