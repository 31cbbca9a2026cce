import { type Entries, type NameValue, projectEntries } from "./entries";
import { isEmpty, matches } from "./equivalence";
import { type Field, type FieldTable } from "./field";
import { type Json } from "../json";
import { compact, type State } from "./state";

/** A remote connector's values by our property names: scalars as they are, entries as the vendor's list. */
export type RemoteValues = Readonly<Record<string, Json | readonly NameValue[] | undefined>>;

/**
 * Remote → the program's values. The rules, in order, for each field that the vendor's object has:
 *
 * 1. A create-only field keeps what the program wrote; the vendor knows nothing of it.
 * 2. A field left alone when unset stays unset.
 * 3. A capped field that the program did not write stays unset; one that the vendor lowered keeps the requested value;
 *    one that somebody raised, or removed, is drift.
 * 4. A field superseded by another one that is set keeps what the program wrote.
 * 5. Entries are compared name by name (`projectEntries`).
 * 6. A value that only differs in form keeps the program's form (`matches`); the vendor's default for an unset field
 *    stays unset.
 * 7. Anything else is drift and takes the remote value, also where the program wrote nothing: the next full
 *    replacement would reset it, and a preview must say so.
 */
export function projectFields(
  table: FieldTable,
  remote: RemoteValues,
  written: State | undefined,
): State {
  return compact(
    Object.fromEntries(
      table.fields.map((field) => [field.name, projectField(field, remote, written)]),
    ),
  );
}

function projectField(
  field: Field,
  remote: RemoteValues,
  written: State | undefined,
): Json | undefined {
  const wanted = written?.[field.name];
  const actual = remote[field.name];
  if (field.createOnly || field.vendorName === undefined) {
    return wanted;
  }
  if (written !== undefined && field.unmanagedWhenUnset && wanted === undefined) {
    return undefined;
  }
  if (field.cappedAs !== undefined && written !== undefined) {
    return projectCapped(wanted, actual as Json | undefined);
  }
  if (field.supersededBy !== undefined && !isEmpty(written?.[field.supersededBy])) {
    return wanted;
  }
  if (field.kind === "entries") {
    const list = (actual ?? []) as readonly NameValue[];
    return projectEntries(wanted as Entries | undefined, list, field.caseInsensitiveKeys ?? false);
  }
  return projectScalar(field, wanted, actual as Json | undefined, written !== undefined);
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
  managed: boolean,
): Json | undefined {
  const stored = actual ?? field.default ?? null;
  if (managed && matches(wanted ?? field.default ?? null, stored)) {
    return wanted;
  }
  return isEmpty(actual) ? undefined : (actual ?? undefined);
}
