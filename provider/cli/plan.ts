/**
 * `pulumi-connectors plan`: what a deployment would do, without Pulumi and with read-only calls.
 */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { type Definition } from "../definition/definition";
import { type DefinitionDiagnostic, DefinitionError } from "../definition/file-diagnostic";
import { load } from "../definition/load";
import { Base, type Folders, readBase } from "../definition/plan/base";
import { planDefinitions, validDefinitionsOf } from "../definition/plan/plan-definitions";
import { StackState } from "../definition/plan/stack-state";
import { type Source } from "../definition/read/source";
import { type KnownValue, type Lookup } from "../definition/plan/plan-inputs";
import { knownEnvironments, readStacks } from "../definition/read/pulumi-files";
import { VARIABLES, VENDOR_NAMES } from "../vendors/index";
import { type VendorName } from "../vendors/resources";
import {
  type CommandConfig,
  type ConfigOptions,
  readConfig,
  stackOf,
  stackOption,
  standardInput,
  valueOption,
  valuesFileOption,
} from "./config";
import { announce, connect } from "./connect";
import { CliError, EXIT } from "./errors";
import { printDiagnostics } from "./report/diagnostics-pretty";
import { jsonPlan, jsonRefusal } from "./report/plan-json";
import { markdownPlan, markdownRefusal } from "./report/plan-markdown";
import { prettyPlan } from "./report/plan-pretty";
import { type PlanReport, type Summary, summaryOf } from "./report/plan-summary";
import { Progress, notifierOn } from "./terminal/progress";
import { shellWord } from "./terminal/shell-word";
import { forPeople, printMessage, styleFor } from "./terminal/style";
import { definitionPaths, requireEnvironment } from "./validate";

const FORMATS = ["pretty", "json", "markdown"] as const;

/** The command's options. */
export interface PlanCommandOptions extends ConfigOptions {
  readonly format: (typeof FORMATS)[number];
  readonly vendor?: VendorName;
  readonly provider?: string;
  readonly base?: string;
  readonly state?: string;
  readonly all?: boolean;
  readonly failOnUnmanaged?: boolean;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors plan
    connectors/ against the live workspaces, as the selected stack sees them
  $ pulumi-connectors plan --environment prod --base origin/main
    in a pull request: with the deletions and renames since origin/main
  $ pulumi stack export | pulumi-connectors plan --state -
    with what the stack manages
  $ pulumi config --json --show-secrets | pulumi-connectors plan --config-file -
    with the values that are encrypted in the stack's file
  $ pulumi-connectors plan --format markdown > comment.md
    for a comment on a pull request

Makes read-only calls, and shows no secret. Reads the overlays and the
configuration of the stack of --environment, else of the selected stack, else of
the only one.

What a plan knows:
  without --base and --state  the definitions. Takes a connector of the
      definition's id or name for the one that the stack manages, and shows no
      deletions: connectors in no definition are "unmanaged".
  --base <revision>  the definitions of the last deployment, too. Shows what was
      removed or renamed since. Takes it that the revision was deployed.
  --state <file>     the connectors that the stack manages, by their ids.

Reads ${VARIABLES}.

Signs: + create, ~ update or rename, - delete (or stays: retainOnDelete),
= unchanged, ? unmanaged, ! fails.

Exit code: 0 no changes, 3 changes, 1 a problem, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .argument("[paths...]", "files and folders (default: connectors)")
    .addOption(
      new Option("-f, --format <format>", "output format").choices(FORMATS).default("pretty"),
    )
    .addOption(stackOption())
    .addOption(
      new Option("--base <revision>", "git revision whose definitions are deployed").conflicts(
        "state",
      ),
    )
    .option("--state <file>", "state of the stack, from pulumi stack export; - for standard input")
    .addOption(new Option("--vendor <vendor>", "plan for one vendor only").choices(VENDOR_NAMES))
    .option(
      "--provider <name>",
      "plan definitions with this explicit provider (default: those without one)",
    )
    .addOption(valueOption())
    .addOption(valuesFileOption())
    .option("-a, --all", "show unchanged and unmanaged connectors one by one")
    .option("--fail-on-unmanaged", "count connectors without a definition as changes")
    .option("-q, --quiet", "print no progress and no address")
    .addHelpText("after", EXAMPLES)
    .action(async (paths: string[], options: PlanCommandOptions) => {
      process.exitCode = await planCommand(paths, options, process.stdout);
    });
}

/** Prints the plan on `output`, or why there is none; resolves with the exit code. */
export async function planCommand(
  paths: readonly string[],
  options: PlanCommandOptions,
  output: NodeJS.WriteStream,
): Promise<number> {
  try {
    const report = await makePlan(paths, options);
    output.write(REPORTS[options.format](report, output));
    return exitCodeOf(summaryOf(report.plans), options);
  } catch (error) {
    const { diagnostics, secrets } =
      error instanceof DefinitionError ? error : { diagnostics: [], secrets: [] };
    const message = error instanceof Error ? error.message : String(error);
    output.write(REFUSALS[options.format](message, diagnostics));
    if (diagnostics.length > 0) {
      printDiagnostics(diagnostics, secrets);
    }
    throw error;
  }
}

async function makePlan(
  given: readonly string[],
  options: PlanCommandOptions,
): Promise<PlanReport> {
  const from = process.cwd();
  const { provider, vendor, quiet = false, all = false } = options;
  const paths = definitionPaths(given, from);
  const loaded = load(paths, { from });
  const stacks = readStacks(loaded.root, from);
  const stack = stackOf(options.environment, stacks, loaded.root);
  const config = readConfig(stacks, {
    ...options,
    ...(stack !== undefined && { environment: stack }),
  });
  const definitions = validDefinitionsOf(loaded, stack, from);
  requireEnvironment(options.environment, knownEnvironments(loaded.environments, stacks));
  const history = readHistory(options, { paths, from, root: loaded.root }, stack);
  try {
    requireProvider(provider, definitions);
    const plans = await planDefinitions(
      definitions,
      { provider, vendor },
      {
        cwd: from,
        lookup: lookupIn(config),
        connect: (name) => {
          const connection = connect(name, config, notifierOn(process.stderr, quiet));
          if (!quiet) {
            announce(connection, stack, process.stderr);
          }
          return connection;
        },
        startProgress: (title) => new Progress(title, process.stderr, quiet),
        history,
      },
    );
    const knows = history?.source ?? "definitions";
    const listsUnmanaged = knows === "definitions" || options.failOnUnmanaged === true;
    return {
      plans,
      knows,
      stack,
      all,
      listsUnmanaged,
      valuesCommand: valuesCommand(given, options),
    };
  } finally {
    if (history instanceof Base) {
      history.dispose();
    }
  }
}

function readHistory(
  { base, state }: PlanCommandOptions,
  folders: Folders,
  stack: string | undefined,
): Base | StackState | undefined {
  if (base !== undefined) {
    const read = readBase(base, folders, stack);
    for (const file of read.unreadable) {
      printMessage(
        "warning",
        `${file} cannot be read as ${base} has it: what it defines there is not known.`,
      );
    }
    return read;
  }
  if (state === undefined) {
    return undefined;
  }
  const file = folders.paths.find((path) => !statSync(resolve(folders.from, path)).isDirectory());
  if (file !== undefined) {
    throw new CliError(
      `--state needs every folder that the stack deploys, and ${file} is a file: the connectors of other files would seem to be removed.`,
      EXIT.usage,
    );
  }
  const source = state === "-" ? standardInput("--state -") : readState(state);
  const read = StackState.parse(source.text, source.path);
  if (read.stack !== undefined && stack !== undefined && read.stack !== stack) {
    printMessage(
      "warning",
      `the state is that of the stack ${read.stack}, the configuration that of ${stack}.`,
    );
  }
  return read;
}

/** Of any size, unlike definition files. */
function readState(path: string): Source {
  try {
    return { path, text: readFileSync(path, "utf8") };
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new CliError(`--state: ${path} cannot be read (${code}).`, EXIT.usage);
  }
}

/** The command that supplies the encrypted values, in two lines. */
function valuesCommand(paths: readonly string[], options: PlanCommandOptions): string[] {
  const { environment, provider, base, state } = options;
  const own = [
    ...paths,
    ...(environment === undefined ? [] : ["--environment", environment]),
    ...(provider === undefined ? [] : ["--provider", provider]),
    ...(base === undefined ? [] : ["--base", base]),
    ...(state === undefined ? [] : ["--state", state === "-" ? "state.json" : state]),
  ].map(shellWord);
  const stack = environment === undefined ? "" : ` --stack ${shellWord(environment)}`;
  return [
    `pulumi config --json --show-secrets${stack} |`,
    `  ${["npx pulumi-connectors plan", ...own].join(" ")} --config-file -`,
  ];
}

const REPORTS: Readonly<
  Record<PlanCommandOptions["format"], (report: PlanReport, output: NodeJS.WriteStream) => string>
> = {
  pretty: (report, output) => forPeople(prettyPlan(report, styleFor(output)), output),
  json: jsonPlan,
  markdown: markdownPlan,
};

const REFUSALS: Readonly<
  Record<
    PlanCommandOptions["format"],
    (message: string, diagnostics: readonly DefinitionDiagnostic[]) => string
  >
> = { pretty: () => "", json: jsonRefusal, markdown: markdownRefusal };

function exitCodeOf(
  { create, update, rename, delete: deleted, retain, unmanaged, fail }: Summary,
  { failOnUnmanaged = false }: PlanCommandOptions,
): number {
  if (fail > 0) {
    return EXIT.failure;
  }
  const changes = create + update + rename + deleted + retain;
  return changes + (failOnUnmanaged ? unmanaged : 0) > 0 ? EXIT.changes : EXIT.ok;
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
