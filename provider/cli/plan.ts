/** `pulumi-connectors plan`: what a deployment would do, told without Pulumi, with read-only calls. */
import { type Command, Option } from "commander";
import { checkAcross } from "../definition/validate/cross-checks";
import { checkDefinition } from "../definition/validate/definition-check";
import { type Definition } from "../definition/definition";
import { type DefinitionDiagnostic, sortedUnique } from "../definition/diagnostic";
import { definitionsOf, type Loaded, load, secretsOf } from "../definition/load";
import { counted } from "../diagnostics";
import { type KnownValue, type Lookup, planningOf } from "../definition/plan/plan-inputs";
import { type Place } from "../definition/read/source";
import { knownEnvironments, readStacks, type Stacks } from "../definition/read/stack-config";
import { check } from "../model/check";
import { type JsonObject } from "../json";
import { plan, type DefinitionToPlan } from "../lifecycle/plan";
import { collectPair, type CommandConfig, type ConfigOptions, readConfig } from "./config";
import { connect } from "./connect";
import { CliError, EXIT } from "./errors";
import { Progress, tellerOn } from "./terminal/progress";
import { markdownPlan } from "./report/plan-markdown";
import { jsonPlan, summaryOf, type VendorPlan } from "./report/plan-summary";
import { diagnosticsText } from "./report/diagnostics-pretty";
import { prettyPlan } from "./report/plan-pretty";
import { styleFor } from "./terminal/style";
import { definitionPaths, requireEnvironment } from "./validate";
import { VARIABLES, VENDOR_NAMES, type VendorName, VENDORS } from "../vendors/index";

const FORMATS = ["pretty", "json", "markdown"] as const;

/** The command's options. */
export interface PlanCommandOptions extends ConfigOptions {
  readonly format: (typeof FORMATS)[number];
  readonly vendor?: VendorName;
  readonly provider?: string;
  readonly failOnUnmanaged?: boolean;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors plan
    connectors/ against the live workspaces
  $ pulumi-connectors plan --environment prod
    with the overlays and the configuration of the stack prod
  $ pulumi-connectors plan --config scoringKey=…
    with a value that the stack's file holds encrypted
  $ pulumi-connectors plan --format markdown > comment.md
    for a comment of a pull request

Makes read-only calls, and shows no secret. A value that is encrypted and not
given is not compared, and the plan says so. Without the stack's state, a
definition without an id is compared with the connector of its name.

Reads ${VARIABLES}.

Signs: + create, ~ update, = unchanged, ? in no definition, ! a problem.

Exit code: 0 no change, 3 changes, 1 something is in the way, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .argument("[paths...]", "files and folders (default: connectors)")
    .addOption(
      new Option("-f, --format <format>", "how to tell the plan")
        .choices(FORMATS)
        .default("pretty"),
    )
    .option("-e, --environment <name>", "stack whose overlays and configuration apply")
    .addOption(new Option("--vendor <vendor>", "plan for one vendor only").choices(VENDOR_NAMES))
    .option(
      "--provider <name>",
      "plan what names this explicit provider (default: what names none)",
    )
    .option(
      "-c, --config <key=value>",
      "a value of the stack configuration; may be repeated",
      collectPair,
    )
    .option("--config-file <path>", "values, as pulumi config --json --show-secrets prints them")
    .option("--fail-on-unmanaged", "connectors that no definition has count as changes")
    .option("-q, --quiet", "no progress")
    .addHelpText("after", EXAMPLES)
    .action(async (paths: string[], options: PlanCommandOptions) => {
      process.exitCode = await planCommand(paths, options, process.stdout);
    });
}

/** Prints the plan on `output`; resolves with the exit code. */
export async function planCommand(
  paths: readonly string[],
  options: PlanCommandOptions,
  output: NodeJS.WriteStream,
): Promise<number> {
  const from = process.cwd();
  const loaded = load(definitionPaths(paths, from), { from });
  const stacks = readStacks(loaded.root, from);
  const config = readConfig(stacks, options);
  const definitions = readable(loaded, stacks, from, options).filter(
    ({ options: { provider } }) => provider?.name === options.provider,
  );
  const plans: VendorPlan[] = [];
  for (const name of options.vendor === undefined ? VENDOR_NAMES : [options.vendor]) {
    const { resource } = (await VENDORS[name].load()).table;
    const own = definitions.filter(({ type }) => type === resource);
    if (own.length > 0 || options.vendor !== undefined) {
      plans.push(await planVendor(name, own, config, from, options.quiet ?? false));
    }
  }
  const style = styleFor(output);
  output.write(
    options.format === "json"
      ? jsonPlan(plans)
      : options.format === "markdown"
        ? markdownPlan(plans)
        : prettyPlan(plans, style),
  );
  const { create, update, fail, unmanaged } = summaryOf(plans);
  if (fail > 0) {
    return EXIT.failure;
  }
  return create + update + (options.failOnUnmanaged === true ? unmanaged : 0) > 0
    ? EXIT.changes
    : EXIT.ok;
}

async function planVendor(
  name: VendorName,
  definitions: readonly Definition[],
  config: CommandConfig,
  from: string,
  quiet: boolean,
): Promise<VendorPlan> {
  const { vendor, adapter, settings } = await connect(
    name,
    config,
    tellerOn(process.stderr, quiet),
  );
  const diagnostics: DefinitionDiagnostic[] = [];
  const plannings = definitions.map((definition): DefinitionToPlan => {
    const { planning, diagnostics: faults } = planningOf(definition, lookupIn(config), from);
    diagnostics.push(...faults);
    return {
      ...planning,
      inputs: check(vendor.table, { ...settings.inputs, ...planning.inputs }, undefined)
        .inputs as JsonObject,
    };
  });
  refuse(diagnostics, () => []);
  const [fault] = plannings.flatMap(({ inputs }) => vendor.settingFaults(settings, inputs));
  if (fault !== undefined) {
    throw new CliError(fault);
  }
  const progress = new Progress(
    `Comparing ${vendor.table.vendor} connectors`,
    process.stderr,
    quiet,
  );
  const scope: unknown = adapter.scopeOf(settings.inputs);
  try {
    const planned = await plan(
      adapter,
      plannings,
      typeof scope === "string" ? [scope] : [],
      progress.at,
    );
    // Connectors of files that were not asked for are known, and not told.
    return {
      vendor: vendor.table.vendor,
      connectors: planned.filter((_, index) => definitions[index]?.selected ?? true),
    };
  } finally {
    progress.end();
  }
}

/** The definitions, unless something is wrong with them. */
function readable(
  loaded: Loaded,
  stacks: Stacks | undefined,
  from: string,
  options: PlanCommandOptions,
): readonly Definition[] {
  const { definitions, diagnostics } = definitionsOf(loaded, options.environment);
  const faults = definitions.flatMap((definition) => checkDefinition(definition, from));
  refuse([...loaded.diagnostics, ...diagnostics, ...faults, ...checkAcross(definitions)], () =>
    secretsOf(loaded),
  );
  requireEnvironment(options.environment, knownEnvironments(loaded.environments, stacks));
  requireProvider(options.provider, definitions);
  return definitions;
}

/** What a plan is asked for and nobody knows is a mistake: the plan would be empty, and look right. */
function requireProvider(provider: string | undefined, definitions: readonly Definition[]): void {
  if (
    provider === undefined ||
    definitions.some(({ options }) => options.provider?.name === provider)
  ) {
    return;
  }
  throw new CliError(`no definition names the provider ${provider}.`, EXIT.usage);
}

function refuse(
  diagnostics: readonly DefinitionDiagnostic[],
  secrets: () => readonly Place[],
): void {
  const errors = sortedUnique(diagnostics).filter(({ severity }) => severity === "error");
  if (errors.length === 0) {
    return;
  }
  process.stderr.write(`${diagnosticsText(errors, secrets(), styleFor(process.stderr))}\n`);
  throw new CliError(
    `${counted(errors.length, "fault")} in the definitions. \`pulumi-connectors validate\` tells everything that is wrong.`,
  );
}

function lookupIn(config: CommandConfig): Lookup {
  return (kind, name): KnownValue | "missing" => {
    if (kind === "env") {
      return process.env[name] === undefined
        ? { secret: true }
        : { secret: true, value: process.env[name] };
    }
    if (config.lacks(name)) {
      return "missing";
    }
    return config.get(name) ?? { secret: true };
  };
}
