/** `pulumi-connectors sandbox`: serves the emulated vendors until it is told to stop. */
import { type Command, InvalidArgumentError } from "commander";

import { type Sandbox, startSandbox } from "../sandbox";
import { CliError } from "./errors";

/** The command's options. */
export interface SandboxCommandOptions {
  /** Databar's port; Supermetrics gets the next one. Default: 0, any two free ones. */
  readonly port?: number;
  /** Print the origins as one line of JSON and nothing else. Default: false. */
  readonly json?: boolean;
}

/** What a command needs from its surroundings. */
export interface SandboxCommandIo {
  print(text: string): void;
  /** Resolves when the command is to stop. */
  stopped(): Promise<void>;
}

const HIGHEST_PORT = 65_534;

const EXAMPLES = `
Examples:
  $ pulumi-connectors sandbox                 any two free ports
  $ pulumi-connectors sandbox --port 4010     Databar on 4010, Supermetrics on 4011
  $ pulumi-connectors sandbox --json          {"databar":"http://127.0.0.1:…","supermetrics":"http://127.0.0.1:…"}

Serves until Ctrl-C. Listens on 127.0.0.1 only. Takes any API key that is not empty. Everything is forgotten at the end.
`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .option("-p, --port <number>", "port of Databar; Supermetrics gets the next one (default: any free ports)", parsePort)
    .option("--json", "print the base URLs as one line of JSON and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (options: SandboxCommandOptions) => {
      await serveSandbox(options, { print: (text) => void process.stdout.write(text), stopped: interrupted });
    });
}

/** Serves a sandbox until stopped. Throws a {@link CliError} when the ports cannot be had. */
export async function serveSandbox({ port, json = false }: SandboxCommandOptions, io: SandboxCommandIo): Promise<void> {
  const sandbox = await start(port);
  const stopped = io.stopped();
  io.print(json ? machineText(sandbox) : humanText(sandbox));
  await stopped;
  await sandbox.close();
}

/** Reads a port that leaves room for the next one; 0 means any. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > HIGHEST_PORT) throw new InvalidArgumentError(`Give a whole number from 0 to ${HIGHEST_PORT}.`);
  return port;
}

async function start(port: number | undefined): Promise<Sandbox> {
  try {
    return await startSandbox({ port });
  } catch (error) {
    const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number };
    const where = `port ${taken ?? port ?? 0}`;
    if (code === "EADDRINUSE") throw new CliError(`${where} is in use. Choose another with --port, or leave it out.`);
    if (code === "EACCES") throw new CliError(`${where} needs more rights than this user has. Choose one above 1023.`);
    throw error;
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function machineText({ databar, supermetrics }: Sandbox): string {
  return `${JSON.stringify({ databar: databar.url, supermetrics: supermetrics.url })}\n`;
}

function humanText({ databar, supermetrics }: Sandbox): string {
  return `Sandbox of both vendors, empty, until Ctrl-C:

  Databar       ${databar.url}
  Supermetrics  ${supermetrics.url}

Point a stack at it:

  pulumi config set databar:baseUrl ${databar.url}
  pulumi config set --secret databar:apiKey any-value
  pulumi config set supermetrics:baseUrl ${supermetrics.url}
  pulumi config set --secret supermetrics:apiKey any-value
  pulumi config set supermetrics:teamId ${supermetrics.settings.teams[0] ?? ""}
`;
}
