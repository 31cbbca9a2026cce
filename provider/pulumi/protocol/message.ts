import { Reader } from "./reader";
import { type Part, readStruct, type Values, writeStruct } from "./struct";
import { WIRE, Writer } from "./writer";

/** One field of a message: where it is, and how it is read and written. */
export interface Field<T> {
  readonly number: number;
  /** What a message without the field says. */
  readonly missing: T;
  /** @param before what the message has said so far. */
  read(reader: Reader, before: T): T;
  write(writer: Writer, value: T): void;
}

/** A field of any type. */
interface AnyField extends Omit<Field<never>, "missing" | "read"> {
  readonly missing: unknown;
  read(reader: Reader, before: never): unknown;
}

/** A message's fields by the names that they have here. */
type Fields = Readonly<Record<string, AnyField>>;

type ValueOf<F> = F extends Field<infer T> ? T : never;

/** What a message says. */
export type Message<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

/** Reads and writes one kind of message; fields that are not named are passed over. */
export interface Codec<T> {
  readonly decode: (bytes: Buffer) => T;
  readonly encode: (value: Partial<T>) => Buffer;
}

export const text = (number: number): Field<string> => ({
  number,
  missing: "",
  read: (reader) => reader.text(),
  write: (writer, value) => writer.nested(number, () => writer.text(value)),
});

export const flag = (number: number): Field<boolean> => ({
  number,
  missing: false,
  read: (reader) => reader.varint() !== 0,
  write(writer, value) {
    writer.varint(value ? 1 : 0);
    writer.tag(number, WIRE.varint);
  },
});

/** A whole number that is not negative. */
export const count = (number: number): Field<number> => ({
  number,
  missing: 0,
  read: (reader) => reader.varint(),
  write(writer, value) {
    writer.varint(value);
    writer.tag(number, WIRE.varint);
  },
});

export const double = (number: number): Field<number> => ({
  number,
  missing: 0,
  read: (reader) => reader.double(),
  write(writer, value) {
    writer.double(value);
    writer.tag(number, WIRE.double);
  },
});

export const bytes = (number: number): Field<Uint8Array> => ({
  number,
  missing: new Uint8Array(),
  read: (reader) => reader.bytes(),
  write: (writer, value) => writer.nested(number, () => writer.bytes(value)),
});

/**
 * Property values. They stay bytes until they are asked for, and each call decodes them: large
 * values that are not read, or only once, are not kept.
 */
export type Packed = (part?: Part) => Values;

export const struct = (number: number): Field<Packed | undefined> => ({
  number,
  missing: undefined,
  read(reader) {
    const part = reader.bytes();
    return (wanted) => readStruct(new Reader(part), wanted);
  },
  write(writer, value) {
    if (value !== undefined) {
      writer.nested(number, () => writeStruct(writer, value()));
    }
  },
});

/** A field that may come several times. */
export const repeated = <T>(field: Field<T>): Field<readonly T[]> => ({
  number: field.number,
  missing: [],
  read: (reader, before) => [...before, field.read(reader, field.missing)],
  write(writer, values) {
    for (const value of values.toReversed()) {
      field.write(writer, value);
    }
  },
});

/** A message within a message. */
export const nested = <F extends Fields>(number: number, fields: F): Field<Message<F>> => ({
  number,
  missing: readFields(new Reader(Buffer.alloc(0)), fields),
  read: (reader) => readFields(reader.nested(), fields),
  write: (writer, value) => writer.nested(number, () => writeFields(writer, fields, value)),
});

export function message<F extends Fields>(fields: F): Codec<Message<F>> {
  return {
    decode: (received) => readFields(new Reader(received), fields),
    encode(value) {
      const writer = new Writer();
      writeFields(writer, fields, value);
      return writer.finish();
    },
  };
}

function readFields<F extends Fields>(reader: Reader, fields: F): Message<F> {
  const names = new Map(
    Object.entries(fields).map(([name, field]) => [field.number, [name, field] as const]),
  );
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(fields).map(([name, { missing }]) => [name, missing]),
  );
  while (!reader.isAtEnd) {
    const { field: number, type } = reader.tag();
    const known = names.get(number);
    if (known === undefined) {
      reader.skip(type);
    } else {
      const [name, field] = known;
      values[name] = field.read(reader, values[name] as never);
    }
  }
  return values as Message<F>;
}

function writeFields<F extends Fields>(
  writer: Writer,
  fields: F,
  values: Partial<Message<F>>,
): void {
  for (const [name, field] of Object.entries(fields).reverse()) {
    const value = values[name];
    if (value !== undefined) {
      field.write(writer, value as never);
    }
  }
}
