import {
  floatText,
  isNumber,
  Safe,
  TemplateFailure,
  textOf,
  Tuple,
  Undefined,
  kindOf,
  type Value,
} from "./values";

/** jinja2's `tojson`: keys in order, only ASCII, and no character that is special in HTML. */
export function jsonText(value: Value, indent: number | undefined): Safe {
  return new Safe(
    write(value, indent, "\n").replace(
      /[<>&']/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
    ),
  );
}

function write(value: Value, indent: number | undefined, lineEnd: string): string {
  if (typeof value === "string" || value instanceof Safe) {
    return asciiText(textOf(value));
  }
  if (value === null || typeof value === "boolean") {
    return String(value);
  }
  if (isNumber(value)) {
    return typeof value === "bigint" ? value.toString() : jsonFloat(value);
  }
  return writeItems(value, indent, lineEnd);
}

function writeItems(value: Value, indent: number | undefined, lineEnd: string): string {
  const inner = indent === undefined ? lineEnd : lineEnd + " ".repeat(indent);
  const enclose = (open: string, items: readonly string[], close: string): string => {
    if (items.length === 0) {
      return open + close;
    }
    return indent === undefined
      ? `${open}${items.join(", ")}${close}`
      : `${open}${inner}${items.join(`,${inner}`)}${lineEnd}${close}`;
  };
  if (Array.isArray(value) || value instanceof Tuple) {
    const items = Array.isArray(value) ? value : value.items;
    return enclose(
      "[",
      items.map((item) => write(item, indent, inner)),
      "]",
    );
  }
  if (value instanceof Map) {
    const keys = [...value.keys()].map((key) => [key, keyText(key)] as const);
    const items = keys
      .sort(([, left], [, right]) => (left < right ? -1 : left > right ? 1 : 0))
      .map(([key, text]) => `${asciiText(text)}: ${write(value.get(key) ?? null, indent, inner)}`);
    return enclose("{", items, "}");
  }
  throw new TemplateFailure(
    value instanceof Undefined
      ? `${value.label} has no value, and tojson needs one`
      : `${kindOf(value)} cannot become JSON`,
  );
}

function keyText(key: Value): string {
  return typeof key === "string" ? key : key === null ? "null" : textOf(key);
}

function jsonFloat(value: number): string {
  return Number.isNaN(value)
    ? "NaN"
    : Number.isFinite(value)
      ? floatText(value)
      : value > 0
        ? "Infinity"
        : "-Infinity";
}

function asciiText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
