import { type DefinitionDiagnostic } from "../../definition/file-diagnostic";
import { escapedJson } from "../../json";
import { recordOf } from "./diagnostics-json";
import { type PlanReport, summaryOf } from "./plan-summary";

/** Grows when a field of the output is removed, or changes its meaning. */
const SCHEMA_VERSION = 1;

/** As plan.schema.json says. */
export function jsonPlan({ plans, knows, stack }: PlanReport): string {
  const connectors = plans.flatMap(({ vendor, connectors: all }) =>
    all.map((planned) => ({ vendor, ...planned })),
  );
  const plan = { schemaVersion: SCHEMA_VERSION, stack: stack ?? null, knows };
  return `${escapedJson({ ...plan, summary: summaryOf(plans), connectors }, 2)}\n`;
}

/** Why there is no plan. */
export function jsonRefusal(message: string, diagnostics: readonly DefinitionDiagnostic[]): string {
  const error = { message, diagnostics: diagnostics.map(recordOf) };
  return `${escapedJson({ schemaVersion: SCHEMA_VERSION, error }, 2)}\n`;
}
