/** A parsed JSON object. */
export type JsonObject = Record<string, unknown>;

/** True for a JSON object: not null and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Length in code points, as the vendors count it: an emoji is one character. */
export function textLength(text: string): number {
  return Array.from(text).length;
}

/** Replaces every node of a JSON value with the result of `change`, innermost first. */
export function mapJson(value: unknown, change: (node: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return change(value.map((item) => mapJson(item, change)));
  }
  if (!isObject(value) || isExactNumber(value)) {
    return change(value);
  }
  return change(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapJson(item, change)])),
  );
}

/**
 * A number that JavaScript cannot represent exactly, for example
 * `{ $number: "12345678901234567890" }`. The vendors receive, store and return it as a plain JSON
 * number with these digits.
 */
export interface ExactNumber {
  readonly $number: string;
}

/** True for an {@link ExactNumber}. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return isObject(value) && typeof value["$number"] === "string";
}

/**
 * Parses JSON like `JSON.parse`, but returns numbers that would lose digits as {@link ExactNumber}.
 */
export function parseJson(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  // Only a number with many digits or a large exponent can lose digits.
  if (!/\d[\d.]{15}|\de[+-]?\d{3}/i.test(text)) {
    return value;
  }
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
  const exact = text.replace(token, (match) =>
    match.startsWith('"') || isRepresentable(match) ? match : JSON.stringify({ $number: match }),
  );
  return JSON.parse(exact) as unknown;
}

/** The inverse of {@link parseJson}. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value).replace(/\{"\$number":"(-?\d[\d.eE+-]*)"\}/g, "$1");
}

function isRepresentable(number: string): boolean {
  return normalizeDecimal(number) === normalizeDecimal(String(Number(number)));
}

/**
 * The decimal without leading and trailing zeros, in exponential form: `1.50` and `15e-1` become
 * `15e-1`.
 */
function normalizeDecimal(number: string): string | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number);
  if (parts === null) {
    return undefined;
  }
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  const shift = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === "" ? "0" : `${sign}${significant}e${shift}`;
}
