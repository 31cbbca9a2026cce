import {
  asNumber,
  NotRendered,
  reprOf,
  requireLength,
  TemplateFailure,
  textOf,
  type Value,
} from "./values";

const CONVERSION = /%([-0+ #]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g;

/** Python's `text % values`. */
export function formatPercent(text: string, values: readonly Value[]): string {
  const rest = [...values];
  const formatted = text.replace(
    CONVERSION,
    (_, flags: string, width: string, precision: string | undefined, kind: string) => {
      if (kind === "%") {
        return "%";
      }
      const value = rest.shift();
      if (value === undefined) {
        throw new TemplateFailure("a format has more places than values");
      }
      const digits = precision === undefined ? undefined : Number(precision);
      return padded(converted(kind, value, digits, flags), flags, Number(width), kind);
    },
  );
  if (rest.length > 0) {
    throw new TemplateFailure("a format has fewer places than values");
  }
  return formatted;
}

function converted(kind: string, value: Value, digits: number | undefined, flags: string): string {
  switch (kind) {
    case "s":
      return textOf(value).slice(0, digits);
    case "r":
      return reprOf(value).slice(0, digits);
    case "d":
    case "i":
    case "u":
      return signed(BigInt(Math.trunc(Number(numberOf(value)))).toString(), flags);
    case "f":
    case "F":
      return signed(Number(numberOf(value)).toFixed(digits ?? 6), flags);
    case "x":
      return signed(BigInt(numberOf(value)).toString(16), flags);
    default:
      throw new NotRendered(`the format %${kind}`);
  }
}

function numberOf(value: Value): bigint | number {
  const number = asNumber(value);
  if (number === undefined) {
    throw new TemplateFailure("a format for a number has another value");
  }
  return number;
}

function signed(text: string, flags: string): string {
  const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return text.startsWith("-") ? text : sign + text;
}

function padded(text: string, flags: string, width: number, kind: string): string {
  requireLength(width);
  if (flags.includes("-")) {
    return text.padEnd(width);
  }
  if (!flags.includes("0") || kind === "s" || kind === "r") {
    return text.padStart(width);
  }
  const [sign = ""] = /^[-+ ]?/.exec(text) ?? [];
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}
