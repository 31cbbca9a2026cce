import { type Diagnostic } from "../diagnostics";
import { type Json, type JsonObject } from "../json";
import { Unknown } from "./unknown";

/**
 * What a field means, as data. One table per vendor, one interpreter (this folder): check, diff,
 * patch, project, the JSON Schema and the reference pages all read these rows.
 */
export interface Field {
  /** Property name on our side. */
  readonly name: string;
  /**
   * The vendor's name of the same thing; `undefined` when the vendor's object has no such field.
   */
  readonly vendorName?: string;
  /**
   * Where the vendor has it all the same, for reference pages; `undefined` when the vendor knows
   * nothing of it.
   */
  readonly vendorPlace?: string;
  readonly kind: FieldKind;
  /** One or two sentences for editors and reference pages. */
  readonly description: string;
  readonly example: Json;
  readonly required?: true;
  /** What the vendor stores when the field is left out. */
  readonly default?: Json;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Regular expression source with the sentence that explains it. */
  readonly pattern?: readonly [source: string, meaning: string];
  /** The closed list of values, for `choice`. */
  readonly values?: readonly string[];
  /** Name of a choice's exported type. */
  readonly typeName?: string;
  /** Keeps its first value: a later edit does not update the connector. */
  readonly createOnly?: true;
  /**
   * A change is a replacement. Together with `createOnly`: naming another existing connector is.
   */
  readonly replaces?: true;
  /** Where the program does not write it, the vendor's setting of the same name stands in. */
  readonly fromSettings?: true;
  /** `always`; or `byName`: entries whose name says credential. */
  readonly secret?: "always" | "byName";
  /** The vendor never gives the value back. */
  readonly writeOnly?: true;
  /** Left alone when the program does not write it: never sent, never drift. */
  readonly unmanagedWhenUnset?: true;
  /**
   * The vendor may store less than asked; what it stores becomes the output of this name, and no
   * drift.
   */
  readonly cappedAs?: string;
  /** The state holds the value as a digest, under this key. */
  readonly digestedAs?: string;
  /** The state holds the value as last written packed, under this key, and always secret. */
  readonly packedAs?: string;
  /** Entry names are compared without regard to case. */
  readonly caseInsensitiveKeys?: true;
  /** While the field of this name is set, the vendor may rewrite this one: no drift. */
  readonly supersededBy?: string;
  /** Of a `file`: what a program finds at its path, faults included. Never throws. */
  readonly describe?: (path: unknown) => FileDigest | FileFault;
  /** What the schema cannot say. Called only with values of the right type that hold no unknown. */
  readonly rules?: readonly Rule[];
  /** What values must be besides the bounds above, in words for reference pages. */
  readonly form?: string;
}

/**
 * `text`, `integer` and `choice` are scalars; `entries` maps a name to a text or a list of texts;
 * `document` is an open JSON object; `secrets` maps a name to a secret text; `file` describes a
 * file of the project.
 */
export type FieldKind = "text" | "integer" | "choice" | "entries" | "document" | "secrets" | "file";

/** Checks one value. `path` is its property path; messages must not repeat the value. */
export type Rule = (value: unknown, path: string) => readonly Diagnostic[];

/**
 * Checked by `validate` only: what the vendor would accept, but is probably a mistake. Values may
 * be unknown.
 */
export type AdvisoryRule = (properties: Readonly<Record<string, unknown>>) => readonly Diagnostic[];

/** An output that the vendor, not the program, decides. */
export interface ComputedField {
  readonly name: string;
  readonly vendorName: string;
  /** `texts` maps a name to a text. */
  readonly kind: "text" | "integer" | "texts";
  readonly description: string;
}

/** A field of the vendor's object that this package does not carry, and why. */
export interface LeftOut {
  readonly vendorName: string;
  readonly reason: string;
}

/** All that is known of a vendor's connector object. */
export interface FieldTable {
  /** The vendor's display name, for messages. */
  readonly vendor: string;
  /** The resource's class name. */
  readonly resource: string;
  /** Page of the vendor that the rows come from. */
  readonly docs: string;
  readonly fields: readonly Field[];
  readonly computed: readonly ComputedField[];
  readonly leftOut: readonly LeftOut[];
  /** Check several fields together. Called with the inputs as written; values may be unknown. */
  readonly rules?: readonly ((
    inputs: Readonly<Record<string, unknown>>,
  ) => readonly Diagnostic[])[];
}

/** A definition that takes an existing connector over as it is. */
export interface ExportedDefinition {
  readonly properties: JsonObject;
  /** What people should know of it, line by line. */
  readonly notes: readonly string[];
  /**
   * A property that is better kept in a file of its own, and the order of keys that people are used
   * to in it.
   */
  readonly document?: { readonly property: string; readonly known: KnownKeys };
}

/** Keys whose order people are used to, at each depth. */
export interface KnownKeys {
  readonly keys?: Readonly<Record<string, KnownKeys>>;
  readonly items?: KnownKeys;
}

/** Each row of a table with its value. */
export function valuesOf(
  { fields }: FieldTable,
  values: Readonly<Record<string, unknown>>,
): (readonly [field: Field, value: unknown])[] {
  return fields.map((field) => [field, values[field.name]]);
}

/**
 * Properties with what there is at the path of each file that they name; a path that is not known
 * yet stays.
 */
export function describeFiles(
  { fields }: FieldTable,
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const described = fields.flatMap(({ name, describe }): [string, unknown][] => {
    const path = properties[name];
    return describe && path !== undefined && path !== null && !(path instanceof Unknown)
      ? [[name, describe(path)]]
      : [];
  });
  return { ...properties, ...Object.fromEntries(described) };
}

/** Name of the input that adopts an existing connector. */
export function adoptingField({ fields }: FieldTable): string {
  return fields.find((field) => field.createOnly && field.replaces)?.name ?? "id";
}

/**
 * What check leaves of a file that a definition names: enough to notice a change, without the
 * content.
 */
export type FileDigest = { readonly path: string; readonly sha256: string };

/** Why a file cannot be used, as the end of a sentence about its property. */
export type FileFault = { readonly path: string; readonly fault: string };

/** The row of every vendor that names the type {@link OnConflict}. */
export const ON_CONFLICT: Field = {
  name: "onConflict",
  kind: "choice",
  values: ["adopt", "create", "fail"],
  typeName: "OnConflict",
  createOnly: true,
  description:
    "What to do about an existing connector of the same name. Unset: adopt an identical one with a warning, fail on a different one. `adopt` takes over the one there is, `create` always creates another, `fail` refuses.",
  example: "adopt",
};

/**
 * What to do when a connector of the same name exists. Unset: an identical one is adopted with a
 * warning, a different one fails the deployment. `adopt` takes over the existing one, with any
 * content; `create` always creates another; `fail` refuses.
 */
export type OnConflict = "adopt" | "create" | "fail";
