import { ExactNumber, isObject, isSameDecimal } from "../json";

/**
 * Rules by which a vendor's form of a value counts as the program's own (what a server merely
 * normalises is no drift):
 *
 * 1. `null`, a missing value, an empty text, an empty list and an empty object are alike; so is an
 *    object that holds nothing else. PHP servers turn `{}` into `[]`, others drop what is null.
 * 2. A number and its text are alike: `1`, `1.0`, `"1"`; every digit counts where JavaScript would
 *    round.
 * 3. Space around a text does not count.
 * 4. The order of keys does not count; the order of a list does.
 * 5. Keys that the program did not write do not count.
 */
export function matches(wanted: unknown, actual: unknown): boolean {
  if (isObject(wanted) && isObject(actual)) {
    return Object.entries(wanted).every(([key, value]) => matches(value, own(actual, key)));
  }
  if (isEmpty(wanted)) {
    return isEmpty(actual);
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      wanted.length === actual.length &&
      wanted.every((item, index) => matches(item, actual[index]))
    );
  }
  return matchesScalar(wanted, actual);
}

/** Rule 1. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") {
    return true;
  }
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  return isObject(value) && Object.values(value).every(isEmpty);
}

function matchesScalar(wanted: unknown, actual: unknown): boolean {
  if (wanted === actual) {
    return true;
  }
  if (typeof wanted === "string" && typeof actual === "string") {
    return wanted.trim() === actual.trim();
  }
  if (actual instanceof ExactNumber) {
    return (
      (typeof wanted === "string" || typeof wanted === "number") &&
      isSameDecimal(String(wanted), actual.digits)
    );
  }
  if (typeof wanted === "number" && typeof actual === "string") {
    return isNumber(actual, wanted);
  }
  if (typeof wanted === "string" && typeof actual === "number") {
    return isNumber(wanted, actual);
  }
  return false;
}

function isNumber(text: string, number: number): boolean {
  return text.trim() !== "" && Number(text) === number;
}

/** An own property, so that a key named like an inherited one reads as what it is. */
export function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * True when a value may be a mask: nothing but the mask, a scheme word, and up to eight characters
 * at either end.
 */
export function isMasked(value: string): boolean {
  return /^(\w+\s+)?\S{0,8}([*•●]{3,}|…|x{6,}|\.{3,}|[[<](redacted|masked|hidden|secret)[\]>])\S{0,8}$/i.test(
    value.trim(),
  );
}

/** True for a text that holds a value of mask signs alone, or only a row of these signs. */
export function holdsMask(text: string): boolean {
  return /[*•●]{3}/.test(text);
}

/** True for a value of mask signs alone, which stands for something else wherever it is. */
export function isAllMask(value: string): boolean {
  return /^[*•●]{3,}$/.test(value.trim());
}

/**
 * True for a value of which mask signs hide a part, or all: at most eight characters show at either
 * end.
 */
export function hidesPart(value: string): boolean {
  return PARTLY.test(value.trim());
}

/** True when a text is `value` behind mask signs: its beginning, its end, or neither. */
export function isMaskOf(text: string, value: string): boolean {
  const [, start = "", end = ""] = PARTLY.exec(text.trim()) ?? [];
  const hidden = value.trim();
  return (
    hidesPart(text) &&
    hidden.length > start.length + end.length &&
    hidden.startsWith(start) &&
    hidden.endsWith(end)
  );
}

const PARTLY = /^((?:\w+\s+)?[^\s*•●]{0,8})[*•●]{3,}([^\s*•●]{0,8})$/;
