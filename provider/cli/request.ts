/**
 * `pulumi-connectors request`: shows the HTTP request that a connector makes for a row, and sends
 * it where `--send` says so.
 */
import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { suggest } from "../diagnostics";
import { type Definition } from "../definition/definition";
import { type DefinitionDiagnostic, DefinitionError } from "../definition/file-diagnostic";
import { definitionsOf, load, secretsOf } from "../definition/load";
import { knownEnvironments, readStacks } from "../definition/read/pulumi-files";
import { type ReferenceValue, renderRequests } from "../definition/request/render-requests";
import { checkDefinition } from "../definition/validate/definition-check";
import { isObject } from "../json";
import { mapTexts, type RenderedRequest, type Row } from "../model/rendered-request";
import {
  collectPair,
  type CommandConfig,
  type ConfigOptions,
  readConfig,
  stackOf,
  stackOption,
  standardInput,
  valueOption,
  valuesFileOption,
} from "./config";
import { CliError, EXIT } from "./errors";
import { printDiagnostics } from "./report/diagnostics-pretty";
import { REQUEST_REPORTS, type RequestReport } from "./report/request-formats";
import { printFaults } from "./report/request-faults";
import { redacting } from "./report/request-redaction";
import { type Answer, sendRequest } from "./send-request";
import { forPeople, styleFor } from "./terminal/style";
import { definitionPaths, requireEnvironment } from "./validate";

const FORMATS = ["http", "curl", "json"] as const;

/** The command's options. */
export interface RequestCommandOptions extends ConfigOptions {
  readonly format: (typeof FORMATS)[number];
  /** Items of the form `name=value`. */
  readonly set?: readonly string[];
  /** Path of a JSON file with a row; `-` for standard input. */
  readonly row?: string;
  readonly report?: string;
  readonly showSecrets?: boolean;
  readonly send?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors request scoring --set domain=acme.com
    the request for a row with this value
  $ pulumi-connectors request scoring --row row.json --format curl
    as a command, for a row from a JSON file
  $ pulumi-connectors request awin --report transactions --set account.id=7
    of one report type, with a value for {{account.id}}
  $ pulumi-connectors request awin --report accounts.fetchers.0
    of the accounts; without --report, all: login, accounts, report types
  $ pulumi-connectors request scoring --set domain=acme.com --send
    sends it to the API, from this machine
  $ pulumi config --json --show-secrets |
      pulumi-connectors request scoring --row row.json --config-file - --send
    with the values that are encrypted in the stack's file

Shows what the vendor sends, as far as the definition tells. Secrets are masked.
A reference without a value stays: \${config.key}. What is wrong with the request
goes to standard error: a body that is not the JSON that its header promises,
variables without a value, values that the request does not use.

Nothing is sent without --send, which needs every value.

Exit code: 0 no error, 1 an error in the request or, with --send, an answer
other than 2xx, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .argument("<connector>", "name of a definition")
    .argument("[paths...]", "files and folders (default: connectors)")
    .option("-s, --set <name=value>", "a value of the row; can be repeated", collectPair)
    .option("--row <path>", "the row, as a JSON object; - for standard input")
    .option("--report <name>", "of Supermetrics: one report type, or another request, only")
    .addOption(
      new Option("-f, --format <format>", "output format").choices(FORMATS).default("http"),
    )
    .addOption(stackOption())
    .addOption(valueOption())
    .addOption(valuesFileOption())
    .option("--show-secrets", "show the values of secrets")
    .option("--send", "send the request, and show the answer")
    .addHelpText("after", EXAMPLES)
    .action(async (connector: string, paths: string[], options: RequestCommandOptions) => {
      process.exitCode = await requestCommand(connector, paths, options, process.stdout);
    });
}

/** Prints the requests on `output`; resolves with the exit code. */
async function requestCommand(
  connector: string,
  paths: readonly string[],
  options: RequestCommandOptions,
  output: NodeJS.WriteStream,
): Promise<number> {
  const from = process.cwd();
  const loaded = load(definitionPaths(paths, from), { from });
  const stacks = readStacks(loaded.root, from);
  requireEnvironment(options.environment, knownEnvironments(loaded.environments, stacks));
  const stack = stackOf(options.environment, stacks, loaded.root);
  const { definitions, diagnostics } = definitionsOf(loaded, stack);
  const refuse = (all: readonly DefinitionDiagnostic[]): void =>
    refuseErrors(all, () => secretsOf(loaded));
  refuse([...loaded.diagnostics, ...diagnostics]);
  const definition = find(connector, definitions);
  refuse(checkDefinition(definition, from));
  const row = rowOf(options);
  const values = valuesOf(readConfig(stacks, { ...options, environment: stack }));
  const rendered = renderRequests(definition, row, values, from);
  refuse(rendered.diagnostics);
  const { requests, secrets, unavailable } = rendered;
  const chosen = chosenRequests(requests, options);
  const redact = redacting(options.showSecrets === true ? [] : secrets);
  const answer = options.send === true ? await send(chosen, unavailable, secrets) : undefined;
  const report: RequestReport = {
    connector,
    definition,
    requests: chosen.map((request) => mapTexts(request, redact)),
    unavailable,
    ...(answer && { answer: redacted(answer, redact) }),
  };
  const text = REQUEST_REPORTS[options.format](report, styleFor(output));
  output.write(options.format === "http" ? forPeople(text, output) : text);
  if (options.format !== "json") {
    printFaults(report);
  }
  return exitCodeOf(report);
}

/** What the server chose, without secrets. */
function redacted(answer: Answer, redact: (text: string) => string): Answer {
  return { ...answer, mediaType: redact(answer.mediaType), text: redact(answer.text) };
}

function refuseErrors(
  diagnostics: readonly DefinitionDiagnostic[],
  secrets: () => ReturnType<typeof secretsOf>,
): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    printDiagnostics(errors, secrets());
    throw new DefinitionError("there is no request, because the definitions are not valid.");
  }
}

function find(name: string, definitions: readonly Definition[]): Definition {
  const found = definitions.find((definition) => definition.name === name);
  if (found) {
    return found;
  }
  const names = definitions.map((definition) => definition.name);
  const meant = suggest(name, names);
  throw new CliError(
    `there is no definition ${name}. ${meant === undefined ? `Defined: ${names.join(", ")}.` : `Did you mean ${meant}?`}`,
    EXIT.usage,
  );
}

/** The row of `--row`, and over it the values of `--set`. */
function rowOf({ row, configFile, set = [] }: RequestCommandOptions): Row {
  const pairs = set.map((pair): [string, string] => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  if (row === "-" && configFile === "-") {
    throw new CliError("only one of --row and --config-file can be standard input.", EXIT.usage);
  }
  return { ...(row === undefined ? {} : readRow(row)), ...Object.fromEntries(pairs) };
}

function readRow(path: string): Row {
  let row: unknown;
  try {
    row = JSON.parse(path === "-" ? standardInput("--row").text : readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof CliError) {
      throw error;
    }
    const why = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new CliError(`--row: ${path} ${why}.`, EXIT.usage);
  }
  if (!isObject(row)) {
    throw new CliError(`--row: ${path} is not a JSON object of names and values.`, EXIT.usage);
  }
  return row;
}

/** What is not set, or encrypted, is not available. */
function valuesOf(config: CommandConfig): ReferenceValue {
  return ({ kind, name }) => {
    if (kind === "env") {
      const value = process.env[name];
      return value === undefined ? undefined : { value, secret: true };
    }
    const known = config.get(name);
    return known?.value === undefined ? undefined : { value: known.value, secret: known.secret };
  };
}

function chosenRequests(
  requests: readonly RenderedRequest[],
  { report, send: isSent = false }: RequestCommandOptions,
): readonly RenderedRequest[] {
  const names = requests.flatMap(({ name }) => name ?? []);
  if (report !== undefined && !names.includes(report)) {
    throw new CliError(
      names.length === 0
        ? "--report is for connectors with report types."
        : `there is no report type or request ${report}. Defined: ${names.join(", ")}.`,
      EXIT.usage,
    );
  }
  if (requests.length === 0) {
    throw new CliError("the definition holds no request: its configuration has none.");
  }
  if (report !== undefined) {
    return requests.filter(({ name }) => name === report);
  }
  return isSent ? requests.filter(({ isPreparation }) => isPreparation !== true) : requests;
}

async function send(
  requests: readonly RenderedRequest[],
  unavailable: readonly string[],
  secrets: readonly string[],
): Promise<Answer> {
  const [request, ...others] = requests;
  if (!request || others.length > 0) {
    throw new CliError("--send sends one request. Choose one with --report.", EXIT.usage);
  }
  const open = [...unavailable, ...request.open.map((name) => `{{${name}}}`)];
  if (open.length > 0) {
    throw new CliError(
      `nothing was sent, because values are missing: ${open.join(", ")}. Give them with --config-file or --set.`,
      EXIT.usage,
    );
  }
  if (request.faults.some(({ severity }) => severity === "error")) {
    printFaults({ requests: [request], unavailable });
    throw new CliError("nothing was sent, because of the errors above.");
  }
  return sendRequest(request, secrets);
}

function exitCodeOf({ requests, answer }: RequestReport): number {
  const isWrong = requests.some(({ faults }) =>
    faults.some(({ severity }) => severity === "error"),
  );
  const isRefused = answer !== undefined && (answer.statusCode < 200 || answer.statusCode > 299);
  return isWrong || isRefused ? EXIT.failure : EXIT.ok;
}
