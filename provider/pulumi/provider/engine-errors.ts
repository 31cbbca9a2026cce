import { ConnectorError, type ErrorCode } from "../../errors";
import { type Message, own, ownText } from "../../message";
import { redact, redactValues } from "../../http/index";
import { type JsonObject } from "../../json";

/** Longest message that leaves, in characters. */
export const LONGEST = 8_000;

/** Texts to keep out of messages: known secrets, and everything that may be one. */
export interface Hidden {
  readonly secret: readonly string[];
  readonly possible: readonly string[];
}

/**
 * Any failure as what the engine may see: a fresh Error with a short message and nothing else. An
 * `id` would make the engine record a resource, a numeric `code` would become a gRPC status, and a
 * stack is printed to the user.
 */
export function boundaryError(error: unknown, hidden: Hidden): Error {
  return fresh(String(describe(error, hidden)), engineErrorCode(error));
}

/** What a failure says, without what must not be shown. */
export function describe(error: unknown, hidden: Hidden): Message {
  if (error instanceof ConnectorError) {
    return own`[${ownText(error.code)}] ${redactValues(error.words, hidden.secret)}`;
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : "no reason given";
  return own`Internal fault of pulumi-connectors, please report it: ${redact(reason, hidden.possible)}`;
}

/**
 * A hint for a refused key. The engine configures a refresh or destroy from the state, so a rotated
 * key is not seen.
 */
export function storedConfiguration(error: unknown): string {
  const isOfSettings =
    error instanceof ConnectorError &&
    (error.reason === "another_workspace" ||
      error.code === "unauthorized" ||
      error.code === "forbidden" ||
      error.code === "configuration");
  if (!isOfSettings) {
    return "";
  }
  return (
    "\n  In refresh and destroy, Pulumi uses the configuration that is stored in the stack's state. " +
    "After a change of the settings, add --run-program to use the current ones."
  );
}

/**
 * A create or update that stopped half-way, in the shape that makes the engine record the resource
 * and update it next time.
 *
 * @param forms what may be recorded, best first, with the provider's text; the first that has at
 *   most so many bytes is taken.
 */
export function recordingFailure(
  id: string,
  message: string,
  forms: readonly (() => JsonObject | undefined)[],
  most: number,
  code?: ErrorCode,
): Error {
  for (const form of forms) {
    const properties = form();
    if (properties === undefined || Buffer.byteLength(JSON.stringify(properties)) > most) {
      continue;
    }
    const error = fresh(
      `${message}\n  What was done so far is recorded; the next pulumi up does the rest.`,
      code,
    );
    return Object.assign(error, { id, reasons: [error.message], properties });
  }
  return fresh(
    `${message}\n  What was done so far is too large to be recorded; the next pulumi up finds it at the vendor, and does the rest.`,
    code,
  );
}

/**
 * Most bytes of JSON that a failure records. They travel in a header, encoded in up to four times
 * as many bytes, of which the engine reads 16 MB.
 */
export const MOST_RECORDED = 4_000_000;

/** The errors made for the engine, which pass the boundary unchanged, and their codes. */
const made = new WeakMap<object, ErrorCode | undefined>();

/** Whether an error was made for the engine. */
export function isFresh(error: unknown): error is Error {
  return typeof error === "object" && error !== null && made.has(error);
}

/**
 * The code of a failure, also of one that was made for the engine; `undefined` for an internal
 * fault.
 */
export function engineErrorCode(error: unknown): ErrorCode | undefined {
  if (error instanceof ConnectorError) {
    return error.code;
  }
  return error instanceof Error ? made.get(error) : undefined;
}

/** An error for the engine: a short message and nothing else. */
export function fresh(message: string, code?: ErrorCode): Error {
  const error = new Error(message.slice(0, LONGEST));
  made.set(error, code);
  // The SDK prints `${error}: ${error.stack}` beside the engine's own message.
  error.stack = error.message.split("\n", 1)[0] ?? "";
  Object.defineProperty(error, "toString", { value: () => "pulumi-connectors", enumerable: false });
  return error;
}
