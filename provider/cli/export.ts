/** `pulumi-connectors export`: an existing workspace as definition files. */
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { type Command, Option } from "commander";
import { type Definition } from "../definition/definition";
import { type ExportedFiles, exportFiles, type Taken } from "../definition/export/export-files";
import { kindOf } from "../vendors/tables";
import { isWithin } from "../definition/read/files";
import { formatMessage } from "../definition/diagnostic";
import { definitionsOf, load, projectFolder } from "../definition/load";
import { valueOf } from "../definition/read/node";
import { fullKey, readStacks, type Stacks } from "../definition/read/stack-config";
import { counted } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type Ref } from "../lifecycle/adapter";
import { adoptingField, type ExportedDefinition } from "../model/field";
import { isObject } from "../json";
import { readConfig } from "./config";
import { connect, type Connection } from "./connect";
import { CliError, EXIT } from "./errors";
import { writeAtomically } from "./write-file";
import { Progress, tellerOn } from "./terminal/progress";
import { printMessage } from "./terminal/style";
import { wrapped } from "./terminal/text-width";
import { VARIABLES, VENDOR_NAMES, type VendorName } from "../vendors/index";

/** The command's options. */
export interface ExportCommandOptions {
  readonly vendor: VendorName;
  readonly team?: string;
  readonly out: string;
  readonly values?: string;
  readonly overwrite?: boolean;
  readonly environment?: string;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors export --vendor databar
  $ pulumi-connectors export --vendor supermetrics --team 936506 --out folder
  $ pulumi-connectors export --vendor databar --values connectors.values.json

Writes one definition per connector, with the id by which the next pulumi up
takes it over. Makes read-only calls.

Reads ${VARIABLES}.

Credentials do not go into the files: \${config.key} stands in their place, and
the command lists the keys to set. With --values, their values go to a file that
only you can read, and that git is told to ignore.

Connectors that a definition in the folder has already are left alone, so that a
second run changes nothing.

Exit code: 0 done, 1 something could not be exported, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .addOption(
      new Option("--vendor <vendor>", "whose connectors")
        .choices(VENDOR_NAMES)
        .makeOptionMandatory(),
    )
    .option("--team <id>", "Supermetrics team (default: SUPERMETRICS_TEAM_ID, or the stack's)")
    .option("-o, --out <folder>", "where the files go", "connectors")
    .option(
      "--values <file>",
      "write the values of the config keys there, for pulumi config set-all --json",
    )
    .option("--overwrite", "write connectors again that are defined in the folder already")
    .option(
      "-e, --environment <name>",
      "stack whose configuration names the vendor's address and team",
    )
    .option("-q, --quiet", "tell faults only")
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
  const from = process.cwd();
  const folder = resolve(from, options.out);
  const valuesPath = options.values === undefined ? undefined : resolve(from, options.values);
  if (valuesPath !== undefined && valuesPath !== folder && isWithin(valuesPath, folder)) {
    throw new CliError(
      "--values must name a file outside the folder of --out, where only definitions belong.",
      EXIT.usage,
    );
  }
  const project = projectFolder([options.out], from);
  const stacks = readStacks(project, from);
  const connection = await connect(
    options.vendor,
    readConfig(stacks, options),
    tellerOn(errors, options.quiet),
    { "supermetrics:teamId": options.team },
  );
  const definitions = definedIn(options.out, from, options.environment);
  const { table } = connection.vendor;
  const progress = new Progress(
    `Reading ${table.vendor} connectors`,
    errors,
    options.quiet ?? false,
  );
  const { found, failures } = await readAll(connection, progress);
  const known = new Map(definitions.map((definition) => [idOf(definition), definition]));
  const refused: string[] = [];
  const fresh = found.filter(({ ref }) => {
    const old = known.get(`${table.resource}/${ref.key}`);
    if (old === undefined || (options.overwrite === true && isOwnFile(old, folder, definitions))) {
      return true;
    }
    if (options.overwrite === true) {
      refused.push(
        `${old.name} is not written again: ${old.place.source.path} holds more than the command writes. Move the definition to a file ${old.name}.yaml of its own, without options`,
      );
    }
    return false;
  });
  const taken: Taken = {
    names: new Set([...definitions.map(({ name }) => name), ...stemsIn(folder)]),
    keys: keysIn(definitions, stacks),
  };
  const schema = relative(folder, join(project, "node_modules/pulumi-connectors/schema.json"))
    .split(sep)
    .join("/");
  const exported = fresh.map(({ ref, exported: one }) => {
    const old = known.get(`${table.resource}/${ref.key}`);
    // What is written again keeps its keys.
    if (old) {
      for (const key of namedKeys([old])) {
        taken.keys.delete(key);
      }
    }
    return exportFiles(kindOf(table), one, ref.key, schema, taken, old?.name);
  });
  const good = exported.filter(({ diagnostics }) => diagnostics.length === 0);
  const values = new Map(good.flatMap((one) => [...one.values]));
  // First: a definition without its values would look finished.
  if (valuesPath !== undefined && values.size > 0) {
    writeValues(valuesPath, values, stacks?.project);
  }
  for (const { name: own, files } of good) {
    for (const [name, content] of files) {
      writeAtomically(join(folder, name), content, {
        exclusive: !definitions.some((each) => each.name === own),
      });
    }
  }
  if (options.quiet !== true) {
    output.write(summary(good, found.length - fresh.length, values, options));
  }
  for (const { name, diagnostics } of exported.filter((one) => one.diagnostics.length > 0)) {
    printMessage(
      "warning",
      `${name} was left out, because no definition can say what is there: ${diagnostics.map(formatMessage).join(" ")}`,
      errors,
    );
  }
  for (const failure of [...failures, ...refused]) {
    printMessage("warning", `left out: ${failure}`, errors);
  }
  return good.length === exported.length && failures.length + refused.length === 0
    ? EXIT.ok
    : EXIT.failure;
}

interface FoundConnector {
  readonly ref: Ref;
  readonly exported: ExportedDefinition;
}

/** One connector that cannot be read is no reason to leave all others out. */
async function readAll(
  { vendor, adapter, settings, ownSettings }: Connection,
  progress: Progress,
): Promise<{ readonly found: readonly FoundConnector[]; readonly failures: readonly string[] }> {
  const [fault] = vendor.settingFaults(settings, settings.inputs);
  if (fault !== undefined) {
    throw new CliError(fault);
  }
  const scope = adapter.scopeOf(settings.inputs);
  const { items, complete } = await adapter.list(scope, "content");
  if (!complete) {
    throw new CliError(
      `${vendor.table.vendor} did not list all connectors, so a part would be missing. Nothing was written. Run the command again later.`,
    );
  }
  let done = 0;
  const failures: string[] = [];
  const found = await Promise.all(
    items.map(async (item): Promise<FoundConnector[]> => {
      const ref = { scope, key: adapter.keyOf(item) };
      const remote = await adapter
        .complete(ref, item, {}, { verb: "read", name: adapter.nameOf(item), ref, sensitive: [] })
        .catch((error: unknown) => {
          if (!(error instanceof ConnectorError)) {
            throw error;
          }
          failures.push(error.message);
          return undefined;
        });
      progress.at((done += 1), items.length);
      return remote === undefined
        ? []
        : [{ ref, exported: vendor.exported(adapter, ref, remote, ownSettings) }];
    }),
  ).finally(() => progress.end());
  const number = (key: string): number => (/^\d+$/.test(key) ? Number(key) : 0);
  const sorted = found
    .flat()
    .sort(
      (one, other) =>
        number(one.ref.key) - number(other.ref.key) || (one.ref.key < other.ref.key ? -1 : 1),
    );
  return { found: sorted, failures };
}

/** What the folder defines already. Unreadable, it might define what would be written a second time. */
function definedIn(
  out: string,
  from: string,
  environment: string | undefined,
): readonly Definition[] {
  if (!existsSync(resolve(from, out))) {
    return [];
  }
  const loaded = load([out], { from });
  const all = [environment, undefined, ...loaded.environments].map((each) =>
    definitionsOf(loaded, each),
  );
  const definitions = [
    ...new Map(
      all
        .flatMap((each) => each.definitions)
        .reverse()
        .map((each) => [`${each.name} ${idOf(each)}`, each]),
    ).values(),
  ];
  const faults = [...loaded.diagnostics, ...(all[0]?.diagnostics ?? [])].filter(
    ({ rule }) => rule !== "file/none",
  );
  if (faults.length > 0) {
    throw new CliError(
      `${out} holds definitions that cannot be read, so it cannot be told what is defined already. Run \`pulumi-connectors validate ${out}\` first. Nothing was written.`,
    );
  }
  return definitions;
}

function idOf({ type, kind, properties }: Definition): string {
  const node = properties.entries.get(adoptingField(kind.table));
  return `${type}/${node?.kind === "scalar" ? String(node.value) : ""}`;
}

/** In the form that `pulumi config set-all --json` reads. */
function writeValues(
  path: string,
  values: ReadonlyMap<string, string>,
  project: string | undefined,
): void {
  const before = existsSync(path) ? readValues(path) : {};
  const content = {
    ...before,
    ...Object.fromEntries(
      [...values].map(([key, value]) => [
        project === undefined ? key : fullKey(key, project),
        { value, secret: true },
      ]),
    ),
  };
  ignoreInGit(path);
  writeAtomically(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

/** Values that nobody has set yet are kept; a file of anything else is not ours to write. */
function readValues(path: string): Readonly<Record<string, unknown>> {
  try {
    const values: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (
      isObject(values) &&
      Object.values(values).every((value) => isObject(value) && "value" in value)
    ) {
      return values;
    }
  } catch {
    // What is no JSON is no file of values either.
  }
  throw new CliError(`${basename(path)} exists, and is no file of values. Nothing was written.`);
}

/** Beginnings of file names that the folder has, in lower case: on some systems that is all that counts. */
function stemsIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder).map((name) => name.toLowerCase().replace(/\..*$/, ""))
    : [];
}

/** Keys that definitions or stacks have already. */
function keysIn(definitions: readonly Definition[], stacks: Stacks | undefined): Set<string> {
  const set = [
    ...(stacks?.shared.keys() ?? []),
    ...[...(stacks?.stacks.values() ?? [])].flatMap((stack) => [...(stack?.keys() ?? [])]),
  ].map((key) => key.slice(key.indexOf(":") + 1));
  return new Set([...set, ...namedKeys(definitions)]);
}

function namedKeys(definitions: readonly Definition[]): string[] {
  return [
    ...JSON.stringify(definitions.map(({ properties }) => valueOf(properties))).matchAll(
      /\$\{config\.([^{}]+)\}/g,
    ),
  ].map(([, key = ""]) => key);
}

/** Whether a definition lies alone in the file that the command would write, and holds nothing that it would not. */
function isOwnFile(
  { name, place: { source }, options, properties }: Definition,
  folder: string,
  all: readonly Definition[],
): boolean {
  const isAlone = all.filter((each) => each.place.source === source).length === 1;
  return (
    isAlone &&
    resolve(source.path) === join(folder, `${name}.yaml`) &&
    Object.keys(options).length === 0 &&
    properties.place.source === source
  );
}

/** Before there is anything to ignore. */
function ignoreInGit(path: string): void {
  const file = join(dirname(path), ".gitignore");
  const line = `/${basename(path)}`;
  const now = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (!now.split(/\r?\n/).includes(line)) {
    appendFileSync(file, `${now === "" || now.endsWith("\n") ? "" : "\n"}${line}\n`);
  }
}

function summary(
  exported: readonly ExportedFiles[],
  skipped: number,
  values: ReadonlyMap<string, string>,
  { out, values: file }: ExportCommandOptions,
): string {
  const lines = [
    `${counted(exported.length, "connector")} exported to ${out}${skipped > 0 ? `, ${skipped} defined there already` : ""}.`,
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
      "Credentials were left out. Set them before the next pulumi up:",
      "",
      ...[...values.keys()].map((key) => `  pulumi config set --secret ${key}`),
    );
  }
  return `${lines.join("\n")}\n`;
}
