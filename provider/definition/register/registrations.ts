import * as pulumi from "@pulumi/pulumi";
import { formatDiagnostic } from "../../diagnostics";
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
} from "../diagnostic";
import { definitionsOf, load } from "../load";
import { checkAcrossShards, type Shard, checkShard, shareOf } from "./shard";

/** A definition whose properties are what a program would pass. */
export interface Registration {
  readonly definition: Definition;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Every definition that the stack deploys, dependencies first; throws all faults at once. All of them are judged, also
 * what other shards deploy; values are looked up for the stack's own definitions only.
 */
export function registrations({
  path,
  environment = pulumi.getStack(),
  providers = {},
  as,
  shard,
}: ConnectorDefinitionsArgs): Registration[] {
  const from = process.cwd();
  refuse(checkShard(shard).map(formatDiagnostic), "the arguments of ConnectorDefinitions");
  const loaded = load([path].flat(), { from });
  const { definitions: known, diagnostics: faults } = definitionsOf(loaded, environment);
  // Of a path that is a file, what lies beside it is not meant.
  const definitions = known.filter(({ selected }) => selected);
  const evaluated = inOrder(shareOf(definitions, shard)).map((definition) => ({
    definition,
    ...evaluate(definition, outputs(), from),
  }));
  report([
    ...loaded.diagnostics,
    ...faults,
    ...(shard === undefined ? checkDependencies(definitions) : acrossShards(definitions, shard)),
    ...evaluated.flatMap(({ diagnostics }) => diagnostics),
    ...definitions.flatMap((definition) => [
      ...checkDefinition(definition, from),
      ...unknownProvider(definition, providers),
      ...(as === "fleet" ? checkFleetOptions(definition) : []),
    ]),
  ]);
  return evaluated;
}

/** Two that mean the same connector collide within a stack; no stack sees those of another one. */
function acrossShards(definitions: readonly Definition[], shard: Shard): DefinitionDiagnostic[] {
  return [...checkAcross(definitions), ...checkAcrossShards(definitions, shard)];
}

/** Warnings are printed; errors end the program before anything is registered. */
function report(diagnostics: readonly DefinitionDiagnostic[]): void {
  const told = (severity: DefinitionDiagnostic["severity"]): string[] =>
    sortedUnique(diagnostics)
      .filter((diagnostic) => diagnostic.severity === severity)
      .map((diagnostic) => `${formatLocation(diagnostic)}: ${formatMessage(diagnostic)}`);
  for (const text of told("warning")) {
    void pulumi.log.warn(text);
  }
  refuse(told("error"), "the connector definitions");
}

function refuse(errors: readonly string[], where: string): void {
  if (errors.length === 0) {
    return;
  }
  throw new pulumi.RunError(
    `${errors.length === 1 ? "A fault" : `${errors.length} faults`} in ${where}:\n${errors.map((text) => `  ${text}`).join("\n")}`,
  );
}

function unknownProvider(
  { options: { provider } }: Definition,
  providers: Readonly<Record<string, unknown>>,
): DefinitionDiagnostic[] {
  if (provider === undefined || Object.hasOwn(providers, provider.name)) {
    return [];
  }
  const names = Object.keys(providers);
  return [
    errorAt(
      "definition/provider",
      provider.place,
      "the program gives no provider of this name",
      names.length === 0
        ? "Pass it in providers: {…} of ConnectorDefinitions"
        : `Known: ${names.join(", ")}`,
    ),
  ];
}

/** References in the program: the stack's configuration, secret where it is, and the environment. */
function outputs(): ReferenceResolver<pulumi.Output<string>> {
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
      const [namespace, key] = name.includes(":")
        ? [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)]
        : [undefined, name];
      const config = new pulumi.Config(namespace);
      const value = config.get(key);
      if (value === undefined) {
        return errorAt(
          "reference/config",
          place,
          `the stack does not set ${config.name}:${key}`,
          `Run pulumi config set ${name} … (with --secret for a secret)`,
        );
      }
      return isSecret(`${config.name}:${key}`) ? pulumi.secret(value) : value;
    },
    missing: pulumi.output(""),
    map: (value, change) => value.apply(change) as pulumi.Output<string>,
    join: (parts) => pulumi.all([...parts]).apply((texts) => texts.join("")),
  };
}

/** The SDK knows, though its types do not say so; where it cannot be asked, every value counts as secret. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
}

/** Dependencies before what depends on them; otherwise as written. */
function inOrder(definitions: readonly Definition[]): readonly Definition[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const ordered = new Set<Definition>();
  const entered = new Set<Definition>();
  for (const first of definitions) {
    const open = [first];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      entered.add(top);
      // Two that wait for each other are a fault, told elsewhere.
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
