import { type Diagnostic, errorDiagnostic, joinPath } from "../../diagnostics";
import { isReference } from "../../model/credential-detection";
import { type JsonObject, valueAt } from "../../json";
import { secretPaths } from "../../model/secret-paths";
import { type DefinitionCheck } from "./definition-check";
import { type Definition } from "../definition";
import { valueOf } from "../read/node";

/** Checks that `validate` runs and a deployment does not. */
export const advisoryChecks: readonly DefinitionCheck[] = [
  clearText,
  ({ vendor }, properties) => vendor.advisoryRules().flatMap((rule) => rule(properties)),
];

/**
 * Finds secrets in plain text, in values as they are written, including text around a reference.
 */
function clearText({ vendor, properties }: Definition): Diagnostic[] {
  const written = valueOf(properties) as JsonObject;
  const secret = secretPaths(vendor.table, written).filter((path) =>
    [valueAt(written, path)].flat().some((text) => typeof text === "string" && !isReference(text)),
  );
  return secret.map((path) =>
    errorDiagnostic(
      "secret/clear-text",
      joinPath(...path),
      "looks like a secret in plain text",
      "Set it with `pulumi config set --secret key …`, and write ${config.key} here; change the secret, because git keeps the old value",
    ),
  );
}
