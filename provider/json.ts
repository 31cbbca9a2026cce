import { randomUUID } from "node:crypto";

/** Plain JSON, the only values that can be passed to the engine. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/**
 * A number of a JSON text that JavaScript would round, or a whole number so large that it rounds its
 * neighbours, digit by digit as it was written.
 */
export class ExactNumber {
  constructor(readonly digits: string) {}

  /** Anything but {@link stringifyExact} makes a text of it: a text keeps every digit. */
  toJSON(): string {
    return this.digits;
  }
}

/** JSON as {@link parseExact} reads it. */
export type ExactJson = Json | ExactNumber | ExactJson[] | { [key: string]: ExactJson };

/** A JSON object as {@link parseExact} reads it. */
export type ExactJsonObject = { [key: string]: ExactJson };

/** True for a plain JSON object: not null, not an array, not an instance of a class. */
export function isObject(value: unknown): value is { [key: string]: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Prefix of the text that stands for an {@link ExactNumber}. Random: no other text has it. */
const EXACT = `${randomUUID()}:`;

/**
 * Parses JSON as `JSON.parse` does, save that a number that JavaScript cannot keep becomes an
 * {@link ExactNumber}. Throws a `SyntaxError` for anything else than JSON.
 */
export function parseExact(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  // Fifteen digits without an exponent are always kept.
  if (!/\d[\d.]{15}|\d[eE][+-]?\d/.test(text)) {
    return value;
  }
  return JSON.parse(withExactTexts(text), (_, each: unknown) =>
    typeof each === "string" && each.startsWith(EXACT)
      ? new ExactNumber(each.slice(EXACT.length))
      : each,
  ) as unknown;
}

/** A valid JSON text in which a text stands for each number that JavaScript cannot keep. */
function withExactTexts(text: string): string {
  const parts: string[] = [];
  const token = /"|-?\d[\d.eE+-]*/g;
  let kept = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [literal] = found;
    if (literal === '"') {
      token.lastIndex = endOfString(text, found.index) + 1;
    } else if (!isKeptExactly(literal)) {
      parts.push(text.slice(kept, found.index), JSON.stringify(EXACT + literal));
      kept = token.lastIndex;
    }
  }
  return [...parts, text.slice(kept)].join("");
}

/**
 * The position of the closing quote of the string that begins at `start`; the end of the text
 * without one.
 */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) {
      return at;
    }
    if (character === 0x5c) {
      at++;
    }
  }
  return text.length;
}

/** The inverse of {@link parseExact}: writes an {@link ExactNumber} as it came. */
export function stringifyExact(value: unknown): string {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, each: unknown) {
    const own = this[key];
    return own instanceof ExactNumber ? EXACT + own.digits : each;
  });
  return text.includes(EXACT) ? text.replaceAll(new RegExp(`"${EXACT}([^"]*)"`, "g"), "$1") : text;
}

/**
 * True when JavaScript keeps a decimal as it is written, form aside. A whole number beyond 2^53 does
 * not count as kept: as a value, it cannot be told from another one that was rounded.
 */
export function isKeptExactly(literal: string): boolean {
  return isSafeNumber(Number(literal)) && isSameDecimal(literal, String(Number(literal)));
}

/** False for a number that JavaScript may have rounded to a whole one, and for none at all. */
export function isSafeNumber(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/**
 * True when two decimals are the same number, every digit counted. False where one is no decimal.
 */
export function isSameDecimal(one: string, other: string): boolean {
  const decimal = decimalOf(one);
  return decimal !== undefined && decimal === decimalOf(other);
}

/** A decimal in one form for all that are equal: `1.50` and `15e-1` are `15e-1`. */
function decimalOf(literal: string): string | undefined {
  const parts = /^\s*([-+]?)(?=\.?\d)(\d*)\.?(\d*)(?:e([-+]?\d+))?\s*$/i.exec(literal);
  if (!parts) {
    return undefined;
  }
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  const shift = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === "" ? "0" : `${sign === "-" ? "-" : ""}${significant}e${shift}`;
}

/** Visits every string of a value. `path` is reused between visits: copy it to keep it. */
export function eachText(
  value: unknown,
  visit: (text: string, path: readonly (string | number)[]) => void,
): void {
  eachLeaf(value, (leaf, path) => {
    if (typeof leaf === "string") {
      visit(leaf, path);
    }
  });
}

/** Visits everything in a value that is neither a list nor an object; see {@link eachText}. */
export function eachLeaf(
  value: unknown,
  visit: (leaf: unknown, path: readonly (string | number)[]) => void,
  path: (string | number)[] = [],
): void {
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) {
    visit(value, path);
    return;
  }
  for (const key of Object.keys(value)) {
    path.push(isList ? Number(key) : key);
    eachLeaf((value as Readonly<Record<string, unknown>>)[key], visit, path);
    path.pop();
  }
}

/** The value at a path; `undefined` if there is none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
}

/** Escapes a string for use in a regular expression that matches exactly this string. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * For a character class: characters that control a terminal, end a line, or change the direction of
 * text, besides those that JSON escapes.
 */
export const UNSAFE =
  "\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff";

const UNESCAPED = new RegExp(`[${UNSAFE}]`, "g");

/** A JSON text, or one like it, in which the unsafe characters of its strings are escaped too. */
export function escapeUnsafe(text: string): string {
  return text.replace(
    UNESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** JSON without unsafe characters. */
export function escapedJson(value: unknown, indent?: number): string {
  return escapeUnsafe(JSON.stringify(value, null, indent));
}
