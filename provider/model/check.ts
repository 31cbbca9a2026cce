import { type Diagnostic } from "../diagnostics";
import { type KeyPath } from "./credential-detection";
import { type FieldKind, type FieldTable, valuesOf } from "./field";
import { isObject, valueAt } from "../json";
import { secretPaths } from "./secret-paths";
import { type CheckedInputs, compact, type Inputs, type Stages } from "./state";
import { holdsUnknown } from "./unknown";
import { validate } from "./validate";

/**
 * The result of check: the inputs to keep, the places in them that are secret, and every
 * diagnostic.
 */
export interface Checked {
  readonly inputs: CheckedInputs;
  readonly secrets: readonly KeyPath[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Validates and normalises what a program wrote: a property that is null is one that is not
 * written. Pure: no I/O.
 *
 * Create-only inputs keep their first value, whether that was a value or none; an identifier that
 * adopts may be named later (diff decides whether that is another connector) and is kept when the
 * line is removed again.
 *
 * @param previous the inputs of the last deployment; `undefined` on create and on replace.
 */
export function check(
  table: FieldTable,
  written: Readonly<Record<string, unknown>>,
  previous: Readonly<Record<string, unknown>> | undefined,
): Checked {
  const diagnostics = validate(table, compact(written));
  const inputs: Record<string, unknown> = Object.fromEntries(
    Object.entries(written).filter(([, value]) => value !== undefined && value !== null),
  );
  if (previous) {
    keepFirstValues(table, inputs, previous);
  }
  const secrets = secretPaths(table, inputs).filter((path) => !holdsUnknown(valueAt(inputs, path)));
  return { inputs: checkedBefore(inputs), secrets, diagnostics };
}

/** Inputs that `check` returned in an earlier call, as the engine hands them back. */
export function checkedBefore(values: Readonly<Record<string, unknown>>): CheckedInputs {
  return values as CheckedInputs;
}

/** Checked inputs of which every value is known. */
export function knownInputs<V extends Stages>(inputs: CheckedInputs): Inputs<V> {
  if (holdsUnknown(inputs)) {
    throw new TypeError("an input is still unknown when the connector is written");
  }
  return inputs as unknown as Inputs<V>;
}

/** Those of the inputs that are known, and of the type that their field has. */
export function knownPart<V extends Stages>(
  table: FieldTable,
  inputs: CheckedInputs,
): Partial<V["inputs"]> {
  const known = valuesOf(table, inputs).filter(
    ([{ kind }, value]) => hasTypeOf(kind, value) && !holdsUnknown(value),
  );
  const byName = Object.fromEntries(known.map(([{ name }, value]) => [name, value]));
  return byName as unknown as Partial<V["inputs"]>;
}

function hasTypeOf(kind: FieldKind, value: unknown): boolean {
  switch (kind) {
    case "text":
    case "choice":
      return typeof value === "string";
    case "integer":
      return typeof value === "number";
    case "entries":
    case "document":
    case "secrets":
    case "file":
      return isObject(value);
  }
}

function keepFirstValues(
  table: FieldTable,
  inputs: Record<string, unknown>,
  previous: Readonly<Record<string, unknown>>,
): void {
  for (const { name, createOnly, replaces } of table.fields) {
    if (!createOnly || (replaces && inputs[name] !== undefined)) {
      continue;
    }
    if (previous[name] === undefined) {
      Reflect.deleteProperty(inputs, name);
    } else {
      inputs[name] = previous[name];
    }
  }
}
