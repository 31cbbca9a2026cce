import { type Json, type JsonObject } from "../json";

/** Names and values, in order; names can repeat. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/**
 * A request as documentation shows it, to make a connector of. Texts hold `{{name}}` for a value
 * per row, and `${config.key}` for a credential.
 */
export interface WrittenRequest {
  readonly method: string;
  /** Without a query. */
  readonly url: string;
  readonly parameters: Pairs;
  readonly headers: Pairs;
  readonly body?: WrittenBody;
}

export type WrittenBody =
  | { readonly kind: "json"; readonly value: Json }
  | { readonly kind: "form"; readonly fields: Pairs }
  | { readonly kind: "text"; readonly text: string };

/** A credential that a request holds. */
export interface WrittenCredential {
  /** Key of the stack configuration. */
  readonly key: string;
  /** The header, parameter or field that it is for. */
  readonly name: string;
}

/** Makes a connector's properties of a request. */
export type Drafter = (
  request: WrittenRequest,
  title: string,
  credentials: readonly WrittenCredential[],
) => Draft;

export interface Draft {
  readonly properties: JsonObject;
  /** Names that the row, or the vendor, fills. */
  readonly perRow: readonly string[];
  /** What a person must look at. */
  readonly notes: readonly string[];
}

/** `{{name}}` in a text. */
export const PER_ROW = /\{\{\s*([^{}\s]+)\s*\}\}/g;

/** The name of a text that is exactly one `{{name}}`. */
export function onlyPerRow(text: string): string | undefined {
  return /^\s*\{\{\s*([^{}\s]+)\s*\}\}\s*$/.exec(text)?.[1];
}

/** Names that a request takes from the row. */
export function perRowNames(request: WrittenRequest): string[] {
  const text = JSON.stringify(request);
  return [...new Set([...text.matchAll(PER_ROW)].map(([, name = ""]) => name))];
}
