/**
 * `pulumi-connectors new`: writes a definition of a curl command, of an OpenAPI operation or of
 * answers to questions, and scaffolds projects.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { definitionsOf, load, projectFolder } from "../definition/load";
import { type NewDefinition, newDefinition } from "../definition/new/new-definition";
import { NewError } from "../definition/new/new-error";
import { shownPath } from "../definition/read/files";
import { type WrittenRequest } from "../model/written-request";
import { VENDOR_NAMES, VENDORS } from "../vendors/index";
import { type VendorName } from "../vendors/resources";
import { standardInput } from "./config";
import { CliError, EXIT } from "./errors";
import { newProject } from "./new-project";
import { printDiagnostics } from "./report/diagnostics-pretty";
import { schemaPath } from "./schema-path";
import { Questions } from "./terminal/questions";
import { WIDTH, wrapped } from "./terminal/text-width";
import { writeAtomically } from "./write-file";

/** The command's options. */
export interface NewCommandOptions {
  readonly fromCurl?: string;
  readonly fromOpenapi?: string;
  readonly operation?: string;
  readonly vendor?: VendorName;
  readonly setRow?: readonly string[];
  readonly out: string;
  readonly project?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors new scoring --vendor databar --from-curl - < curl.txt
    of a curl command on standard input
  $ pulumi-connectors new scoring --from-curl 'curl https://… -H "x-key: …"'
    of a curl command
  $ pulumi-connectors new scoring --from-openapi api.yaml --operation getScore
    of an operation of an OpenAPI 3 document
  $ pulumi-connectors new scoring
    asks for method, URL, headers and body
  $ pulumi-connectors new --project my-connectors
    a Pulumi project for definition files

Writes connectors/<name>.yaml. A credential becomes \${config.key}, and its value
is not kept: the command lists the commands that set it. {{name}}, :name in the
path, $NAME of a shell and the fields of --set-row become values per row.

Overwrites nothing, and sends nothing.

Exit code: 0 written, 1 no definition can be made, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .argument("[name]", "name of the definition; with --project, the folder (default: here)")
    .option("--from-curl <command>", "a curl command; - for standard input")
    .option("--from-openapi <file>", "an OpenAPI 3 or Swagger 2 document, in YAML or JSON")
    .option("--operation <id>", "operation of the OpenAPI document")
    .addOption(new Option("--vendor <vendor>", "vendor of the connector").choices(VENDOR_NAMES))
    .option(
      "--set-row <field>",
      "a field that is filled per row, in a body also by its path; can be repeated",
      (field: string, fields: readonly string[] | undefined) => [...(fields ?? []), field],
    )
    .option("-o, --out <folder>", "folder to write to", "connectors")
    .option("--project", "scaffold a project")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, options: NewCommandOptions) => {
      process.exitCode = await newCommand(name, options, process.stdout);
    });
}

/** Writes the files; resolves with the exit code. */
async function newCommand(
  name: string | undefined,
  options: NewCommandOptions,
  output: NodeJS.WriteStream,
): Promise<number> {
  if (options.project === true) {
    output.write(newProject(name ?? ".", process.cwd()));
    return EXIT.ok;
  }
  const questions = new Questions(process.stdin, process.stderr);
  try {
    return await writeDefinition(name, options, questions, output);
  } catch (error) {
    throw error instanceof NewError
      ? new CliError(`${error.message.replace(/[^.?!…]$/, "$&.")} Nothing was written.`)
      : error;
  } finally {
    questions.close();
  }
}

async function writeDefinition(
  givenName: string | undefined,
  options: NewCommandOptions,
  questions: Questions,
  output: NodeJS.WriteStream,
): Promise<number> {
  const from = process.cwd();
  const name = checkName(givenName ?? (await questions.text("Name of the connector", "a name")));
  const path = resolve(from, options.out, `${name}.yaml`);
  const shown = shownPath(path, from);
  requireFree(name, path, options.out, from);
  const { request, leftOut } = await requestOf(options, questions);
  const vendor = options.vendor ?? (await questions.choice("Vendor", VENDOR_NAMES, "--vendor"));
  const project = projectFolder([options.out], from);
  const made = newDefinition(request, {
    ...{ name, vendor: VENDORS[vendor], setRow: options.setRow ?? [], path: shown, cwd: from },
    schema: schemaPath(resolve(from, options.out), project),
  });
  const errors = made.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    printDiagnostics(errors, made.secrets);
    throw new CliError(`nothing was written, because ${shown} would not be valid.`);
  }
  writeAtomically(path, made.text, { exclusive: true });
  output.write(summary(name, shown, made, leftOut));
  return EXIT.ok;
}

function checkName(name: string): string {
  if (/^[A-Za-z0-9][\w-]*$/.test(name)) {
    return name;
  }
  throw new CliError(
    "the name of a definition here is letters, digits, - and _: it names the file, too.",
    EXIT.usage,
  );
}

function requireFree(name: string, path: string, folder: string, from: string): void {
  const shown = shownPath(path, from);
  if (existsSync(path)) {
    throw new CliError(`${shown} exists. Choose another name.`, EXIT.usage);
  }
  if (!existsSync(resolve(from, folder))) {
    return;
  }
  const { definitions } = definitionsOf(load([folder], { from }), undefined);
  const taken = definitions.find((definition) => definition.name === name);
  if (taken) {
    throw new CliError(
      `${taken.place.source.path} defines ${name} already. Choose another name.`,
      EXIT.usage,
    );
  }
}

interface Source {
  readonly request: WrittenRequest;
  /** Names of optional parameters that are not in the request. */
  readonly leftOut: readonly string[];
}

async function requestOf(
  { fromCurl, fromOpenapi, operation }: NewCommandOptions,
  questions: Questions,
): Promise<Source> {
  if (fromCurl !== undefined && fromOpenapi !== undefined) {
    throw new CliError("choose one of --from-curl and --from-openapi.", EXIT.usage);
  }
  if (fromOpenapi !== undefined) {
    const { requestOfOpenApi } = await import("../definition/new/from-openapi.js");
    return requestOfOpenApi(readText(fromOpenapi, "--from-openapi"), operation);
  }
  if (operation !== undefined) {
    throw new CliError("--operation is for --from-openapi.", EXIT.usage);
  }
  if (fromCurl !== undefined) {
    const { requestOfCurl } = await import("../definition/new/from-curl.js");
    const command = fromCurl === "-" ? readText("-", "--from-curl") : fromCurl;
    return { request: requestOfCurl(command), leftOut: [] };
  }
  return { request: await questions.request(), leftOut: [] };
}

function readText(path: string, option: string): string {
  try {
    return path === "-" ? standardInput(option).text : readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof CliError) {
      throw error;
    }
    throw new CliError(`${option}: ${path} cannot be read.`, EXIT.usage);
  }
}

/** What `new` cannot know. */
const UNSEEN_CREDENTIALS =
  "A credential is found by the name that it stands under, or by its form. Before you commit the file, look for others: in the path of the URL, or within a longer text.";

function summary(
  name: string,
  path: string,
  { credentials, perRow, notes, diagnostics }: NewDefinition,
  leftOut: readonly string[],
): string {
  const warnings = diagnostics.map(
    ({ message, hint, path: at }) =>
      `${at.replace(/^.*properties\./, "")} ${message}${hint === undefined ? "" : `. ${hint}`}.`,
  );
  const request = `  npx pulumi-connectors request ${name}`;
  const withValues = `${request}${perRow.map((each) => ` --set ${each}=…`).join("")}`;
  const lines = [
    `Wrote ${path}.`,
    ...(perRow.length === 0
      ? []
      : ["", ...wrapped(`Filled for each request: ${perRow.join(", ")}.`)]),
    ...(leftOut.length === 0
      ? []
      : ["", ...wrapped(`Optional, and left out: ${leftOut.join(", ")}.`)]),
    ...(credentials.length === 0
      ? []
      : [
          "",
          ...wrapped(
            `${credentials.length === 1 ? "A credential is" : `${credentials.length} credentials are`} left out. Set ${credentials.length === 1 ? "it" : "them"} (the command asks for the value, or reads it from standard input):`,
          ),
          "",
          ...credentials.map(({ key }) => `  pulumi config set --secret ${key}`),
        ]),
    "",
    ...wrapped(UNSEEN_CREDENTIALS),
    ...[...notes, ...warnings].flatMap((note) => ["", ...wrapped(note)]),
    "",
    "See the request that it makes:",
    "",
    withValues.length <= WIDTH ? withValues : `${request} --row row.json`,
  ];
  return `${lines.join("\n")}\n`;
}
