import { type Diagnostic, joinPath } from "../../diagnostics";
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

/** What `validate` judges beyond what a deployment refuses. */
export const advisoryChecks: readonly DefinitionCheck[] = [
  clearText,
  ({ type }, properties) => ADVISORY_RULES[type].flatMap((lint) => lint(properties)),
];

/** A secret in git is known to everybody who can read it, for ever. Judged as it is written, text beside a reference included. */
function clearText({ kind, properties }: Definition): Diagnostic[] {
  const written = valueOf(properties) as JsonObject;
  const secret = secretPaths(kind.table, written).filter((path) =>
    [valueAt(written, path)].flat().some((text) => typeof text === "string" && !isReference(text)),
  );
  return secret.map((path) => ({
    severity: "error",
    rule: "secret/clear-text",
    path: joinPath(...path),
    message: "looks like a secret written in clear",
    hint: "Set it with `pulumi config set --secret key …`, and write ${config.key} here; change the secret, which git keeps for ever",
  }));
}
