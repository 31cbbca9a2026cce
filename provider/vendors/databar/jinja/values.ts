import { isObject } from "../../../json";

/** Python's values, as templates have them. An integer is a `bigint`, a float is a `number`. */
export type Value =
  | string
  | bigint
  | number
  | boolean
  | null
  | Value[]
  | Tuple
  | Dictionary
  | Lazy
  | Safe
  | Undefined
  | Callable
  | Members;

/** A dictionary by key, in the order of its keys. */
export type Dictionary = Map<Value, Value>;

/** The arguments of a call. */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export type Callable = (call: CallArguments) => Value;

export class Tuple {
  constructor(readonly items: readonly Value[]) {}
}

/** A generator: it has items, but no text and no length. */
export class Lazy {
  constructor(readonly items: readonly Value[]) {}
}

/** A text that is escaped already (jinja2's `Markup`). */
export class Safe {
  constructor(readonly text: string) {}
}

/** A variable or a member that is missing. */
export class Undefined {
  /** @param label how the template names it. */
  constructor(readonly label: string) {}
}

/** An object of Jinja's own, such as `loop`. */
export class Members {
  constructor(readonly members: Map<string, Value>) {}
}

/** A template that jinja2 fails on, with these values. */
export class TemplateFailure extends Error {
  override readonly name = "TemplateFailure";
}

/** Something that jinja2 may do and that is not rendered here. */
export class NotRendered extends Error {
  override readonly name: string = "NotRendered";
}

/** The longest text that a template may fill up or repeat, and the longest list that it may go through. */
const LONGEST = 100_000;

/** Refuses what would take too long, or too much memory. */
export function requireLength(length: number): void {
  if (length > LONGEST) {
    throw new NotRendered("a result of this size");
  }
}

/** JSON as Python reads it. */
export function fromJson(value: unknown): Value {
  if (typeof value === "string" || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "number") {
    return Number.isInteger(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map(fromJson);
  }
  return isObject(value)
    ? new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item)]))
    : null;
}

/** `str(value)`. */
export function textOf(value: Value): string {
  if (typeof value === "string") {
    return value;
  }
  if (value instanceof Safe) {
    return value.text;
  }
  return value instanceof Undefined ? "" : reprOf(value);
}

/** `repr(value)`. */
export function reprOf(value: Value): string {
  if (typeof value === "string") {
    return quoted(value);
  }
  if (typeof value === "number") {
    return floatText(value);
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  if (value === null) {
    return "None";
  }
  return typeof value === "bigint" ? value.toString() : objectRepr(value);
}

function objectRepr(value: Exclude<Value, string | bigint | number | boolean | null>): string {
  if (Array.isArray(value)) {
    return `[${value.map(reprOf).join(", ")}]`;
  }
  if (value instanceof Tuple) {
    return `(${value.items.map(reprOf).join(", ")}${value.items.length === 1 ? "," : ""})`;
  }
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${reprOf(key)}: ${reprOf(item)}`).join(", ")}}`;
  }
  if (value instanceof Safe) {
    return `Markup(${quoted(value.text)})`;
  }
  if (value instanceof Undefined) {
    return "Undefined";
  }
  throw new NotRendered("the text of a function or an object of Jinja");
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\\": "\\\\",
};

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}']|(?! )\p{Zs}/gu, (character) => {
    if (character === "'") {
      return quote === "'" ? "\\'" : "'";
    }
    const code = character.codePointAt(0) ?? 0;
    const hex = (width: number): string => code.toString(16).padStart(width, "0");
    return (
      NAMED_ESCAPES[character] ??
      (code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`)
    );
  });
  return `${quote}${escaped}${quote}`;
}

/** Python writes a float with an exponent from 1e16 on, and below 1e-4. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value
      .toExponential()
      .replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`);
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** `bool(value)`. */
export function isTrue(value: Value): boolean {
  if (value === null || value instanceof Undefined) {
    return false;
  }
  if (typeof value !== "object") {
    return Boolean(value);
  }
  return value instanceof Members || value instanceof Lazy || lengthOf(value) > 0;
}

/** `len(value)`. */
export function lengthOf(value: Value): number {
  if (value instanceof Map) {
    return value.size;
  }
  if (value instanceof Lazy) {
    throw new TemplateFailure("a generator has no length");
  }
  return itemsOf(value).length;
}

/** What a loop over the value sees. */
export function itemsOf(value: Value): readonly Value[] {
  const items = uncounted(value);
  requireLength(items.length);
  return items;
}

function uncounted(value: Value): readonly Value[] {
  if (typeof value === "string" || value instanceof Safe) {
    requireLength(textOf(value).length);
    return Array.from(textOf(value));
  }
  if (Array.isArray(value)) {
    return value;
  }
  if (value instanceof Tuple || value instanceof Lazy) {
    return value.items;
  }
  if (value instanceof Map) {
    return [...value.keys()];
  }
  if (value instanceof Undefined) {
    return [];
  }
  throw new TemplateFailure(`${kindOf(value)} has no items`);
}

/** The kind of a value, for messages. */
export function kindOf(value: Value): string {
  if (value === null) {
    return "none";
  }
  if (isNumber(value)) {
    return "a number";
  }
  if (typeof value === "boolean") {
    return "a boolean";
  }
  if (typeof value === "string" || value instanceof Safe) {
    return "a text";
  }
  if (Array.isArray(value) || value instanceof Tuple || value instanceof Lazy) {
    return "a list";
  }
  if (value instanceof Undefined) {
    return `${value.label}, which has no value,`;
  }
  return value instanceof Map ? "a dictionary" : "a function";
}

export function isNumber(value: Value): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

export function isText(value: Value): value is string | Safe {
  return typeof value === "string" || value instanceof Safe;
}

/** A boolean counts as 0 or 1. */
export function asNumber(value: Value): bigint | number | undefined {
  if (typeof value === "boolean") {
    return value ? 1n : 0n;
  }
  return isNumber(value) ? value : undefined;
}

/** `left == right`. */
export function areEqual(left: Value, right: Value): boolean {
  const [one, other] = [asNumber(left), asNumber(right)];
  if (one !== undefined && other !== undefined) {
    // Python compares an integer with a float by value, and so does JavaScript.
    return one == other;
  }
  if (isText(left) && isText(right)) {
    return textOf(left) === textOf(right);
  }
  if (left instanceof Map && right instanceof Map) {
    return (
      left.size === right.size &&
      [...left].every(([key, item]) => right.has(key) && areEqual(item, right.get(key) ?? null))
    );
  }
  return left instanceof Undefined
    ? right instanceof Undefined
    : (equalLists(left, right) ?? left === right);
}

function equalLists(left: Value, right: Value): boolean | undefined {
  const [one, other] = [listItems(left), listItems(right)];
  return (
    one &&
    other &&
    Array.isArray(left) === Array.isArray(right) &&
    one.length === other.length &&
    one.every((item, index) => areEqual(item, other[index] ?? null))
  );
}

function listItems(value: Value): readonly Value[] | undefined {
  return Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;
}

/** Negative, 0 or positive. Throws where Python knows no order. */
export function compare(left: Value, right: Value): number {
  const [one, other] = [asNumber(left), asNumber(right)];
  if (one !== undefined && other !== undefined) {
    return one < other ? -1 : one > other ? 1 : 0;
  }
  if (isText(left) && isText(right)) {
    return comparePoints(textOf(left), textOf(right));
  }
  const [first, second] = [listItems(left), listItems(right)];
  if (!first || !second) {
    throw new TemplateFailure(`${kindOf(left)} and ${kindOf(right)} have no order`);
  }
  const orders = first
    .slice(0, second.length)
    .map((item, index) => compare(item, second[index] ?? null));
  return orders.find((order) => order !== 0) ?? first.length - second.length;
}

/** By code points, as Python orders texts. */
function comparePoints(left: string, right: string): number {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.compare(other);
}

/** The key under which a dictionary holds a value: `1`, `1.0` and `True` are one key. */
export function keyOf(value: Value): Value {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isInteger(value))) {
    return BigInt(value);
  }
  if (value instanceof Safe) {
    return value.text;
  }
  if (typeof value === "object" && value !== null) {
    throw new NotRendered("a key that is no text and no number");
  }
  return value;
}
