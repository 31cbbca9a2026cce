import { type Diagnostic } from "../diagnostics";
import { type KeyPath } from "./credential-detection";
import { type FieldTable } from "./field";
import { valueAt } from "../json";
import { secretPaths } from "./secret-paths";
import { compact } from "./state";
import { holdsUnknown } from "./unknown";
import { validate } from "./validate";

/** Args after check. Values may still be unknown. */
export type CheckedInputs = Record<string, unknown>;

/** What check found: the inputs to keep, the places in them that are secret, and every fault. */
export interface Checked {
  readonly inputs: CheckedInputs;
  readonly secrets: readonly KeyPath[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Validates and normalises what a program wrote: a property that is null is one that is not written. Pure: no I/O.
 *
 * Create-only inputs keep their first value, whether that was a value or none; an identifier that adopts may be
 * named later (diff decides whether that is another connector) and is kept when the line is removed again.
 *
 * @param previous the inputs of the last deployment; `undefined` on create and on replace.
 */
export function check(
  table: FieldTable,
  written: Readonly<Record<string, unknown>>,
  previous: CheckedInputs | undefined,
): Checked {
  const diagnostics = validate(table, compact(written));
  const inputs: CheckedInputs = Object.fromEntries(
    Object.entries(written).filter(([, value]) => value !== undefined && value !== null),
  );
  if (previous) {
    keepFirstValues(table, inputs, previous);
  }
  const secrets = secretPaths(table, inputs).filter((path) => !holdsUnknown(valueAt(inputs, path)));
  return { inputs, secrets, diagnostics };
}

function keepFirstValues(table: FieldTable, inputs: CheckedInputs, previous: CheckedInputs): void {
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
