/**
 * `pulumi-connectors plan`: what a deployment would do, without Pulumi and with read-only calls.
 */
import { type Command, Option } from "commander";
import { type Definition } from "../definition/definition";
import { DefinitionError } from "../definition/file-diagnostic";
import { load } from "../definition/load";
import {
  planDefinitions,
  validDefinitionsOf,
  type VendorPlan,
} from "../definition/plan/plan-definitions";
import { type KnownValue, type Lookup } from "../definition/plan/plan-inputs";
import { knownEnvironments, readStacks } from "../definition/read/pulumi-files";
import { VARIABLES, VENDOR_NAMES } from "../vendors/index";
import { type VendorName } from "../vendors/resources";
import { collectPair, type CommandConfig, type ConfigOptions, readConfig } from "./config";
import { connect } from "./connect";
import { CliError, EXIT } from "./errors";
import { diagnosticsText } from "./report/diagnostics-pretty";
import { markdownPlan } from "./report/plan-markdown";
import { prettyPlan } from "./report/plan-pretty";
import { jsonPlan, type Summary, summaryOf } from "./report/plan-summary";
import { Progress, notifierOn } from "./terminal/progress";
import { type Style, styleFor } from "./terminal/style";
import { definitionPaths, requireEnvironment } from "./validate";

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
    with a value that is encrypted in the stack's file
  $ pulumi-connectors plan --format markdown > comment.md
    for a comment on a pull request

Makes read-only calls, and shows no secret. Encrypted values are not compared
unless you give them; the plan lists them. The command does not read the stack's
state, so it compares a definition without an id with the connector of its name.

Reads ${VARIABLES}.

Signs: + create, ~ update, = unchanged, ? in no definition, ! a problem.

Exit code: 0 no changes, 3 changes, 1 a problem, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .argument("[paths...]", "files and folders (default: connectors)")
    .addOption(
      new Option("-f, --format <format>", "output format").choices(FORMATS).default("pretty"),
    )
    .option("-e, --environment <name>", "stack whose overlays and configuration apply")
    .addOption(new Option("--vendor <vendor>", "plan for one vendor only").choices(VENDOR_NAMES))
    .option(
      "--provider <name>",
      "plan definitions with this explicit provider (default: those without one)",
    )
    .option(
      "-c, --config <key=value>",
      "a value of the stack configuration; can be repeated",
      collectPair,
    )
    .option("--config-file <path>", "values, as pulumi config --json --show-secrets prints them")
    .option("--fail-on-unmanaged", "count connectors without a definition as changes")
    .option("-q, --quiet", "print no progress")
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
  const { environment, provider, vendor, quiet = false } = options;
  const loaded = load(definitionPaths(paths, from), { from });
  const stacks = readStacks(loaded.root, from);
  const config = readConfig(stacks, options);
  try {
    const definitions = validDefinitionsOf(loaded, environment, from);
    requireEnvironment(environment, knownEnvironments(loaded.environments, stacks));
    requireProvider(provider, definitions);
    const plans = await planDefinitions(
      definitions,
      { provider, vendor },
      {
        cwd: from,
        lookup: lookupIn(config),
        connect: (name) => connect(name, config, notifierOn(process.stderr, quiet)),
        startProgress: (title) => new Progress(title, process.stderr, quiet),
      },
    );
    output.write(REPORTS[options.format](plans, styleFor(output)));
    return exitCodeOf(summaryOf(plans), options);
  } catch (error) {
    if (error instanceof DefinitionError && error.diagnostics.length > 0) {
      const { diagnostics, secrets } = error;
      process.stderr.write(`${diagnosticsText(diagnostics, secrets, styleFor(process.stderr))}\n`);
    }
    throw error;
  }
}

const REPORTS: Readonly<
  Record<PlanCommandOptions["format"], (plans: readonly VendorPlan[], style: Style) => string>
> = { pretty: prettyPlan, json: jsonPlan, markdown: markdownPlan };

function exitCodeOf(
  { create, update, unmanaged, fail }: Summary,
  { failOnUnmanaged = false }: PlanCommandOptions,
): number {
  if (fail > 0) {
    return EXIT.failure;
  }
  return create + update + (failOnUnmanaged ? unmanaged : 0) > 0 ? EXIT.changes : EXIT.ok;
}

/** Refuses a provider that no definition names: the plan would be empty, and look correct. */
function requireProvider(provider: string | undefined, definitions: readonly Definition[]): void {
  if (
    provider === undefined ||
    definitions.some(({ options }) => options.provider?.name === provider)
  ) {
    return;
  }
  throw new CliError(`no definition names the provider ${provider}.`, EXIT.usage);
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
