#!/usr/bin/env node
/** The command line: `npx pulumi-connectors <command>`. Loads only the command that runs. */
import { Command, CommanderError } from "commander";

import { type CommandRow } from "./command";
import { CliError, EXIT } from "./errors";
import { printMessage } from "./terminal/style";
import { VENDOR_TITLES } from "../vendors/index";
import { packageVersion } from "../version";

const COMMANDS: readonly CommandRow[] = [
  {
    name: "validate",
    summary: "check definition files, without network and credentials",
    load: () => import("./validate.js"),
  },
  {
    name: "plan",
    summary: "compare definitions with the live workspaces; changes nothing",
    load: () => import("./plan.js"),
  },
  {
    name: "request",
    summary: "show the HTTP request that a connector makes for a row",
    load: () => import("./request.js"),
  },
  {
    name: "new",
    summary: "write a definition of a curl command or an API's document",
    load: () => import("./new.js"),
  },
  {
    name: "export",
    summary: "write an existing workspace as definition files",
    load: () => import("./export.js"),
  },
  {
    name: "set-values",
    summary: "set the exported values of credentials as secrets of a stack",
    load: () => import("./set-values.js"),
  },
  {
    name: "sandbox",
    summary: `serve an emulated ${VENDOR_TITLES} on loopback`,
    load: () => import("./sandbox.js"),
  },
  {
    name: "completion",
    summary: "print a script that completes commands in a shell",
    load: () => import("./completion.js"),
  },
];

async function main(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args);
    await program.parseAsync([...args], { from: "user" });
    // Commands report their result as the exit code.
    return typeof process.exitCode === "number" ? process.exitCode : EXIT.ok;
  } catch (error) {
    return report(error);
  }
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("pulumi-connectors")
    .description(`${VENDOR_TITLES} connectors as code.`)
    .version(packageVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help of a command")
    .configureOutput({
      outputError: (text) => printMessage("error", text.replace(/^error: /, "").trimEnd()),
    })
    .showHelpAfterError("Add --help to see the commands and options.")
    .exitOverride();
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).description(summary);
    if (args.includes(name)) {
      (await load()).configure(command, COMMANDS);
    }
  }
  return program;
}

/** Commander has already printed its own message. Stack traces are never printed. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  printMessage("error", error instanceof Error ? error.message : String(error));
  return error instanceof CliError ? error.exitCode : EXIT.failure;
}

/** A reader that closes the pipe has seen enough. Anything else is an error. */
function onOutputError(error: NodeJS.ErrnoException): never {
  if (error.code !== "EPIPE") {
    printMessage(
      "error",
      `standard output cannot be written (${error.code ?? error.message}). What was printed is not complete.`,
    );
    process.exit(EXIT.failure);
  }
  process.exit(process.exitCode ?? EXIT.ok);
}

process.stdout.on("error", onOutputError);
process.stderr.on("error", () => process.exit(process.exitCode ?? EXIT.failure));

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
