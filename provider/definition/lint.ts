import { type Diagnostic, joinPath } from "../diagnostics";
import { type Lint } from "../lifecycle/field";
import { secretPaths } from "../lifecycle/secrets";
import { databarLints } from "../vendors/databar/lint";
import { supermetricsLints } from "../vendors/supermetrics/lint";
import { type Judge } from "./check";

const LINTS: Readonly<Record<string, readonly Lint[]>> = { DatabarConnector: databarLints, SupermetricsConnector: supermetricsLints };

/** What `validate` judges beyond what a deployment refuses. */
export const lints: readonly Judge[] = [clearText, ({ type }, properties) => (LINTS[type] ?? []).flatMap((lint) => lint(properties))];

/** A secret in git is known to everybody who can read it, for ever. What a reference brings is unknown here, and none. */
function clearText({ kind }: { readonly kind: { readonly table: Parameters<typeof secretPaths>[0] } }, properties: Readonly<Record<string, unknown>>): Diagnostic[] {
  const paths = secretPaths(kind.table, properties).filter((path) => typeof at(properties, path) === "string" || Array.isArray(at(properties, path)));
  return paths.map((path) => ({
    severity: "error",
    rule: "secret/clear-text",
    path: joinPath(...path),
    message: "looks like a secret written in clear",
    hint: "Set it with `pulumi config set --secret key …`, and write ${config.key} here; change the secret, which git keeps for ever",
  }));
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);
}
