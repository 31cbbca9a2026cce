import { checkAcross } from "./cross-checks";
import { checkDefinition, type ReferenceCheck } from "./definition-check";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, errorAt, identityOf, sortedUnique } from "../diagnostic";
import { advisoryChecks } from "./advisory-rules";
import { definitionsOf, load, type LoadOptions, secretsOf } from "../load";
import { fullKey, knownEnvironments, readStacks, type Stacks } from "../read/stack-config";
import { lineAbove, lineOf, type Place } from "../read/source";

/** What to judge, and for whom. */
export interface ValidateOptions extends LoadOptions {
  /** Judge the files as this environment has them. Default: as every environment that has an overlay or a stack file. */
  readonly environment?: string;
}

/** What was found, and in how much. */
export interface ValidationResult {
  /** In the order of files and lines, each once. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
  /** How many definitions were judged. */
  readonly definitions: number;
  /** Names of the environments that overlays or stack files know. */
  readonly environments: readonly string[];
  /** Places in the files that must not be printed. */
  readonly secrets: readonly Place[];
}

/**
 * Everything that is wrong with the definition files at paths. Reads files only: no network, no credentials, no
 * decryption. A comment `# connectors-ignore <rule>` at the end of a line, or alone on the line above, silences a rule.
 */
export function validateFiles(
  paths: readonly string[],
  options: ValidateOptions,
): ValidationResult {
  const loaded = load(paths, options);
  const stacks = readStacks(loaded.root, options.from);
  const seen: Definition[] = [];
  const byEnvironment = new Map<string | undefined, DefinitionDiagnostic[]>();
  for (const environment of environmentsOf(loaded.environments, stacks, options.environment)) {
    const { definitions, diagnostics: faults } = definitionsOf(loaded, environment);
    const diagnostics = [...faults];
    byEnvironment.set(environment, diagnostics);
    const judged = definitions.filter(({ selected }) => selected);
    seen.push(...judged);
    const judge = stacks ? configCheck(stacks, environment) : undefined;
    diagnostics.push(
      ...judged.flatMap((definition) =>
        checkDefinition(definition, options.from, judge, advisoryChecks),
      ),
    );
    diagnostics.push(...checkAcross(definitions));
  }
  const diagnostics = [
    ...loaded.diagnostics,
    ...(stacks?.diagnostics ?? []),
    ...together(byEnvironment),
  ];
  const told = sortedUnique(diagnostics.filter((diagnostic) => !ignored(diagnostic)));
  // Where no line is printed, nothing on it need be hidden.
  return {
    diagnostics: told,
    definitions: new Set(seen.map(({ name }) => name)).size,
    environments: knownEnvironments(loaded.environments, stacks),
    secrets: told.length === 0 ? [] : secretsOf(loaded),
  };
}

/** What is wrong in some environments only names them. */
function together(
  byEnvironment: ReadonlyMap<string | undefined, readonly DefinitionDiagnostic[]>,
): DefinitionDiagnostic[] {
  const where = new Map<string, Set<string | undefined>>();
  const all = [...byEnvironment].flatMap(([environment, diagnostics]) =>
    diagnostics.map((diagnostic) => {
      const same = identityOf(diagnostic);
      const environments = where.get(same) ?? new Set();
      where.set(same, environments.add(environment));
      return { diagnostic, environments };
    }),
  );
  return all.map(({ diagnostic, environments }) => {
    const names = [...environments].filter((name) => name !== undefined);
    const everywhere =
      names.length === 0 ||
      environments.size === byEnvironment.size ||
      diagnostic.rule === "reference/config";
    return everywhere
      ? diagnostic
      : { ...diagnostic, message: `${diagnostic.message} (in ${names.join(", ")})` };
  });
}

/** Where nobody says which stacks there are, what all share must do by itself. */
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

/** Says of `${config.key}` whether the stack has it. A stack without a file, or with values from elsewhere, is not judged. */
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
    if (values.has(key) || shared.has(key)) {
      return undefined;
    }
    return errorAt(
      "reference/config",
      place,
      `Pulumi.${stack}.yaml does not set ${key}`,
      `Run pulumi config set --secret ${name} --stack ${stack}, or correct the key`,
    );
  };
}

function ignored({ rule, place }: DefinitionDiagnostic): boolean {
  if (place === undefined || place.source.path.toLowerCase().endsWith(".json")) {
    return false;
  }
  const own = /#\s*connectors-ignore\s+(.*)$/.exec(lineOf(place))?.[1];
  const above = /^\s*#\s*connectors-ignore\s+(.*)$/.exec(lineAbove(place))?.[1];
  return [own, above].some((rules) => rules?.split(/[\s,]+/).includes(rule));
}
