import * as pulumi from "@pulumi/pulumi";
import { counted, formatDiagnostic, splitPath } from "../../diagnostics";
import { checkAcross, checkDependencies, checkFleetOptions } from "../validate/cross-checks";
import { checkDefinition } from "../validate/definition-check";
import { type ConnectorDefinitionsArgs } from "./args";
import { type Definition } from "../definition";
import { evaluate, type ReferenceResolver } from "../evaluate";
import {
  type DefinitionDiagnostic,
  errorAt,
  formatMessage,
  sortedUnique,
  formatLocation,
} from "../file-diagnostic";
import { definitionsOf, load } from "../load";
import { findValue, setCommand, splitKey, stackValues } from "../read/config-values";
import { checkProviderOptions, unusableProvider } from "./providers";
import { checkAcrossShards, type Shard, checkShard, shareOf } from "./shard";

/** A definition whose properties are what a program would pass. */
export interface Registration {
  readonly definition: Definition;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Every definition that the stack deploys, dependencies first; throws all errors at once. Checks
 * all definitions, including those that other shards deploy, but looks values up for the stack's
 * own definitions only.
 */
export function registrations(
  { path, environment = pulumi.getStack(), providers = {}, as, shard }: ConnectorDefinitionsArgs,
  opts: pulumi.ComponentResourceOptions = {},
): Registration[] {
  const from = process.cwd();
  refuse(checkShard(shard).map(formatDiagnostic), "the arguments of ConnectorDefinitions");
  refuse(checkProviderOptions(opts), "the options of ConnectorDefinitions");
  const loaded = load([path].flat(), { from });
  const { definitions: known, diagnostics } = definitionsOf(loaded, environment);
  // For a path of a file, the files beside it are loaded too.
  const definitions = known.filter(({ selected }) => selected);
  const evaluated = inOrder(shareOf(definitions, shard)).map((definition) => ({
    definition,
    ...evaluate(definition, programResolver(), from),
  }));
  report([
    ...loaded.diagnostics,
    ...diagnostics,
    ...(shard === undefined ? checkDependencies(definitions) : acrossShards(definitions, shard)),
    ...evaluated.flatMap(({ diagnostics }) => diagnostics),
    ...definitions.flatMap((definition) => [
      ...checkDefinition(definition, from),
      ...unusableProvider(definition, providers),
      ...(as === "fleet" ? checkFleetOptions(definition) : []),
    ]),
  ]);
  return evaluated;
}

/**
 * Within a stack, the deployment itself detects two definitions of one connector. Across stacks,
 * only this check does.
 */
function acrossShards(definitions: readonly Definition[], shard: Shard): DefinitionDiagnostic[] {
  return [...checkAcross(definitions), ...checkAcrossShards(definitions, shard)];
}

/** Prints warnings. Errors stop the program before anything is registered. */
function report(diagnostics: readonly DefinitionDiagnostic[]): void {
  const linesOf = (severity: DefinitionDiagnostic["severity"]): string[] =>
    sortedUnique(diagnostics)
      .filter((diagnostic) => diagnostic.severity === severity)
      .map((diagnostic) => `${formatLocation(diagnostic)}: ${formatMessage(diagnostic)}`);
  for (const text of linesOf("warning")) {
    void pulumi.log.warn(text);
  }
  refuse(linesOf("error"), "the connector definitions");
}

function refuse(errors: readonly string[], where: string): void {
  if (errors.length === 0) {
    return;
  }
  throw new pulumi.RunError(
    `${counted(errors.length, "error")} in ${where}:\n${errors.map((text) => `  ${text}`).join("\n")}`,
  );
}

/**
 * Resolves references in the program: the stack configuration, with its secrets, and the
 * environment.
 */
function programResolver(): ReferenceResolver<pulumi.Output<string>> {
  return {
    resolve({ kind, name }, place) {
      if (kind === "env") {
        return (
          process.env[name] ??
          errorAt(
            "reference/env",
            place,
            `the environment variable ${name} is not set`,
            "Set it where the deployment runs",
          )
        );
      }
      const [namespace, key] = splitKey(name);
      const config = new pulumi.Config(namespace);
      const found = configValue(config, key);
      if (found === undefined) {
        return errorAt(
          "reference/config",
          place,
          `the stack does not set ${config.name}:${key}`,
          `Run ${setCommand(name)} … (with --secret for a secret)`,
        );
      }
      return isSecret(`${config.name}:${found.key}`) ? pulumi.secret(found.value) : found.value;
    },
    missing: pulumi.output(""),
    map: (value, change) => value.apply(change) as pulumi.Output<string>,
    join: (parts) => pulumi.all([...parts]).apply((texts) => texts.join("")),
  };
}

/** The value of a key, or of a path such as `db.host`, and the key that holds it. */
function configValue(
  config: pulumi.Config,
  name: string,
): { readonly key: string; readonly value: string } | undefined {
  for (const key of [name, String(splitPath(name)[0])]) {
    const whole = config.get(key);
    if (whole !== undefined) {
      const value = findValue([stackValues([{ key, value: whole }])], name)?.value;
      return value === undefined ? undefined : { key, value };
    }
  }
  return undefined;
}

/** Asks the SDK, whose types lack the function. Without it, every value counts as secret. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
}

/** Puts dependencies before their dependents, and keeps the order otherwise. */
function inOrder(definitions: readonly Definition[]): readonly Definition[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const ordered = new Set<Definition>();
  const entered = new Set<Definition>();
  for (const first of definitions) {
    const open = [first];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      entered.add(top);
      // Cycles are reported by checkDependencies.
      const before = (top.options.dependsOn ?? [])
        .flatMap(({ name }) => byName.get(name) ?? [])
        .find((each) => !entered.has(each));
      if (before) {
        open.push(before);
      } else {
        ordered.add(top);
        open.pop();
      }
    }
  }
  return [...ordered];
}
