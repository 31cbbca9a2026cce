import { counted } from "../../diagnostics";
import { plan, type Planned, type DefinitionToPlan } from "../../lifecycle/plan";
import { check, knownInputs } from "../../model/check";
import { VENDOR_NAMES, VENDORS } from "../../vendors/index";
import { type VendorName } from "../../vendors/resources";
import { type ProgressLine, type VendorConnection } from "../connection";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, DefinitionError, sortedUnique } from "../file-diagnostic";
import { definitionsOf, type Loaded, secretsOf } from "../load";
import { type Place } from "../read/source";
import { checkAcross } from "../validate/cross-checks";
import { checkDefinition } from "../validate/definition-check";
import { type Lookup, evaluateForPlan } from "./plan-inputs";

/** A vendor's part of a plan. */
export interface VendorPlan {
  /** The vendor's display name. */
  readonly vendor: string;
  readonly connectors: readonly Planned[];
}

/** Which definitions to plan. */
export interface PlanSelection {
  /** Name of an explicit provider. Default: definitions without one. */
  readonly provider?: string;
  /** Default: every vendor that has definitions. */
  readonly vendor?: VendorName;
}

/** Where a plan gets its values and its connections. */
export interface PlanContext {
  /** Folder that paths of files in properties become relative to. */
  readonly cwd: string;
  readonly lookup: Lookup;
  readonly connect: (vendor: VendorName) => VendorConnection;
  readonly startProgress: (title: string) => ProgressLine;
}

/** The definitions of an environment. @throws DefinitionError when anything is wrong with them. */
export function validDefinitionsOf(
  loaded: Loaded,
  environment: string | undefined,
  cwd: string,
): readonly Definition[] {
  const { definitions, diagnostics } = definitionsOf(loaded, environment);
  throwErrors(
    [
      ...loaded.diagnostics,
      ...diagnostics,
      ...definitions.flatMap((definition) => checkDefinition(definition, cwd)),
      ...checkAcross(definitions),
    ],
    () => secretsOf(loaded),
  );
  return definitions;
}

/** Compares definitions with the connectors of their workspaces, one vendor after the other. */
export async function planDefinitions(
  definitions: readonly Definition[],
  { provider, vendor }: PlanSelection,
  context: PlanContext,
): Promise<VendorPlan[]> {
  const selected = definitions.filter(({ options }) => options.provider?.name === provider);
  const plans: VendorPlan[] = [];
  for (const name of vendor === undefined ? VENDOR_NAMES : [vendor]) {
    const own = selected.filter((definition) => definition.vendor === VENDORS[name]);
    if (own.length > 0 || vendor !== undefined) {
      plans.push(await planVendor(context.connect(name), own, context));
    }
  }
  return plans;
}

async function planVendor(
  connection: VendorConnection,
  definitions: readonly Definition[],
  { cwd, lookup, startProgress }: PlanContext,
): Promise<VendorPlan> {
  const { table, adapter, scope } = connection;
  const toPlan = definitionsToPlan(connection, definitions, lookup, cwd);
  const progress = startProgress(`Comparing ${table.vendor} connectors`);
  try {
    const planned = await plan(adapter, toPlan, scope === undefined ? [] : [scope], progress.at);
    // Definitions of files that were not asked for claim their connectors, but are not shown.
    const connectors = planned.filter((_, index) => definitions[index]?.selected ?? true);
    return { vendor: table.vendor, connectors };
  } finally {
    progress.end();
  }
}

function definitionsToPlan(
  { table, inputs: defaults, checkSettings }: VendorConnection,
  definitions: readonly Definition[],
  lookup: Lookup,
  cwd: string,
): DefinitionToPlan[] {
  const read = definitions.map((definition) => evaluateForPlan(definition, lookup, cwd));
  throwErrors(
    read.flatMap(({ diagnostics }) => diagnostics),
    () => [],
  );
  const all = read.map(({ toPlan }): DefinitionToPlan => {
    const { properties, ...rest } = toPlan;
    const { inputs } = check(table, { ...defaults, ...properties }, undefined);
    return { ...rest, inputs: knownInputs(inputs) };
  });
  const [settingError] = all.flatMap(({ inputs }) => checkSettings(inputs));
  if (settingError !== undefined) {
    throw new DefinitionError(settingError);
  }
  return all;
}

function throwErrors(
  diagnostics: readonly DefinitionDiagnostic[],
  secrets: () => readonly Place[],
): void {
  const errors = sortedUnique(diagnostics).filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw new DefinitionError(
      `${counted(errors.length, "error")} in the definitions. Run \`pulumi-connectors validate\` to see all diagnostics.`,
      errors,
      secrets(),
    );
  }
}
