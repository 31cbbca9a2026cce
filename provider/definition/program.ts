import * as pulumi from "@pulumi/pulumi";
import { dependencies } from "./across";
import { checkDefinition } from "./check";
import { type ConnectorDefinitionsArgs } from "./connectors";
import { type Definition } from "./definition";
import { evaluate, type Meaning } from "./evaluate";
import { unfitForFleet } from "./fleets";
import { type Finding, findingAt, sentence, tidy, where } from "./finding";
import { definitionsOf, load } from "./load";

/** A definition whose properties are what a program would pass. */
export interface Registration {
  readonly definition: Definition;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Every definition, dependencies first; throws all faults of all of them at once. */
export function registrations({ path, environment = pulumi.getStack(), providers = {}, as }: ConnectorDefinitionsArgs): Registration[] {
  const from = process.cwd();
  const loaded = load([path].flat(), { from });
  const { definitions: known, findings: faults } = definitionsOf(loaded, environment);
  // Of a path that is a file, what lies beside it is not meant.
  const definitions = known.filter(({ selected }) => selected);
  const evaluated = inOrder(definitions).map((definition) => ({ definition, ...evaluate(definition, outputs(), from) }));
  report([
    ...loaded.findings,
    ...faults,
    ...dependencies(definitions),
    ...evaluated.flatMap(({ definition, findings }) => [...findings, ...checkDefinition(definition, from), ...unknownProvider(definition, providers), ...(as === "fleet" ? unfitForFleet(definition) : [])]),
  ]);
  return evaluated;
}

/** Warnings are printed; errors end the program before anything is registered. */
function report(findings: readonly Finding[]): void {
  const told = (severity: Finding["severity"]): string[] => tidy(findings).filter((finding) => finding.severity === severity).map((finding) => `${where(finding)}: ${sentence(finding)}`);
  for (const text of told("warning")) void pulumi.log.warn(text);
  const errors = told("error");
  if (errors.length === 0) return;
  throw new pulumi.RunError(`${errors.length === 1 ? "A fault" : `${errors.length} faults`} in the connector definitions:\n${errors.map((text) => `  ${text}`).join("\n")}`);
}

function unknownProvider({ options: { provider } }: Definition, providers: Readonly<Record<string, unknown>>): Finding[] {
  if (provider === undefined || Object.hasOwn(providers, provider.name)) return [];
  const names = Object.keys(providers);
  return [findingAt("definition/provider", provider.place, "the program gives no provider of this name", names.length === 0 ? "Pass it in providers: {…} of ConnectorDefinitions" : `Known: ${names.join(", ")}`)];
}

/** References in the program: the stack's configuration, secret where it is, and the environment. */
function outputs(): Meaning<pulumi.Output<string>> {
  return {
    resolve({ kind, name }, place) {
      if (kind === "env") return process.env[name] ?? findingAt("reference/env", place, `the environment variable ${name} is not set`, "Set it where the deployment runs");
      const [namespace, key] = name.includes(":") ? [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)] : [undefined, name];
      const config = new pulumi.Config(namespace);
      const value = config.get(key);
      if (value === undefined) return findingAt("reference/config", place, `the stack does not set ${config.name}:${key}`, `Run pulumi config set ${name} … (with --secret for a secret)`);
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
      const before = (top.options.dependsOn ?? []).flatMap(({ name }) => byName.get(name) ?? []).find((each) => !entered.has(each));
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
