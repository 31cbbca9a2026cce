import { counted } from "../../diagnostics";
import { plan } from "../../lifecycle/plan";
import {
  type DefinitionToPlan,
  type Held,
  type KnownText,
  type Planned,
} from "../../lifecycle/planned";
import { isObject } from "../../json";
import { check, knownInputs } from "../../model/check";
import { type KeyPath } from "../../model/credential-detection";
import { type Inputs } from "../../model/state";
import { VENDOR_NAMES, VENDORS } from "../../vendors/index";
import { type VendorName } from "../../vendors/resources";
import { type ProgressLine, type VendorConnection } from "../connection";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, DefinitionError, sortedUnique } from "../file-diagnostic";
import { definitionsOf, type Loaded, secretsOf } from "../load";
import { type Place, positionOf } from "../read/source";
import { type History, matchResources, type Resource } from "./history";
import { type ReferenceValue } from "../request/render-requests";
import { type RequestChange, requestChanges } from "../request/request-changes";
import { checkAcross } from "../validate/cross-checks";
import { checkDefinition } from "../validate/definition-check";
import { type Lookup, evaluateForPlan, type UncheckedDefinition } from "./plan-inputs";

/** A vendor's part of a plan. */
export interface VendorPlan {
  /** The vendor's display name. */
  readonly vendor: string;
  readonly connectors: readonly PlannedConnector[];
  /** What changed templates change in the requests of connectors, by name. */
  readonly requestChanges?: ReadonlyMap<string, readonly RequestChange[]>;
}

/** What a deployment would do about one connector, and where its definition is. */
export interface PlannedConnector extends Planned {
  /** The resource's class. */
  readonly type: string;
  /** The definition's file; of a removed one, as the base revision has it. */
  readonly file?: string;
  /** The line in it, from 1. */
  readonly line?: number;
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
  /** The resources of the last deployment. Without it, they are not known. */
  readonly history?: History | undefined;
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
    const removed = context.history?.of(VENDORS[name], own, provider).resources ?? [];
    if (own.length > 0 || removed.length > 0 || vendor !== undefined) {
      plans.push(await planVendor(context.connect(name), own, { provider, vendor }, context));
    }
  }
  return plans;
}

async function planVendor(
  connection: VendorConnection,
  definitions: readonly Definition[],
  { provider }: PlanSelection,
  { cwd, lookup, startProgress, history }: PlanContext,
): Promise<VendorPlan> {
  const { table, adapter, scope, workspace } = connection;
  const row = Object.values(VENDORS).find((each) => each.table === table);
  const before = row && history?.of(row, definitions, provider);
  const { held, removed } = matchResources(definitions, before?.resources ?? []);
  const toPlan = definitionsToPlan(connection, definitions, lookup, cwd);
  const heldOf = (resource: Resource): Held => heldResource(connection, resource, lookup, cwd);
  const gone = removed.filter(({ definition }) => definition?.selected ?? true);
  const progress = startProgress(`Comparing ${table.vendor} connectors`);
  try {
    const planned = await plan(
      adapter,
      {
        definitions: toPlan.map((each, index): DefinitionToPlan => {
          const definition = definitions[index];
          const resource = definition && held.get(definition);
          return resource ? { ...each, held: heldOf(resource) } : each;
        }),
        removed: gone.map(heldOf),
        managedElsewhere: before?.managedElsewhere ?? new Set(),
        isHistoryKnown: history !== undefined,
        scopes: scope === undefined ? [] : [scope],
        workspace,
      },
      progress.at,
    );
    const placed = new Map(gone.map((each) => [each.name, each.definition]));
    const connectors = planned.map((each, index) =>
      placedAt(table.resource, each, definitions[index] ?? placed.get(each.name)),
    );
    // Definitions of files that were not asked for claim their connectors, but are not shown.
    const shown = connectors.filter((_, index) => definitions[index]?.selected ?? true);
    return {
      vendor: table.vendor,
      connectors: shown,
      requestChanges: changedRequests(shown, definitions, lookup, cwd),
    };
  } finally {
    progress.end();
  }
}

/** The requests of connectors whose template is updated, where the template is no secret. */
function changedRequests(
  connectors: readonly PlannedConnector[],
  definitions: readonly Definition[],
  lookup: Lookup,
  cwd: string,
): ReadonlyMap<string, readonly RequestChange[]> {
  const references: ReferenceValue = ({ kind, name }) => {
    const known = kind === "secrets" ? "missing" : lookup(kind, name);
    return known === "missing" || known.secret || known.value === undefined
      ? undefined
      : { value: known.value, secret: false };
  };
  const byName = new Map(definitions.map((each) => [each.name, each]));
  return new Map(
    connectors.flatMap(({ action, name, changes }) => {
      const template = changes.find((change) => change.path === "bodyTemplate");
      if (action === "create" || !template || template.secret) {
        return [];
      }
      const definition = byName.get(name);
      if (!definition) {
        return [];
      }
      const change = { property: template.path, before: template.before };
      return [[name, requestChanges(definition, change, references, cwd)] as const];
    }),
  );
}

function placedAt(
  type: string,
  planned: Planned,
  definition: Definition | undefined,
): PlannedConnector {
  if (definition === undefined || planned.action === "unmanaged") {
    return { type, ...planned };
  }
  const { place } = definition;
  return { type, file: place.source.path, line: positionOf(place).line, ...planned };
}

/** A resource of the last deployment, with the inputs of its definition where that is known. */
function heldResource(
  { table, inputs: defaults }: VendorConnection,
  { definition, ...held }: Resource,
  lookup: Lookup,
  cwd: string,
): Held {
  if (definition === undefined) {
    return held;
  }
  const { toPlan } = evaluateForPlan(definition, lookup, cwd);
  const { inputs } = check(table, { ...defaults, ...toPlan.properties }, undefined);
  return { ...held, inputs: knownInputs(inputs) };
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
  const inputsOf = (own: Readonly<Record<string, unknown>>): Inputs =>
    knownInputs(check(table, { ...defaults, ...own }, undefined).inputs);
  const all = read.map(({ toPlan: { properties, ...rest } }, index): DefinitionToPlan => {
    const definition = definitions[index];
    // Evaluated anew, because thousands of properties would be kept for a few that need it.
    const again = (): UncheckedDefinition["properties"] =>
      definition ? evaluateForPlan(definition, lookup, cwd).toPlan.properties : {};
    return {
      ...rest,
      inputs: inputsOf(properties),
      inputsWith: (texts) => inputsOf(withTexts(again(), texts)),
    };
  });
  const [settingError] = all.flatMap(({ inputs }) => checkSettings(inputs));
  if (settingError !== undefined) {
    throw new DefinitionError(settingError);
  }
  return all;
}

function withTexts(
  properties: Readonly<Record<string, unknown>>,
  texts: readonly KnownText[],
): Readonly<Record<string, unknown>> {
  return texts.length === 0
    ? properties
    : (texts.reduce<unknown>(
        (value, { path, text }) => replaced(value, path, text),
        properties,
      ) as Readonly<Record<string, unknown>>);
}

/** The value with another text at a path. */
function replaced(value: unknown, [step, ...rest]: KeyPath, text: string): unknown {
  if (step === undefined) {
    return text;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      index === step ? replaced(item, rest, text) : item,
    );
  }
  return isObject(value) ? { ...value, [step]: replaced(value[step], rest, text) } : value;
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
