import { ArgumentReader } from "./arguments";
import { formatPercent } from "./format";
import { jsonText } from "./json-text";
import { member } from "./members";
import { arithmetic } from "./operators";
import {
  asNumber,
  type CallArguments,
  compare,
  isText,
  isTrue,
  itemsOf,
  keyOf,
  kindOf,
  Lazy,
  lengthOf,
  NotRendered,
  requireLength,
  Safe,
  TemplateFailure,
  textOf,
  Tuple,
  Undefined,
  type Value,
} from "./values";

/** Applies other filters and tests, for filters such as `map` and `select`. */
export interface Appliers {
  filter(name: string, value: Value, call: CallArguments): Value;
  test(name: string, value: Value, call: CallArguments): boolean;
}

type Filter = (value: Value, read: ArgumentReader, appliers: Appliers) => Value;

interface FilterRow {
  readonly parameters: readonly string[];
  readonly apply: Filter;
}

const row = (parameters: readonly string[], apply: Filter): FilterRow => ({ parameters, apply });
const text = (change: (text: string) => string): FilterRow =>
  row([], (value) => change(textOf(value)));

const length = row([], (value) => BigInt(lengthOf(value)));
const escape = row([], (value) => (value instanceof Safe ? value : escaped(textOf(value))));
const byDefault = row(["default_value", "boolean"], (value, read) =>
  value instanceof Undefined || (read.flag("boolean") && !isTrue(value))
    ? orDefault(read.value("default_value"), "")
    : value,
);

/** jinja2's filters, without those that are not rendered here. */
const FILTERS: Readonly<Record<string, FilterRow>> = {
  abs: row([], (value) => {
    const number = numberOf(value);
    return number < 0 ? -number : number;
  }),
  attr: row(["name"], (value, read) =>
    value instanceof Map ? new Undefined("a member") : member(value, read.text("name", "")),
  ),
  batch: row(["linecount", "fill_with"], (value, read) => {
    const size = Math.max(1, read.width("linecount", 1));
    const items = itemsOf(value);
    const fill = read.value("fill_with");
    const rows = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
      items.slice(index * size, (index + 1) * size),
    );
    return new Lazy(
      rows.map((each) => [
        ...each,
        ...(fill === undefined || fill === null
          ? []
          : Array.from({ length: size - each.length }, () => fill)),
      ]),
    );
  }),
  capitalize: text((each) => each.slice(0, 1).toUpperCase() + each.slice(1).toLowerCase()),
  center: row(["width"], (value, read) => centered(textOf(value), read.width("width", 80))),
  count: length,
  d: byDefault,
  default: byDefault,
  dictsort: row(["case_sensitive", "by", "reverse"], (value, read) => {
    const at = read.text("by", "key") === "value" ? 1 : 0;
    const pairs = pairsOf(value).map((pair) => new Tuple(pair));
    return sorted(pairs, read, (pair) => itemsOf(pair)[at] ?? null);
  }),
  e: escape,
  escape,
  first: row([], (value) => orMissing(itemsOf(value)[0], "the first item of an empty list")),
  float: row(["default"], (value, read) => toFloat(value) ?? orDefault(read.value("default"), 0)),
  forceescape: row([], (value) => escaped(textOf(value))),
  indent: row(["width", "first", "blank"], (value, read) => {
    const width = read.value("width");
    const space =
      width !== undefined && isText(width) ? textOf(width) : " ".repeat(read.width("width", 4));
    return indented(textOf(value), space, read.flag("first"), read.flag("blank"));
  }),
  int: row(
    ["default", "base"],
    (value, read) =>
      toInteger(value, read.whole("base", 10)) ?? orDefault(read.value("default"), 0n),
  ),
  items: row([], (value) =>
    value instanceof Undefined
      ? new Lazy([])
      : new Lazy(pairsOf(value).map((pair) => new Tuple(pair))),
  ),
  join: row(["d", "attribute"], (value, read) => {
    const attribute = read.value("attribute");
    const separator = read.text("d", "");
    const items = itemsOf(value);
    requireLength(items.length * separator.length);
    return items
      .map((item) => textOf(attribute === undefined ? item : path(item, attribute)))
      .join(separator);
  }),
  last: row([], (value) => orMissing(itemsOf(value).at(-1), "the last item of an empty list")),
  length,
  list: row([], (value) => [...itemsOf(value)]),
  lower: text((each) => each.toLowerCase()),
  max: row(["case_sensitive", "attribute"], (value, read) => extreme(value, read, 1)),
  min: row(["case_sensitive", "attribute"], (value, read) => extreme(value, read, -1)),
  replace: row(["old", "new", "count"], (value, read) =>
    replaced(
      textOf(value),
      textOf(read.required("old")),
      textOf(read.required("new")),
      read.whole("count", Infinity),
    ),
  ),
  reverse: row([], (value) =>
    isText(value)
      ? Array.from(textOf(value)).reverse().join("")
      : new Lazy([...itemsOf(value)].reverse()),
  ),
  round: row(["precision", "method"], (value, read) =>
    rounded(numberOf(value), read.whole("precision", 0), read.text("method", "common")),
  ),
  safe: row([], (value) => new Safe(textOf(value))),
  sort: row(["reverse", "case_sensitive", "attribute"], (value, read) => {
    const attribute = read.value("attribute");
    if (attribute !== undefined && textOf(attribute).includes(",")) {
      throw new NotRendered("a sort by several attributes");
    }
    return sorted(itemsOf(value), read, (item) =>
      attribute === undefined ? item : path(item, attribute),
    );
  }),
  string: row([], (value) => (value instanceof Safe ? value : textOf(value))),
  striptags: text((each) =>
    withoutTags(each)
      .split(/\s+/)
      .filter((word) => word !== "")
      .join(" "),
  ),
  sum: row(["attribute", "start"], (value, read) => {
    const attribute = read.value("attribute");
    return itemsOf(value)
      .map((item) => (attribute === undefined ? item : path(item, attribute)))
      .reduce((sum, item) => arithmetic("+", sum, item), read.value("start") ?? 0n);
  }),
  title: text((each) =>
    each.replace(
      /[^\s({<[-]+/g,
      (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase(),
    ),
  ),
  tojson: row(["indent"], (value, read) => {
    const indent = read.value("indent");
    const width = indent === undefined || indent === null ? undefined : read.width("indent", 0);
    return jsonText(value, width);
  }),
  trim: row(["chars"], (value, read) => {
    const chars = read.value("chars");
    if (chars !== undefined && chars !== null) {
      throw new NotRendered("trim with characters");
    }
    return textOf(value).trim();
  }),
  truncate: row(["length", "killwords", "end", "leeway"], (value, read) =>
    truncated(
      textOf(value),
      read.whole("length", 255),
      read.flag("killwords"),
      read.text("end", "..."),
      read.whole("leeway", 5),
    ),
  ),
  unique: row(["case_sensitive", "attribute"], (value, read) => {
    const attribute = read.value("attribute");
    const keyOfItem = (item: Value): Value =>
      folded(attribute === undefined ? item : path(item, attribute), read);
    const seen = new Set<Value>();
    return new Lazy(
      itemsOf(value).filter((item) => {
        const key = keyOf(keyOfItem(item));
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew;
      }),
    );
  }),
  upper: text((each) => each.toUpperCase()),
  urlencode: row([], (value) =>
    isText(value) || !(value instanceof Map || Array.isArray(value) || value instanceof Tuple)
      ? urlPart(textOf(value), true)
      : pairsOf(value)
          .map((pair) =>
            pair.map((each) => urlPart(textOf(each), false).replaceAll("%20", "+")).join("="),
          )
          .join("&"),
  ),
  wordcount: row([], (value) => BigInt((textOf(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length)),
};

/** Filters that take the name of another filter, or of a test. */
const SELECTORS: Readonly<
  Record<string, (value: Value, call: CallArguments, appliers: Appliers) => Value>
> = {
  format: (value, { positional, named }) => {
    if (named.size > 0) {
      throw new NotRendered("format with named values");
    }
    return formatPercent(textOf(value), positional);
  },
  map: (value, { positional, named }, appliers) => {
    const attribute = named.get("attribute");
    if (attribute !== undefined) {
      const missing = named.get("default");
      return new Lazy(
        itemsOf(value).map((item) => {
          const found = path(item, attribute);
          return found instanceof Undefined && missing !== undefined ? missing : found;
        }),
      );
    }
    const [name = "", ...rest] = positional;
    return new Lazy(
      itemsOf(value).map((item) =>
        appliers.filter(textOf(name), item, { positional: rest, named }),
      ),
    );
  },
  select: (value, call, appliers) => selected(value, call, appliers, true, false),
  reject: (value, call, appliers) => selected(value, call, appliers, false, false),
  selectattr: (value, call, appliers) => selected(value, call, appliers, true, true),
  rejectattr: (value, call, appliers) => selected(value, call, appliers, false, true),
};

/** Applies a filter. */
export function applyFilter(
  name: string,
  value: Value,
  call: CallArguments,
  appliers: Appliers,
): Value {
  const selector = Object.hasOwn(SELECTORS, name) ? SELECTORS[name] : undefined;
  if (selector) {
    return selector(value, call, appliers);
  }
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (!filter) {
    throw new NotRendered(`the filter ${name}`);
  }
  return filter.apply(value, new ArgumentReader(filter.parameters, call), appliers);
}

function selected(
  value: Value,
  { positional, named }: CallArguments,
  appliers: Appliers,
  keeps: boolean,
  byAttribute: boolean,
): Value {
  const attribute = byAttribute ? positional[0] : undefined;
  const [name, ...rest] = byAttribute ? positional.slice(1) : positional;
  return new Lazy(
    itemsOf(value).filter((item) => {
      const tested = attribute === undefined ? item : path(item, attribute);
      const holds =
        name === undefined
          ? isTrue(tested)
          : appliers.test(textOf(name), tested, { positional: rest, named });
      return holds === keeps;
    }),
  );
}

function orDefault(value: Value | undefined, byDefault: Value): Value {
  return value === undefined ? byDefault : value;
}

function orMissing(value: Value | undefined, label: string): Value {
  return value === undefined ? new Undefined(label) : value;
}

/** A member by a path such as `person.name` or `0`. */
function path(item: Value, attribute: Value): Value {
  return textOf(attribute)
    .split(".")
    .reduce<Value>((value, step) => member(value, /^\d+$/.test(step) ? BigInt(step) : step), item);
}

function numberOf(value: Value): bigint | number {
  const number = asNumber(value);
  if (number === undefined) {
    throw new TemplateFailure(`${kindOf(value)} stands where a number must`);
  }
  return number;
}

function pairsOf(value: Value): (readonly [Value, Value])[] {
  if (value instanceof Map) {
    return [...value];
  }
  return itemsOf(value).map((item) => {
    const [key = null, entry = null] = itemsOf(item);
    return [key, entry];
  });
}

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&#34;",
};

function escaped(value: string): Safe {
  return new Safe(value.replace(/[&<>'"]/g, (character) => HTML[character] ?? character));
}

function centered(value: string, width: number): string {
  const space = Math.max(0, width - value.length);
  const before = Math.floor(space / 2) + (space & width & 1);
  return " ".repeat(before) + value + " ".repeat(space - before);
}

function indented(value: string, space: string, first: boolean, blank: boolean): string {
  const [head = "", ...rest] = `${value}\n`.split("\n").slice(0, -1);
  requireLength(rest.length * space.length);
  const lines = rest.map((line) => (line === "" && !blank ? line : space + line));
  return [first ? space + head : head, ...lines].join("\n");
}

function replaced(value: string, old: string, by: string, count: number): string {
  if (old === "") {
    throw new NotRendered("replace of an empty text");
  }
  const parts = value.split(old);
  const limit = Math.min(parts.length - 1, count < 0 ? Infinity : count);
  requireLength(limit * by.length);
  return [parts.slice(0, limit + 1).join(by), ...parts.slice(limit + 1)].join(old);
}

/** jinja2 rounds as Python's `round`: half to even, by the exact value of the float. */
function rounded(value: bigint | number, precision: number, method: string): Value {
  const factor = 10 ** precision;
  if (method === "ceil" || method === "floor") {
    return Math[method](Number(value) * factor) / factor;
  }
  if (typeof value === "bigint" && precision >= 0) {
    return Number(value);
  }
  if (precision < 0) {
    throw new NotRendered("round to tens");
  }
  if (precision === 0) {
    const down = Math.floor(Number(value));
    const rest = Number(value) - down;
    return rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  }
  return Number(Number(value).toFixed(precision));
}

function folded(value: Value, read: ArgumentReader): Value {
  return isText(value) && !read.flag("case_sensitive") ? textOf(value).toLowerCase() : value;
}

function sorted(
  items: readonly Value[],
  read: ArgumentReader,
  keyOfItem: (item: Value) => Value,
): Value[] {
  const sign = read.flag("reverse") ? -1 : 1;
  return items
    .map((item) => [folded(keyOfItem(item), read), item] as const)
    .sort(([left], [right]) => sign * compare(left, right))
    .map(([, item]) => item);
}

function extreme(value: Value, read: ArgumentReader, sign: 1 | -1): Value {
  const attribute = read.value("attribute");
  const keyOfItem = (item: Value): Value =>
    folded(attribute === undefined ? item : path(item, attribute), read);
  const [first, ...rest] = itemsOf(value);
  if (first === undefined) {
    return new Undefined("an item of an empty list");
  }
  return rest.reduce(
    (best, item) => (sign * compare(keyOfItem(item), keyOfItem(best)) > 0 ? item : best),
    first,
  );
}

function toInteger(value: Value, base: number): bigint | undefined {
  const number = asNumber(value);
  if (number !== undefined) {
    return Number.isFinite(Number(number)) ? BigInt(Math.trunc(Number(number))) : undefined;
  }
  if (!isText(value)) {
    return undefined;
  }
  const digits = textOf(value).trim().replaceAll("_", "");
  if (base !== 10) {
    throw new NotRendered("int with a base");
  }
  if (/^[+-]?\d+$/.test(digits)) {
    return BigInt(digits.replace(/^\+/, ""));
  }
  const float = toFloat(value);
  return float === undefined || !Number.isFinite(float) ? undefined : BigInt(Math.trunc(float));
}

function toFloat(value: Value): number | undefined {
  const number = asNumber(value);
  if (number !== undefined) {
    return Number(number);
  }
  const digits = isText(value) ? textOf(value).trim() : "";
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(digits) ? Number(digits) : undefined;
}

function truncated(
  value: string,
  most: number,
  killWords: boolean,
  end: string,
  leeway: number,
): string {
  if (value.length <= most + leeway) {
    return value;
  }
  const cut = value.slice(0, most - end.length);
  const space = cut.lastIndexOf(" ");
  return (killWords || space === -1 ? cut : cut.slice(0, space)) + end;
}

/** Python's `quote`. */
function urlPart(value: string, keepsSlash: boolean): string {
  const quoted = encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return keepsSlash ? quoted.replaceAll("%2F", "/") : quoted;
}

/** As the pattern `<!--.*?-->|<[^>]*>` would find them, which takes long where tags do not end. */
function withoutTags(html: string): string {
  const lastEnd = html.lastIndexOf("-->");
  let kept = "";
  let at = 0;
  for (let start = html.indexOf("<"); start >= 0; start = html.indexOf("<", at)) {
    const isComment = html.startsWith("<!--", start) && lastEnd >= start + 4;
    const end = isComment ? html.indexOf("-->", start + 4) + 3 : html.indexOf(">", start) + 1;
    if (end === 0) {
      break;
    }
    kept += html.slice(at, start);
    at = end;
  }
  return kept + html.slice(at);
}
