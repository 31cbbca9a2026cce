import { type Diagnostic, errorDiagnostic, joinPath } from "../../diagnostics";
import { isReference } from "../../model/credential-detection";
import { type AdvisoryRule } from "../../model/field";
import { type JsonObject, valueAt } from "../../json";
import { secretPaths } from "../../model/secret-paths";
import { databarAdvisoryRules } from "../../vendors/databar/advisory-rules";
import { supermetricsAdvisoryRules } from "../../vendors/supermetrics/advisory-rules";
import { type DefinitionCheck } from "./definition-check";
import { type Definition } from "../definition";
import { type ConnectorType } from "../../vendors/tables";
import { valueOf } from "../read/node";

/** By a definition's `type`. */
export const ADVISORY_RULES: Readonly<Record<ConnectorType, readonly AdvisoryRule[]>> = {
  DatabarConnector: databarAdvisoryRules,
  SupermetricsConnector: supermetricsAdvisoryRules,
};

/** Checks that `validate` runs and a deployment does not. */
export const advisoryChecks: readonly DefinitionCheck[] = [
  clearText,
  ({ type }, properties) => ADVISORY_RULES[type].flatMap((rule) => rule(properties)),
];

/** Finds secrets in plain text, in values as they are written, including text around a reference. */
function clearText({ kind, properties }: Definition): Diagnostic[] {
  const written = valueOf(properties) as JsonObject;
  const secret = secretPaths(kind.table, written).filter((path) =>
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
