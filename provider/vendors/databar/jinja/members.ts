import { ArgumentReader } from "./arguments";
import {
  areEqual,
  type Callable,
  type Dictionary,
  isText,
  itemsOf,
  keyOf,
  kindOf,
  Lazy,
  Members,
  NotRendered,
  requireLength,
  TemplateFailure,
  textOf,
  Tuple,
  Undefined,
  type Value,
} from "./values";

type Method<T> = (self: T, read: ArgumentReader) => Value;
type Methods<T> = Readonly<Record<string, readonly [readonly string[], Method<T>]>>;

const strip =
  (sides: { readonly left?: true; readonly right?: true }): Method<string> =>
  (self, read) => {
    const chars = read.value("chars");
    const set = chars === undefined || chars === null ? undefined : new Set(textOf(chars));
    const points = Array.from(self);
    const isKept = (point: string): boolean => !(set ? set.has(point) : /\s/.test(point));
    const last = points.findLastIndex(isKept);
    const first = last < 0 ? 0 : points.findIndex(isKept);
    return points
      .slice(
        sides.left ? (last < 0 ? points.length : first) : 0,
        sides.right ? last + 1 : undefined,
      )
      .join("");
  };

const TEXT: Methods<string> = {
  upper: [[], (self) => self.toUpperCase()],
  lower: [[], (self) => self.toLowerCase()],
  capitalize: [[], (self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase()],
  title: [
    [],
    (self) =>
      self.replace(
        /\p{L}+/gu,
        (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase(),
      ),
  ],
  strip: [["chars"], strip({ left: true, right: true })],
  lstrip: [["chars"], strip({ left: true })],
  rstrip: [["chars"], strip({ right: true })],
  split: [["sep", "maxsplit"], split],
  splitlines: [[], (self) => self.replace(/(\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/)],
  replace: [
    ["old", "new"],
    (self, read) => replaced(self, textOf(read.required("old")), textOf(read.required("new"))),
  ],
  startswith: [["prefix"], (self, read) => self.startsWith(textOf(read.required("prefix")))],
  endswith: [["suffix"], (self, read) => self.endsWith(textOf(read.required("suffix")))],
  removeprefix: [
    ["prefix"],
    (self, read) => {
      const prefix = textOf(read.required("prefix"));
      return self.startsWith(prefix) ? self.slice(prefix.length) : self;
    },
  ],
  removesuffix: [
    ["suffix"],
    (self, read) => {
      const suffix = textOf(read.required("suffix"));
      return self.endsWith(suffix) ? self.slice(0, self.length - suffix.length) : self;
    },
  ],
  join: [
    ["items"],
    (self, read) => {
      const items = itemsOf(read.required("items"));
      const wrong = items.find((item) => !isText(item));
      if (wrong !== undefined) {
        throw new TemplateFailure(`join has ${kindOf(wrong)} among its texts`);
      }
      requireLength(items.length * self.length);
      return items.map(textOf).join(self);
    },
  ],
  find: [["sub"], (self, read) => BigInt(self.indexOf(textOf(read.required("sub"))))],
  count: [["sub"], (self, read) => BigInt(self.split(textOf(read.required("sub"))).length - 1)],
  isdigit: [[], (self) => /^\p{Nd}+$/u.test(self)],
  isalpha: [[], (self) => /^\p{L}+$/u.test(self)],
  isalnum: [[], (self) => /^[\p{L}\p{N}]+$/u.test(self)],
  isspace: [[], (self) => /^\s+$/.test(self)],
  zfill: [
    ["width"],
    (self, read) => {
      const [sign = ""] = /^[-+]?/.exec(self) ?? [];
      return sign + self.slice(sign.length).padStart(read.width("width", 0) - sign.length, "0");
    },
  ],
  ljust: [["width"], (self, read) => self.padEnd(read.width("width", 0))],
  rjust: [["width"], (self, read) => self.padStart(read.width("width", 0))],
};

const LIST: Methods<Value[]> = {
  append: [
    ["item"],
    (self, read) => {
      self.push(read.required("item"));
      return null;
    },
  ],
  extend: [
    ["items"],
    (self, read) => {
      self.push(...itemsOf(read.required("items")));
      return null;
    },
  ],
  count: [
    ["item"],
    (self, read) => BigInt(self.filter((item) => areEqual(item, read.required("item"))).length),
  ],
  copy: [[], (self) => [...self]],
};

const DICTIONARY: Methods<Dictionary> = {
  get: [
    ["key", "default"],
    (self, read) => {
      const key = keyOf(read.required("key"));
      return (self.has(key) ? self.get(key) : read.value("default")) ?? null;
    },
  ],
  items: [[], (self) => new Lazy([...self].map((pair) => new Tuple(pair)))],
  keys: [[], (self) => new Lazy([...self.keys()])],
  values: [[], (self) => new Lazy([...self.values()])],
  copy: [[], (self) => new Map(self)],
  update: [
    ["other"],
    (self, read) => {
      const other = read.required("other");
      if (!(other instanceof Map)) {
        throw new NotRendered("update with something else than a dictionary");
      }
      other.forEach((value, key) => self.set(key, value));
      return null;
    },
  ],
};

/** Methods of Python's dictionaries that hide a key of the same name. */
const OTHER_DICTIONARY_METHODS: readonly string[] = [
  ...["clear", "fromkeys", "pop", "popitem", "setdefault"],
];

/** `value.name`: a method first, then an item. */
export function member(value: Value, name: string | bigint, label = String(name)): Value {
  if (typeof name === "bigint") {
    return item(value, name, label);
  }
  if (value instanceof Members) {
    return orMissing(value.members.get(name), label);
  }
  const method = methodOf(value, name);
  if (method) {
    return method;
  }
  return value instanceof Map ? item(value, name, label) : missing(value, label);
}

/** `value[index]`: an item first, then a method. */
export function item(value: Value, index: Value, label: string): Value {
  if (value instanceof Map) {
    const key = keyOf(index);
    return value.has(key)
      ? orMissing(value.get(key), label)
      : orMissing(methodOf(value, textOf(index)), label);
  }
  if (
    typeof index === "bigint" &&
    (isText(value) || Array.isArray(value) || value instanceof Tuple)
  ) {
    return orMissing(itemsOf(value).at(Number(index)), label);
  }
  return isText(index) ? member(value, textOf(index), label) : missing(value, label);
}

function orMissing(value: Value | undefined, label: string): Value {
  return value === undefined ? new Undefined(label) : value;
}

function missing(value: Value, label: string): Undefined {
  if (value instanceof Undefined) {
    throw new TemplateFailure(
      `${value.label} has no value, so it has no ${label.split(".").at(-1) ?? "member"}`,
    );
  }
  return new Undefined(label);
}

function methodOf(value: Value, name: string): Callable | undefined {
  if (isText(value)) {
    return bound(TEXT, name, textOf(value));
  }
  if (Array.isArray(value)) {
    return bound(LIST, name, value);
  }
  if (!(value instanceof Map)) {
    return undefined;
  }
  if (OTHER_DICTIONARY_METHODS.includes(name)) {
    throw new NotRendered(`the method ${name} of a dictionary`);
  }
  return bound(DICTIONARY, name, value);
}

function bound<T>(methods: Methods<T>, name: string, self: T): Callable | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) {
    return undefined;
  }
  const [parameters, run] = method;
  return (call) => run(self, new ArgumentReader(parameters, call));
}

function split(self: string, read: ArgumentReader): Value {
  const separator = read.value("sep");
  const most = read.whole("maxsplit", -1);
  if (separator === undefined || separator === null) {
    if (most >= 0) {
      throw new NotRendered("split at white space with a maximum");
    }
    return self.split(/\s+/).filter((word) => word !== "");
  }
  const parts = self.split(textOf(separator));
  return most < 0 || parts.length <= most + 1
    ? parts
    : [...parts.slice(0, most), parts.slice(most).join(textOf(separator))];
}

/** All occurrences of `old`; an empty one is at each character. */
function replaced(self: string, old: string, by: string): string {
  const parts = old === "" ? ["", ...Array.from(self), ""] : self.split(old);
  requireLength(parts.length * by.length);
  return parts.join(by);
}
