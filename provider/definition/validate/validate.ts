import { type Definition } from "../definition";
import { checkExamples } from "../request/examples";
import { checkAcross } from "./cross-checks";
import { checkDefinition, type ReferenceCheck } from "./definition-check";
import { type DefinitionDiagnostic, errorAt, identityOf, sortedUnique } from "../file-diagnostic";
import { advisoryChecks } from "./advisory-rules";
import { definitionsOf, load, type LoadOptions, secretsOf } from "../load";
import { findValue, fullKey, setCommand } from "../read/config-values";
import { knownEnvironments, readStacks, type Stacks } from "../read/pulumi-files";
import { checkIgnoredChanges } from "./ignored-changes";
import { checkNumberForms } from "./number-forms";
import { checkUnusedOverlays } from "./unused-overlays";
import { lineAbove, lineOf, type Place } from "../read/source";

/** What to validate. */
export interface ValidateOptions extends LoadOptions {
  /** Environment to validate. Default: every environment that has an overlay or a stack file. */
  readonly environment?: string;
}

/** The result of {@link validateFiles}. */
export interface ValidationResult {
  /** In the order of files and lines, each once. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
  /** How many definitions were checked. */
  readonly definitions: number;
  /** Names of environments that have an overlay or a stack file. */
  readonly environments: readonly string[];
  /** Places in the files that must not be printed. */
  readonly secrets: readonly Place[];
}

/**
 * Finds everything that is wrong with the definition files at paths. Reads files only: no network,
 * no credentials, no decryption. A comment `# connectors-ignore <rule>` at the end of a line, or on
 * its own line above, disables a rule.
 */
export function validateFiles(
  paths: readonly string[],
  options: ValidateOptions,
): ValidationResult {
  const loaded = load(paths, options);
  const stacks = readStacks(loaded.root, options.from);
  const names = new Set<string>();
  const byEnvironment = new Map<string | undefined, DefinitionDiagnostic[]>();
  for (const environment of environmentsOf(loaded.environments, stacks, options.environment)) {
    const { definitions, diagnostics } = definitionsOf(loaded, environment);
    const selected = definitions.filter((each) => each.selected);
    const checkReference = stacks && configCheck(stacks, environment);
    selected.forEach(({ name }) => names.add(name));
    byEnvironment.set(environment, [
      ...diagnostics,
      ...selected.flatMap((definition) => checkWhole(definition, options.from, checkReference)),
      ...checkAcross(definitions),
    ]);
  }
  const all = [
    ...loaded.diagnostics,
    ...(stacks?.diagnostics ?? []),
    ...(stacks?.warnings ?? []),
    ...(stacks && options.environment === undefined ? checkUnusedOverlays(loaded, stacks) : []),
    ...merged(byEnvironment),
  ];
  const diagnostics = sortedUnique(all.filter((diagnostic) => !isIgnored(diagnostic)));
  return {
    diagnostics,
    definitions: names.size,
    environments: knownEnvironments(loaded.environments, stacks),
    // Without diagnostics, no line is printed.
    secrets: diagnostics.length === 0 ? [] : secretsOf(loaded),
  };
}

/** Examples say nothing of a definition that is not valid. */
function checkWhole(
  definition: Definition,
  cwd: string,
  checkReference: ReferenceCheck | undefined,
): DefinitionDiagnostic[] {
  const diagnostics = [
    ...checkDefinition(definition, cwd, checkReference, advisoryChecks),
    ...checkNumberForms(definition),
    ...checkIgnoredChanges(definition),
  ];
  return diagnostics.some(({ severity }) => severity === "error")
    ? diagnostics
    : [...diagnostics, ...checkExamples(definition, cwd)];
}

/** The diagnostics of all environments. One that only some environments have names them. */
function merged(
  byEnvironment: ReadonlyMap<string | undefined, readonly DefinitionDiagnostic[]>,
): DefinitionDiagnostic[] {
  const environmentsOfEach = new Map<string, Set<string | undefined>>();
  for (const [environment, diagnostics] of byEnvironment) {
    for (const identity of diagnostics.map(identityOf)) {
      const environments = environmentsOfEach.get(identity) ?? new Set();
      environmentsOfEach.set(identity, environments.add(environment));
    }
  }
  return [...byEnvironment.values()].flat().map((diagnostic) => {
    const environments = environmentsOfEach.get(identityOf(diagnostic)) ?? new Set();
    const names = [...environments].filter((name) => name !== undefined);
    const isEverywhere =
      names.length === 0 ||
      environments.size === byEnvironment.size ||
      diagnostic.rule === "reference/config";
    return isEverywhere
      ? diagnostic
      : { ...diagnostic, message: `${diagnostic.message} (in ${names.join(", ")})` };
  });
}

/** Without stack files, what all environments share must be valid by itself, too. */
function environmentsOf(
  overlays: readonly string[],
  stacks: Stacks | undefined,
  chosen: string | undefined,
): (string | undefined)[] {
  if (chosen !== undefined) {
    return [chosen];
  }
  return [
    ...((stacks?.stacks.size ?? 0) === 0 ? [undefined] : []),
    ...knownEnvironments(overlays, stacks),
  ];
}

/**
 * Checks that the stack sets the key of `${config.key}`. Skips a stack without a file, or with
 * values from an `environment`.
 */
function configCheck(
  { project, shared, stacks }: Stacks,
  stack: string | undefined,
): ReferenceCheck {
  const values = stack === undefined ? undefined : stacks.get(stack);
  return ({ kind, name }, place) => {
    if (kind !== "config" || values === undefined) {
      return undefined;
    }
    const key = fullKey(name, project);
    if (findValue([values, shared], key)) {
      return undefined;
    }
    return errorAt(
      "reference/config",
      place,
      `Pulumi.${stack}.yaml does not set ${key}`,
      `Run ${setCommand(name, "--secret ")} --stack ${stack}, or correct the key`,
    );
  };
}

function isIgnored({ rule, place }: DefinitionDiagnostic): boolean {
  if (place === undefined || place.source.path.toLowerCase().endsWith(".json")) {
    return false;
  }
  const own = /#\s*connectors-ignore\s+(.*)$/.exec(lineOf(place))?.[1];
  const above = /^\s*#\s*connectors-ignore\s+(.*)$/.exec(lineAbove(place))?.[1];
  return [own, above].some((rules) => rules?.split(/[\s,]+/).includes(rule));
}
