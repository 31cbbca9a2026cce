/**
 * `pulumi-connectors set-values`: the values that `export --values` wrote, as secrets of a stack.
 * They reach Pulumi through standard input, so that no other process sees them.
 */
import { spawnSync } from "node:child_process";
import { type Command } from "commander";
import { counted } from "../diagnostics";
import { isObject } from "../json";
import { standardInput } from "./config";
import { CliError, EXIT } from "./errors";
import { Progress } from "./terminal/progress";

/** The command's options. */
export interface SetValuesCommandOptions {
  readonly stack?: string;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors set-values < connectors.values.json
    every value of the file as a secret of the selected stack
  $ pulumi-connectors set-values --stack prod < connectors.values.json

Runs pulumi config set --secret for each key, with the value on standard input:
no value is on a command line, and any number of keys works. A second run sets
them again. Needs the Pulumi CLI on PATH.

Exit code: 0 done, 1 Pulumi refused a key, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .option("-s, --stack <name>", "stack to set the values in (default: the selected one)")
    .option("-q, --quiet", "print no progress")
    .addHelpText("after", EXAMPLES)
    .action((options: SetValuesCommandOptions) => {
      process.exitCode = setValuesCommand(options, process.stdout);
    });
}

/** Sets the values of standard input; returns the exit code. */
export function setValuesCommand(
  { stack, quiet = false }: SetValuesCommandOptions,
  output: NodeJS.WriteStream,
): number {
  const values = valuesIn(standardInput("set-values reads the file of export --values").text);
  const progress = new Progress("Setting values", process.stderr, quiet);
  try {
    values.forEach(([key, value], index) => {
      setValue(key, value, stack, index, values.length);
      progress.at(index + 1, values.length);
    });
  } finally {
    progress.end();
  }
  if (!quiet) {
    output.write(`${counted(values.length, "secret")} set. Delete the file now.\n`);
  }
  return EXIT.ok;
}

function setValue(
  key: string,
  value: string,
  stack: string | undefined,
  done: number,
  of: number,
): void {
  // Without --raw, which older versions lack, Pulumi drops line ends at the end.
  const raw = value.endsWith("\n") ? ["--raw"] : [];
  const args = ["config", "set", "--secret", "--non-interactive", ...raw];
  const where = stack === undefined ? [] : ["--stack", stack];
  const { error, status, stderr } = spawnSync("pulumi", [...args, ...where, "--", key], {
    input: value,
    encoding: "utf8",
  });
  const soFar = `${done} of ${counted(of, "value")} set; a second run sets all.`;
  if (error !== undefined) {
    throw new CliError(`pulumi cannot be started (${error.message}). ${soFar}`);
  }
  if (status !== 0) {
    throw new CliError(`pulumi config set ${key} failed: ${stderr.trim()}\n${soFar}`);
  }
}

function valuesIn(text: string): (readonly [key: string, value: string])[] {
  const entries = Object.entries(parsed(text));
  return entries.map(([key, entry]) => {
    const value = isObject(entry) ? entry["value"] : undefined;
    if (typeof value !== "string") {
      throw new CliError(`${key} has no value. ${EXPECTED}`, EXIT.usage);
    }
    return [key, value];
  });
}

const EXPECTED = "Pipe the file that export --values wrote into the command.";

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const values: unknown = JSON.parse(text);
    if (isObject(values)) {
      return values;
    }
  } catch {
    // Refused below. The parser's message would show a part of the text.
  }
  throw new CliError(`standard input is not a file of values. ${EXPECTED}`, EXIT.usage);
}
