/** `pulumi-connectors export`: an existing workspace as definition files. */
import { join, relative, resolve, sep } from "node:path";
import { type Command, Option } from "commander";
import { formatMessage } from "../definition/file-diagnostic";
import { type ExportedFiles } from "../definition/export/export-files";
import { exportWorkspace } from "../definition/export/export-workspace";
import { KnownDefinitions } from "../definition/export/known-definitions";
import { importFile } from "../definition/export/import-file";
import { readWorkspace, type Workspace } from "../definition/export/read-workspace";
import { projectFolder } from "../definition/load";
import { isWithin } from "../definition/read/files";
import { readStacks } from "../definition/read/pulumi-files";
import { counted } from "../diagnostics";
import { readConfig } from "./config";
import { connect } from "./connect";
import { CliError, EXIT } from "./errors";
import { Progress, notifierOn } from "./terminal/progress";
import { printMessage } from "./terminal/style";
import { wrapped } from "./terminal/text-width";
import { writeValuesFile } from "./values-file";
import { writeAtomically } from "./write-file";
import { type FieldTable } from "../model/field";
import { VARIABLES, VENDOR_NAMES } from "../vendors/index";
import { type VendorName } from "../vendors/resources";

/** The command's options. */
export interface ExportCommandOptions {
  readonly vendor: VendorName;
  readonly team?: string;
  readonly out: string;
  readonly values?: string;
  readonly overwrite?: boolean;
  readonly importFile?: string;
  readonly environment?: string;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors export --vendor databar
  $ pulumi-connectors export --vendor supermetrics --team 936506 --out folder
  $ pulumi-connectors export --vendor databar --values connectors.values.json
  $ pulumi-connectors export --vendor databar --import-file import.json

Writes one definition per connector, with its id, so that the next pulumi up
adopts it. Makes read-only calls.

Reads ${VARIABLES}.

The files hold no credentials: \${config.key} replaces each one, and the command
lists the keys to set. With --values, the command writes their values to a file
that only you can read and that git ignores. Values that the vendor masks are
in neither: set those keys yourself.

Connectors that the folder already defines are skipped, so a second run changes
nothing.

Exit code: 0 done, 1 something could not be exported, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .addOption(
      new Option("--vendor <vendor>", "vendor to export from")
        .choices(VENDOR_NAMES)
        .makeOptionMandatory(),
    )
    .option(
      "--team <id>",
      "Supermetrics team (default: SUPERMETRICS_TEAM_ID, or the stack's configuration)",
    )
    .option("-o, --out <folder>", "folder to write to", "connectors")
    .option(
      "--values <file>",
      "write the values of the config keys to a file for pulumi config set-all --json",
    )
    .option(
      "--import-file <file>",
      "write only a file for pulumi import --file (preview), and no definitions",
    )
    .option("--overwrite", "overwrite connectors that the folder already defines")
    .option(
      "-e, --environment <name>",
      "stack whose configuration sets the vendor's base URL and team",
    )
    .option("-q, --quiet", "print errors and warnings only")
    .addHelpText("after", EXAMPLES)
    .action(async (options: ExportCommandOptions) => {
      process.exitCode = await exportCommand(options, process.stdout, process.stderr);
    });
}

/** Writes the files; resolves with the exit code. Everything is read before anything is written. */
export async function exportCommand(
  options: ExportCommandOptions,
  output: NodeJS.WriteStream,
  errors: NodeJS.WriteStream,
): Promise<number> {
  const { out, environment, overwrite = false, quiet = false } = options;
  const from = process.cwd();
  const valuesPath = valuesPathOf(options, from);
  const project = projectFolder([out], from);
  const stacks = readStacks(project, from);
  const connection = connect(
    options.vendor,
    readConfig(stacks, options),
    notifierOn(errors, quiet),
    {
      "supermetrics:teamId": options.team,
    },
  );
  const { table } = connection;
  const known = KnownDefinitions.read(out, from, environment);
  const progress = new Progress(`Reading ${table.vendor} connectors`, errors, quiet);
  const workspace = await readWorkspace(connection, progress);
  if (options.importFile !== undefined) {
    const content = importFile(options.vendor, connection, workspace);
    writeAtomically(resolve(from, options.importFile), content);
    return reportImport(options.importFile, workspace, quiet, output, errors);
  }
  const schema = relative(known.folder, join(project, "node_modules/pulumi-connectors/schema.json"))
    .split(sep)
    .join("/");
  const { connectors, skipped, refused } = exportWorkspace({
    ...{ table, workspace, known, stacks, overwrite, schema },
  });
  const written = connectors.filter(({ diagnostics }) => diagnostics.length === 0);
  const values = new Map(written.flatMap((one) => [...one.values]));
  // Values first: definitions without them would look finished.
  if (valuesPath !== undefined && values.size > 0) {
    writeValuesFile(valuesPath, values, stacks?.project);
  }
  writeDefinitions(written, known);
  if (!quiet) {
    output.write(summary(written.length, skipped, values, options));
  }
  const skippedReasons = [
    ...connectors.flatMap(skippedReason),
    ...[...workspace.failures, ...refused].map((reason) => `not exported: ${reason}`),
  ];
  const masked = written.flatMap((one) => one.masked);
  const reasons = [...skippedReasons, ...maskedReason(table, masked)];
  for (const reason of reasons) {
    printMessage("warning", reason, errors);
  }
  return reasons.length === 0 ? EXIT.ok : EXIT.failure;
}

/** Says what the file is for, and which connectors it lacks; the exit code. */
function reportImport(
  file: string,
  { connectors, failures }: Workspace,
  quiet: boolean,
  output: NodeJS.WriteStream,
  errors: NodeJS.WriteStream,
): number {
  if (!quiet) {
    output.write(
      `${counted(connectors.length, "connector")} listed in ${file}. Import them as resources of the native package:\n\n  pulumi import --file ${file} --out imported.yaml\n`,
    );
  }
  for (const reason of failures) {
    printMessage("warning", `not listed: ${reason}`, errors);
  }
  return failures.length === 0 ? EXIT.ok : EXIT.failure;
}

function valuesPathOf({ out, values }: ExportCommandOptions, from: string): string | undefined {
  const folder = resolve(from, out);
  const path = values === undefined ? undefined : resolve(from, values);
  if (path !== undefined && path !== folder && isWithin(path, folder)) {
    throw new CliError(
      "--values must name a file outside the folder of --out, which is for definitions only.",
      EXIT.usage,
    );
  }
  return path;
}

function writeDefinitions(connectors: readonly ExportedFiles[], known: KnownDefinitions): void {
  for (const { name, files } of connectors) {
    for (const [file, content] of files) {
      writeAtomically(join(known.folder, file), content, { exclusive: !known.has(name) });
    }
  }
}

/** Why a connector is not written. */
function skippedReason({ name, diagnostics }: ExportedFiles): string[] {
  return diagnostics.length === 0
    ? []
    : [
        `${name} is not exported, because no definition can express it: ${diagnostics.map(formatMessage).join(" ")}`,
      ];
}

/** What the vendor hides cannot be exported, and its mask must not be taken for the value. */
function maskedReason({ vendor }: FieldTable, keys: readonly string[]): string[] {
  const commands = keys.map((key) => `\n  pulumi config set --secret ${key}`).join("");
  return keys.length === 0
    ? []
    : [
        `${vendor} masks ${counted(keys.length, "value")}, which ${keys.length === 1 ? "is" : "are"} not exported. Set ${keys.length === 1 ? "it" : "these"} yourself before the next pulumi up:${commands}`,
      ];
}

function summary(
  written: number,
  skipped: number,
  values: ReadonlyMap<string, string>,
  { out, values: file }: ExportCommandOptions,
): string {
  const lines = [
    `${counted(written, "connector")} exported to ${out}${skipped > 0 ? `, ${skipped} already defined there` : ""}.`,
  ];
  if (values.size > 0 && file !== undefined) {
    lines.push(
      "",
      ...wrapped(
        `The values of ${counted(values.size, "config key")} are in ${file}, which git ignores. Set them, then delete the file:`,
      ),
      "",
      `  pulumi config set-all --json "$(cat ${file})"`,
    );
  } else if (values.size > 0) {
    lines.push(
      "",
      "The files hold no credentials. Set them before the next pulumi up:",
      "",
      ...[...values.keys()].map((key) => `  pulumi config set --secret ${key}`),
    );
  }
  return `${lines.join("\n")}\n`;
}
