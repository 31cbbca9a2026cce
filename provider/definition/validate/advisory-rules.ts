import { type Diagnostic, joinPath } from "../../diagnostics";
import { isReference } from "../../model/credential-detection";
import { type Lint } from "../../model/field";
import { type JsonObject, valueAt } from "../../json";
import { secretPaths } from "../../model/secret-paths";
import { databarLints } from "../../vendors/databar/advisory-rules";
import { supermetricsLints } from "../../vendors/supermetrics/advisory-rules";
import { type Judge } from "./definition-check";
import { type Definition } from "../definition";
import { type ConnectorType } from "../../vendors/tables";
import { valueOf } from "../read/node";

/** By a definition's `type`. */
export const LINTS: Readonly<Record<ConnectorType, readonly Lint[]>> = {
  DatabarConnector: databarLints,
  SupermetricsConnector: supermetricsLints,
};

/** What `validate` judges beyond what a deployment refuses. */
export const lints: readonly Judge[] = [
  clearText,
  ({ type }, properties) => LINTS[type].flatMap((lint) => lint(properties)),
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
