import { isObject } from "../../json";
import { type Reader } from "./reader";
import { WIRE, type Writer } from "./writer";

/**
 * `google.protobuf.Struct` to and from plain values, without objects in between: a fleet's messages
 * have tens of megabytes.
 */
export type Values = Readonly<Record<string, unknown>>;

/** Fields of `google.protobuf.Value`. */
const VALUE = { null: 1, number: 2, text: 3, boolean: 4, struct: 5, list: 6 } as const;

/** What to read of a struct; the rest stays bytes. */
export interface Part {
  /** How many maps and lists within each other are read; those further in are empty. Default: all. */
  readonly depth?: number;
  /** A property that is left out. */
  readonly without?: string;
}

/**
 * The engine sends the keys of a map in a random order. They are sorted here, as Pulumi's own SDK
 * sorts them: lists that are made of maps would differ from one message to the next.
 */
export function readStruct(reader: Reader, { depth = Infinity, without }: Part = {}): Values {
  const entries: Entry[] = [];
  while (depth > 0 && !reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1) {
      const entry = readEntry(reader.nested(), depth, without);
      if (entry !== undefined) {
        entries.push(entry);
      }
    } else {
      reader.skip(type);
    }
  }
  // Made of pairs, `__proto__` is a key like any other.
  return Object.fromEntries(entries.sort(byKey));
}

type Entry = readonly [key: string, value: unknown];

function byKey([one]: Entry, [other]: Entry): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Undefined for the property that is left out. */
function readEntry(reader: Reader, depth: number, without: string | undefined): Entry | undefined {
  let key = "";
  let value: unknown = null;
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1) {
      key = reader.text();
      if (key === without) {
        return undefined;
      }
    } else if (field === 2) {
      value = readValue(reader.nested(), depth);
    } else {
      reader.skip(type);
    }
  }
  return [key, value];
}

function readValue(reader: Reader, depth: number): unknown {
  let value: unknown = null;
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    const read = READ[field];
    if (read === undefined) {
      reader.skip(type);
    } else {
      value = read(reader, depth);
    }
  }
  return value;
}

const READ: Readonly<Record<number, (reader: Reader, depth: number) => unknown>> = {
  [VALUE.null](reader) {
    reader.varint();
    return null;
  },
  [VALUE.number]: (reader) => reader.double(),
  [VALUE.text]: (reader) => reader.text(),
  [VALUE.boolean]: (reader) => reader.varint() !== 0,
  [VALUE.struct]: (reader, depth) => readStruct(reader.nested(), { depth: depth - 1 }),
  [VALUE.list]: (reader, depth) => readList(reader.nested(), depth - 1),
};

function readList(reader: Reader, depth: number): unknown[] {
  const items: unknown[] = [];
  while (depth > 0 && !reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1) {
      items.push(readValue(reader.nested(), depth));
    } else {
      reader.skip(type);
    }
  }
  return items;
}

/** Values that are undefined are left out; in a list, they become null. */
export function writeStruct(writer: Writer, values: Values): void {
  for (const [key, value] of Object.entries(values).reverse()) {
    if (value !== undefined) {
      writer.nested(1, () => {
        writer.nested(2, () => writeValue(writer, value));
        writer.nested(1, () => writer.text(key));
      });
    }
  }
}

function writeValue(writer: Writer, value: unknown): void {
  if (typeof value === "string") {
    writer.nested(VALUE.text, () => writer.text(value));
  } else if (typeof value === "number") {
    writer.double(value);
    writer.tag(VALUE.number, WIRE.double);
  } else if (typeof value === "boolean") {
    writer.varint(value ? 1 : 0);
    writer.tag(VALUE.boolean, WIRE.varint);
  } else if (Array.isArray(value)) {
    writer.nested(VALUE.list, () => {
      for (const item of (value as unknown[]).toReversed()) {
        writer.nested(1, () => writeValue(writer, item ?? null));
      }
    });
  } else if (isObject(value)) {
    writer.nested(VALUE.struct, () => writeStruct(writer, value));
  } else if (value === null) {
    writer.varint(0);
    writer.tag(VALUE.null, WIRE.varint);
  } else {
    throw new TypeError(`The engine's protocol cannot carry a ${typeof value}.`);
  }
}
