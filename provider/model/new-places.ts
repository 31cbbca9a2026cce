import { type KeyPath } from "./credential-detection";
import { isEqual } from "./differences";
import { digest, LABELS, leaves, pack, shapeOf, unpack } from "./document";
import { isEmpty, own } from "./equivalence";
import { type FieldTable } from "./field";
import { isObject, type Json } from "../json";

type Values = Readonly<Record<string, unknown>>;

/**
 * The engine knows that a value is secret by its place in what it held before, and a provider is
 * never told. So where a field can hold a secret, a value is open only at a place that was held
 * before: there the engine's mark counts. A list counts as a whole, because the engine marks it as
 * a whole.
 *
 * @param before what the engine marks by: values, or their shape.
 * @param known finds the texts that are secret: what has changed and contains one of them is secret
 *   anywhere. Called for each value that has changed.
 */
export function readSecrets(
  { fields }: FieldTable,
  values: Values,
  before: Values,
  known: () => readonly string[],
): KeyPath[] {
  const secretable = new Set(fields.filter(({ secret }) => secret).map(({ name }) => name));
  return Object.entries(values).flatMap(([name, value]) =>
    placesWithout(
      value,
      own(before, name),
      (now, then) => (!secretable.has(name) || covers(then, now)) && !exposes(now, then, known),
      [name],
    ),
  );
}

/**
 * Of a state after a write, the engine marks what is secret in the inputs that were written. What
 * is something else than these inputs, such as an older value, is secret wherever its field can be.
 */
export function writtenSecrets({ fields }: FieldTable, state: Values, inputs: Values): KeyPath[] {
  return fields.flatMap(({ name, secret }) =>
    secret === undefined ? [] : placesWithout(state[name], inputs[name], isSame, [name]),
  );
}

/** The places in a value at which `isOpen` does not hold, lists as a whole. */
function placesWithout(
  value: unknown,
  before: unknown,
  isOpen: (value: unknown, before: unknown) => boolean,
  path: KeyPath,
): KeyPath[] {
  if (isObject(value)) {
    const known = isObject(before) ? before : {};
    return Object.entries(value).flatMap(([key, item]) =>
      placesWithout(item, own(known, key), isOpen, [...path, key]),
    );
  }
  return isEmpty(value) || isOpen(value, before) ? [] : [path];
}

/**
 * Whether `before` has every place of `value`. An item of another name in a list is at another
 * place.
 */
function covers(before: unknown, value: unknown): boolean {
  if (Array.isArray(value)) {
    return (
      Array.isArray(before) &&
      before.length === value.length &&
      value.every((item, index) => covers(before[index], item))
    );
  }
  if (isObject(value)) {
    return (
      isObject(before) &&
      LABELS.every((key) => labelOf(before, key) === labelOf(value, key)) &&
      Object.entries(value).every(([key, item]) => covers(own(before, key), item))
    );
  }
  return isEmpty(value) || (before !== undefined && before !== null && typeof before !== "object");
}

function labelOf(item: Values, key: string): string | undefined {
  const label = own(item, key);
  return typeof label === "string" ? label : undefined;
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** A secret that is shorter may be an ordinary word, or a part of one. */
const LEAST_LENGTH = 6;

function exposes(value: unknown, before: unknown, known: () => readonly string[]): boolean {
  return (
    !isSame(value, before) &&
    leaves(value).some((text) =>
      known().some(
        (secret) => text === secret || (secret.length >= LEAST_LENGTH && text.includes(secret)),
      ),
    )
  );
}

/**
 * Key of a state under which the shape of the inputs on record is packed, where the state itself
 * does not say it.
 */
export const INPUT_SHAPE = "inputShape";

/**
 * What is known of the places that the inputs on record have: of a state, their values, or their
 * shape.
 */
export function inputsOnRecord(table: FieldTable, stored: Values): Values {
  const shape = stored[INPUT_SHAPE];
  return typeof shape === "string" ? (unpack(shape) as Values) : impliedInputs(table, stored);
}

/**
 * A document is known when the state's digest is that of the document that was written, and not of
 * a changed one.
 */
function impliedInputs({ fields }: FieldTable, stored: Values): Values {
  return Object.fromEntries(
    fields.flatMap(({ name, secret, packedAs, digestedAs }): [string, unknown][] => {
      if (secret !== "byName") {
        return [];
      }
      const source = packedAs === undefined ? undefined : stored[packedAs];
      if (typeof source !== "string" || digestedAs === undefined) {
        return [[name, stored[name]]];
      }
      const document = unpack(source);
      return digest(document) === stored[digestedAs] ? [[name, document]] : [];
    }),
  );
}

/** A state with what {@link inputsOnRecord} needs besides it to know the places of `inputs`. */
export function withInputShape<S extends Values>(table: FieldTable, state: S, inputs: Values): S {
  const shape = inputShape(table, inputs);
  return isEqual(shape, inputShape(table, impliedInputs(table, state)))
    ? state
    : { ...state, [INPUT_SHAPE]: pack(shape) };
}

function inputShape({ fields }: FieldTable, values: Values): Json {
  return Object.fromEntries(
    fields.flatMap(({ name, secret }) => {
      const value = values[name];
      return secret !== "byName" || value === undefined ? [] : [[name, shapeOf(value)]];
    }),
  );
}
