/**
 * The fault matrix: all outcomes of a request. Each row is part of every test that uses the matrix.
 */
import { type FaultOptions } from "../../provider/sandbox";

const PAGE =
  "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>";

/** Deadline of a request in these tests, in milliseconds. */
export const DEADLINE = 500;

export interface FaultRow {
  readonly name: string;
  readonly fault: Omit<FaultOptions, "method" | "path" | "when" | "times" | "after">;
}

/** The vendor handled the request, but the answer does not show it. */
export const LOST_AFTER_COMMIT: readonly FaultRow[] = [
  { name: "answer lost after commit", fault: { drop: "after" } },
  { name: "timeout after commit", fault: { delay: 10 * DEADLINE } },
  { name: "half an answer after commit", fault: { truncate: true } },
  { name: "500 after commit", fault: { status: 500, commit: true } },
  { name: "502 of a gateway after commit", fault: { status: 502, html: true, commit: true } },
  { name: "503 after commit", fault: { status: 503, commit: true } },
  { name: "504 after commit", fault: { status: 504, html: true, commit: true } },
  { name: "408 after commit", fault: { status: 408, commit: true } },
  { name: "HTML with 200 after commit", fault: { status: 200, html: PAGE, commit: true } },
  { name: "garbage after commit", fault: { status: 200, garbage: true, commit: true } },
  { name: "an empty answer after commit", fault: { status: 200, body: "", commit: true } },
];

/** The vendor never handled the request. */
export const NEVER_HANDLED: readonly FaultRow[] = [
  { name: "reset before the request was handled", fault: { drop: "before" } },
  { name: "429", fault: { status: 429 } },
  { name: "429 with a wait", fault: { status: 429, headers: { "retry-after": "0" } } },
  { name: "500", fault: { status: 500 } },
  { name: "502 of a gateway", fault: { status: 502, html: true } },
  { name: "503", fault: { status: 503 } },
  { name: "503 with a wait", fault: { status: 503, headers: { "retry-after": "0" } } },
  { name: "504 of a gateway", fault: { status: 504, html: true } },
  { name: "408", fault: { status: 408 } },
  { name: "HTML with 200", fault: { status: 200, html: PAGE } },
  { name: "garbage", fault: { status: 200, garbage: true } },
];

export const FAULTS: readonly FaultRow[] = [...LOST_AFTER_COMMIT, ...NEVER_HANDLED];
