/** A request with its parsed body, and an answer before it is encoded. */
import { type IncomingHttpHeaders, type IncomingMessage } from "node:http";

import { parseJson } from "./json";
import { parseMultipart, type Part } from "./multipart";

/** A request body, parsed by its Content-Type. */
export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "broken"; readonly position: number; readonly reason: string }
  | { readonly kind: "form"; readonly fields: ReadonlyMap<string, string> }
  | { readonly kind: "multipart"; readonly parts: readonly Part[] }
  | { readonly kind: "other"; readonly text: string };

/** A complete request. */
export interface SandboxRequest {
  readonly method: string;
  /** The path as received: percent-encoded, with dots and double slashes unchanged. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; repeated headers are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
}

/** An answer with a `json` body, a `text` body, or none. */
export interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string | Buffer;
}

/**
 * Reads the full body; `undefined` if it exceeds `limit` bytes. Rejects if the client disconnects.
 */
export async function readBody(
  message: IncomingMessage,
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) {
      chunks.push(chunk);
    }
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}

/**
 * Parses a body by its Content-Type. Never throws: a body that cannot be parsed is `broken` or
 * `other`.
 */
export function parseBody(contentType: string | undefined, bytes: Buffer): RequestBody {
  const [mediaType = "", ...parameters] = (contentType ?? "").split(";").map((part) => part.trim());
  if (bytes.length === 0) {
    return { kind: "none" };
  }
  if (/^application\/([\w.-]+\+)?json$/i.test(mediaType)) {
    return parseJsonBody(bytes.toString("utf8"));
  }
  if (/^application\/x-www-form-urlencoded$/i.test(mediaType)) {
    return { kind: "form", fields: new Map(new URLSearchParams(bytes.toString("utf8"))) };
  }
  if (/^multipart\/form-data$/i.test(mediaType)) {
    const parts = parseMultipart(bytes, boundaryOf(parameters));
    if (parts !== undefined) {
      return { kind: "multipart", parts };
    }
  }
  return { kind: "other", text: bytes.toString("utf8") };
}

/** Header names in lower case, with one value each. */
export function flattenHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

function parseJsonBody(text: string): RequestBody {
  try {
    return { kind: "json", value: parseJson(text) };
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    return {
      kind: "broken",
      position: position === undefined ? text.length : Number(position),
      reason: "Invalid JSON",
    };
  }
}

function boundaryOf(parameters: readonly string[]): string {
  const value =
    parameters.find((parameter) => /^boundary=/i.test(parameter))?.slice("boundary=".length) ?? "";
  return value.replace(/^"(.*)"$/, "$1");
}
