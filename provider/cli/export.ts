/** `pulumi-connectors export`: an existing workspace as definition files. */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { formatMessage } from "../definition/file-diagnostic";
import { type ExportedFiles } from "../definition/export/export-files";
import { exportWorkspace, takenIn } from "../definition/export/export-workspace";
import { KnownDefinitions } from "../definition/export/known-definitions";
import { importFile, type WorkspaceOfVendor } from "../definition/export/import-file";
import { readWorkspace } from "../definition/export/read-workspace";
import { projectFolder } from "../definition/load";
import { isWithin, shownPath } from "../definition/read/files";
import { readStacks, type Stacks } from "../definition/read/pulumi-files";
import { counted } from "../diagnostics";
import { readConfig, stackOf } from "./config";
import { announce, connect } from "./connect";
import { CliError, EXIT } from "./errors";
import { schemaPath } from "./schema-path";
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
  readonly vendor: readonly VendorName[];
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
  $ pulumi-connectors export --vendor databar --vendor supermetrics
    both workspaces in one run
  $ pulumi-connectors export --vendor databar --values connectors.values.json
    with the values of credentials, for pulumi-connectors set-values
  $ pulumi-connectors export --vendor databar --import-file import.json

Writes one definition per connector, with its id, so that the next pulumi up
adopts it. Makes read-only calls.

Reads ${VARIABLES}.

The files hold no credentials: \${config.key} replaces each one, and the command
lists the keys to set. With --values, the command writes their values to a file
that only you can read and that git ignores. Values that the vendor masks are
in neither: set those keys yourself.

Connectors that the folder already defines are skipped, so a second run changes
nothing, and finishes what a failed one has left. The command says which of them
the vendor does not have any more, or has under another name.

Exit code: 0 done, 1 something could not be exported, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .addOption(
      new Option("--vendor <vendor...>", "vendor to export from; can be repeated")
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
      "write the values of the config keys to a file for pulumi-connectors set-values",
    )
    .option(
      "--import-file <file>",
      "write only a file for pulumi import --file (preview), and no definitions",
    )
    .option("--overwrite", "overwrite connectors that the folder already defines")
    .option(
      "-e, --environment <name>",
      "stack whose configuration sets the vendor's base URL and team (default: the selected or only one)",
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
  const { out, overwrite = false, quiet = false } = options;
  const from = process.cwd();
  const valuesPath = valuesPathOf(options, from);
  const project = projectFolder([out], from);
  const stacks = readStacks(project, from);
  const environment = stackOf(options.environment, stacks, project);
  const known = KnownDefinitions.read(out, from, environment);
  const read = await readWorkspaces(options, stacks, environment, errors);
  if (options.importFile !== undefined) {
    writeAtomically(resolve(from, options.importFile), importFile(read));
    return reportImport(options.importFile, read, quiet, output, errors);
  }
  const schema = schemaPath(known.folder, project);
  const taken = takenIn(known, stacks);
  const exported = read.map(({ connection: { table }, workspace }) => ({
    table,
    workspace,
    ...exportWorkspace({ table, workspace, known, taken, overwrite, schema }),
  }));
  const connectors = exported.flatMap((each) => each.connectors);
  const written = connectors.filter(({ diagnostics }) => diagnostics.length === 0);
  const values = new Map(written.flatMap((one) => [...one.values]));
  // Values first: definitions without them would look finished.
  if (valuesPath !== undefined && values.size > 0) {
    writing(valuesPath, "No definition is written.", () =>
      writeValuesFile(valuesPath, values, stacks?.project),
    );
  }
  writeDefinitions(written, known);
  if (!quiet) {
    const skipped = exported.reduce((sum, each) => sum + each.skipped, 0);
    output.write(summary(written.length, skipped, values, options));
  }
  const notes = exported.flatMap(({ workspace, changed }) => [
    ...workspace.deleted.map((name) => `${name} was deleted while the command read it.`),
    ...changed.map((change) => `${change}.`),
  ]);
  const reasons = [
    ...connectors.flatMap(skippedReason),
    ...exported.flatMap(({ table, workspace, refused, connectors: own }) => [
      ...[...workspace.failures, ...refused].map((reason) => `not exported: ${reason}`),
      ...maskedReason(
        table,
        own.flatMap((one) => (one.diagnostics.length === 0 ? one.masked : [])),
      ),
    ]),
  ];
  for (const reason of [...notes, ...reasons]) {
    printMessage("warning", reason, errors);
  }
  return reasons.length === 0 ? EXIT.ok : EXIT.failure;
}

/** Says what the file is for, and which connectors it lacks; the exit code. */
function reportImport(
  file: string,
  read: readonly WorkspaceOfVendor[],
  quiet: boolean,
  output: NodeJS.WriteStream,
  errors: NodeJS.WriteStream,
): number {
  const listed = read.reduce((sum, { workspace }) => sum + workspace.connectors.length, 0);
  if (!quiet) {
    const lines = [
      ...wrapped(
        `${counted(listed, "connector")} listed in ${file}. Import them as resources of the native package (preview):`,
      ),
      "",
      `  pulumi import --file ${file} --out imported.yaml`,
    ];
    output.write(`${lines.join("\n")}\n`);
  }
  const failures = read.flatMap(({ workspace }) => workspace.failures);
  for (const reason of failures) {
    printMessage("warning", `not listed: ${reason}`, errors);
  }
  return failures.length === 0 ? EXIT.ok : EXIT.failure;
}

/** The workspaces of all vendors, one after the other. */
async function readWorkspaces(
  { vendor: vendors, team, quiet = false, ...options }: ExportCommandOptions,
  stacks: Stacks | undefined,
  stack: string | undefined,
  errors: NodeJS.WriteStream,
): Promise<WorkspaceOfVendor[]> {
  const config = readConfig(stacks, {
    ...options,
    ...(stack !== undefined && { environment: stack }),
  });
  const overrides = { "supermetrics:teamId": team };
  // Every key is there before the first request.
  const connections = [...new Set(vendors)].map((vendor) => ({
    vendor,
    connection: connect(vendor, config, notifierOn(errors, quiet), overrides),
  }));
  const read: WorkspaceOfVendor[] = [];
  for (const { vendor, connection } of connections) {
    if (!quiet) {
      announce(connection, stack, errors);
    }
    const what = `Reading ${connection.table.vendor} connectors`;
    const workspace = await readWorkspace(connection, new Progress(what, errors, quiet));
    read.push({ vendor, connection, workspace });
  }
  return read;
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
  connectors.forEach(({ name, files }, index) => {
    const isNew = !known.has(name);
    const made: string[] = [];
    for (const [file, content] of files) {
      const path = join(known.folder, file);
      const done = `${index} of ${counted(connectors.length, "connector")} ${index === 1 ? "is" : "are"} written; run the command again to write the rest.`;
      try {
        writing(path, done, () => writeAtomically(path, content, { exclusive: isNew }));
        made.push(path);
      } catch (error) {
        // A part of a connector's files would take its name.
        made.filter(() => isNew).forEach((part) => rmSync(part, { force: true }));
        throw error;
      }
    }
  });
}

/** Writes a file. @throws CliError that names the file, the reason, and how far the command got. */
function writing(path: string, done: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) {
      throw error;
    }
    const why = WHY[code];
    const shown = shownPath(path, process.cwd());
    throw new CliError(
      `${shown} cannot be written (${why === undefined ? code : `${why}, ${code}`}). ${done}`,
    );
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EFBIG: "the file would be too large",
  EDQUOT: "your quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EEXIST: "another program has written it meanwhile",
};

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
      `  npx pulumi-connectors set-values < ${file}`,
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
