#!/usr/bin/env node
/** The command line: `npx pulumi-connectors <command>`. Only the command that is asked for gets loaded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Command, CommanderError } from "commander";

import { CliError, EXIT } from "./errors";

/** A command's file: adds options, help and action to the command of its name. */
interface CommandModule {
  configure(command: Command): void;
}

interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

const COMMANDS: readonly CommandRow[] = [
  { name: "sandbox", summary: "serve an emulated Databar and Supermetrics on loopback", load: () => import("./sandbox.js") },
];

async function main(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args);
    await program.parseAsync([...args], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    return report(error);
  }
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("pulumi-connectors")
    .description("Databar and Supermetrics connectors as code.")
    .version(packageVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .exitOverride();
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).description(summary);
    if (args.includes(name)) (await load()).configure(command);
  }
  return program;
}

/** Commander has printed its own message already; nothing prints a stack. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof CliError ? error.exitCode : EXIT.failure;
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };
  return manifest.version;
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
