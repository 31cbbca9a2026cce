import { type Entries, type NameValue, projectEntries } from "./entries";
import { isEmpty, matches } from "./equivalence";
import { type Field, type FieldTable } from "./field";
import { type Json } from "../json";
import { compact } from "./state";

/**
 * A remote connector's values by our property names: scalars as they are, entries as the vendor's
 * list.
 */
export type RemoteValues = Readonly<Record<string, Json | readonly NameValue[] | undefined>>;

/**
 * Remote → the program's values. The rules, in order, for each field that the vendor's object has:
 *
 * 1. A create-only field keeps what the program wrote; the vendor knows nothing of it.
 * 2. A field left alone when unset stays unset.
 * 3. A capped field that the program did not write stays unset; one that the vendor lowered keeps
 *    the requested value; one that somebody raised, or removed, is drift.
 * 4. A field superseded by another one that is set keeps what the program wrote.
 * 5. Entries are compared name by name (`projectEntries`).
 * 6. A value that only differs in form keeps the program's form (`matches`); the vendor's default
 *    for an unset field stays unset.
 * 7. Anything else is drift and takes the remote value, also where the program wrote nothing: the
 *    next full replacement would reset it, and a preview must say so.
 */
export function projectFields<I extends object>(
  table: FieldTable,
  remote: RemoteValues,
  written: Partial<I> | undefined,
): Partial<I> {
  const known = written as Readonly<Record<string, Json>> | undefined;
  const projected = compact(
    Object.fromEntries(
      table.fields.map((field) => [field.name, projectField(field, remote, known)]),
    ),
  );
  return projected as unknown as Partial<I>;
}

function projectField(
  field: Field,
  remote: RemoteValues,
  written: Readonly<Record<string, Json>> | undefined,
): Json | undefined {
  const wanted = written?.[field.name];
  if (field.createOnly || field.vendorName === undefined) {
    return wanted;
  }
  if (written === undefined) {
    return projectValue(field, remote, undefined, false);
  }
  if (field.unmanagedWhenUnset && wanted === undefined) {
    return undefined;
  }
  if (field.cappedAs !== undefined) {
    return projectCapped(wanted, remote[field.name] as Json | undefined);
  }
  if (field.supersededBy !== undefined && !isEmpty(written[field.supersededBy])) {
    return wanted;
  }
  return projectValue(field, remote, wanted, true);
}

function projectValue(
  field: Field,
  remote: RemoteValues,
  wanted: Json | undefined,
  isManaged: boolean,
): Json | undefined {
  const actual = remote[field.name];
  if (field.kind === "entries") {
    const list = (actual ?? []) as readonly NameValue[];
    return projectEntries(wanted as Entries | undefined, list, field.caseInsensitiveKeys ?? false);
  }
  return projectScalar(field, wanted, actual as Json | undefined, isManaged);
}

function projectCapped(wanted: Json | undefined, actual: Json | undefined): Json | undefined {
  if (wanted === undefined || wanted === null) {
    return wanted;
  }
  const effective = Number(actual);
  if (actual !== undefined && actual !== null && effective <= Number(wanted)) {
    return wanted;
  }
  return actual ?? undefined;
}

function projectScalar(
  field: Field,
  wanted: Json | undefined,
  actual: Json | undefined,
  isManaged: boolean,
): Json | undefined {
  const stored = actual ?? field.default ?? null;
  if (isManaged && matches(wanted ?? field.default ?? null, stored)) {
    return wanted;
  }
  return isEmpty(actual) ? undefined : (actual ?? undefined);
}

/** The values without those that the vendor stores by itself when a field is left out. */
export function withoutDefaults(
  { fields }: FieldTable,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const defaults = new Map(fields.map((field) => [field.name, field.default]));
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      const byItself = defaults.get(name);
      return isEmpty(byItself) ? !isEmpty(value) : !matches(byItself, value);
    }),
  );
}

/** A limit that the vendor's plan lowers. */
export interface LoweredLimit {
  /** Name of the property. */
  readonly property: string;
  /** Name of the output that holds what the vendor grants. */
  readonly output: string;
  readonly wanted: number;
  readonly effective: number;
}

/** The limits of which the vendor grants less than the inputs ask for. */
export function loweredLimits(
  { fields }: FieldTable,
  inputs: Readonly<Record<string, unknown>>,
  state: Readonly<Record<string, unknown>>,
): LoweredLimit[] {
  return fields.flatMap(({ name: property, cappedAs: output }) => {
    if (output === undefined) {
      return [];
    }
    const [wanted, effective] = [inputs[property], state[output]];
    return typeof wanted === "number" && typeof effective === "number" && effective < wanted
      ? [{ property, output, wanted, effective }]
      : [];
  });
}

/** The highest limit that the vendor grants in any of these states, by output. */
export function highestLimits(
  { fields }: FieldTable,
  states: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    fields.flatMap(({ cappedAs: output }) => {
      const granted = states
        .map((state) => (output === undefined ? undefined : state[output]))
        .filter((limit) => typeof limit === "number");
      return output === undefined || granted.length === 0 ? [] : [[output, Math.max(...granted)]];
    }),
  );
}

/** The outputs in a state that the vendor decides. */
export function computedOutputs<S extends object>({ computed }: FieldTable, state: S): Partial<S> {
  const values = state as Readonly<Record<string, unknown>>;
  const outputs = compact(Object.fromEntries(computed.map(({ name }) => [name, values[name]])));
  return outputs as unknown as Partial<S>;
}

/**
 * The values of all fields, `undefined` for those that are not written: what a full replacement
 * leaves.
 */
export function everyField<I extends object>({ fields }: FieldTable, inputs: I): Partial<I> {
  const values = inputs as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    fields.map(({ name }) => [name, values[name]]),
  ) as unknown as Partial<I>;
}
