import {
  credentialLeaves,
  type KeyPath,
  textCredentials,
  withoutScheme,
} from "./credential-detection";
import { type Diagnostic, errorDiagnostic, joinPath } from "../diagnostics";
import { holdsMask, isAllMask } from "./equivalence";
import { type Field, type FieldTable } from "./field";
import { isObject } from "../json";

/**
 * A value of asterisks alone is what a vendor or a web page shows in place of a secret. Written, it
 * would replace it.
 */
export function masks(
  { fields }: FieldTable,
  inputs: Readonly<Record<string, unknown>>,
): Diagnostic[] {
  return fields.flatMap((field) =>
    maskedPlaces(field, inputs[field.name]).map((path) =>
      errorDiagnostic(
        "secret/mask",
        joinPath(field.name, ...path),
        "is a mask, not a value: it would replace the secret that it stands for",
        "Write the secret itself",
      ),
    ),
  );
}

function maskedPlaces({ kind, secret }: Field, value: unknown): KeyPath[] {
  if (secret === undefined) {
    return [];
  }
  switch (kind) {
    case "entries":
    case "secrets":
      return isObject(value)
        ? Object.entries(value).flatMap(([name, item]) =>
            [item].flat().some(isMask) ? [[name]] : [],
          )
        : [];
    case "document":
      return credentialLeaves(value, isMask);
    case "text":
      return typeof value === "string" && masksCredential(value) ? [[]] : [];
    case "integer":
    case "choice":
    case "file":
      return [];
  }
}

function masksCredential(text: string): boolean {
  return holdsMask(text) && textCredentials(text).some(isMask);
}

function isMask(value: unknown): boolean {
  return typeof value === "string" && isAllMask(withoutScheme(value));
}
