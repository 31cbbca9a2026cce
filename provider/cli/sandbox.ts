/** `pulumi-connectors sandbox`: serves the emulated vendors until it is interrupted. */
import { randomBytes } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";

import { type Sandbox, startSandbox } from "../sandbox";
import { constantCase } from "../pulumi/provider/stack-settings";
import { wrapped } from "./terminal/text-width";
import { CliError } from "./errors";
import { VENDOR_NAMES, VENDOR_TITLES, VENDORS } from "../vendors/index";
import { type VendorName } from "../vendors/resources";

/** The command's options. */
export interface SandboxCommandOptions {
  /**
   * The first vendor's port; each further one gets the next. 0 means any free ones. Default:
   * {@link DEFAULT_PORT}.
   */
  readonly port?: number;
  /** Print the origins and the key as one line of JSON and nothing else. Default: false. */
  readonly json?: boolean;
}

/** How the command prints and stops. */
export interface SandboxCommandIo {
  print(text: string): void;
  /** Resolves when the command should stop. */
  stopped(): Promise<void>;
}

/** Fixed, so that the settings differ only in the key after a restart. */
const DEFAULT_PORT = 4010;

const HIGHEST_PORT = 65_536 - VENDOR_NAMES.length;

const EXAMPLES = `
Examples:
  $ pulumi-connectors sandbox
    Databar on 4010, Supermetrics on 4011
  $ pulumi-connectors sandbox --port 5000
    Databar on 5000, Supermetrics on 5001
  $ pulumi-connectors sandbox --port 0
    any free ports
  $ pulumi-connectors sandbox --json
    {"databar":"http://127.0.0.1:4010","supermetrics":"http://127.0.0.1:4011",
     "apiKey":"sandbox-5c1f02ab"}

Serves until Ctrl-C. Listens on 127.0.0.1 only. Accepts only the API key that it
prints, which is new at each start: a stack of an earlier sandbox is refused.
Stores nothing on disk.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .option(
      "-p, --port <number>",
      `port of the first vendor; each further one gets the next; 0 for any free ports (default: ${DEFAULT_PORT})`,
      parsePort,
    )
    .option("--json", "print the base URLs and the API key as one line of JSON and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (options: SandboxCommandOptions) => {
      await serveSandbox(options, {
        print: (text) => void process.stdout.write(text),
        stopped: interrupted,
      });
    });
}

/** Serves a sandbox until stopped. Throws a {@link CliError} if it cannot listen on the ports. */
export async function serveSandbox(
  { port = DEFAULT_PORT, json = false }: SandboxCommandOptions,
  io: SandboxCommandIo,
): Promise<void> {
  const apiKey = newKey();
  const sandbox = await start(port, apiKey);
  const stopped = io.stopped();
  io.print(json ? machineText(sandbox, apiKey) : humanText(sandbox, apiKey));
  await stopped;
  await sandbox.close();
}

/** Reads a port that leaves room for the ports after it; 0 means any. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > HIGHEST_PORT) {
    throw new InvalidArgumentError(`Give a whole number from 0 to ${HIGHEST_PORT}.`);
  }
  return port;
}

/**
 * A key for one sandbox. Its connectors are gone when it ends, so a stack that still has the key of
 * an earlier one must not take this one for it.
 */
function newKey(): string {
  return `sandbox-${randomBytes(4).toString("hex")}`;
}

async function start(port: number, apiKey: string): Promise<Sandbox> {
  const settings = { keys: [apiKey] };
  try {
    return await startSandbox({ port, databar: settings, supermetrics: settings });
  } catch (error) {
    const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number };
    const where = `port ${taken ?? port}`;
    if (code === "EADDRINUSE") {
      throw new CliError(
        `${where} is in use. Choose another with --port; --port 0 takes any free ports.`,
      );
    }
    if (code === "EACCES") {
      throw new CliError(`${where} needs more rights than this user has. Choose one above 1023.`);
    }
    throw error;
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => resolve());
    }
  });
}

function machineText(sandbox: Sandbox, apiKey: string): string {
  const origins = Object.fromEntries(VENDOR_NAMES.map((name) => [name, sandbox[name].url]));
  return `${JSON.stringify({ ...origins, apiKey })}\n`;
}

function humanText(sandbox: Sandbox, apiKey: string): string {
  const width = Math.max(...VENDOR_NAMES.map((name) => VENDORS[name].table.vendor.length));
  const addresses = VENDOR_NAMES.map(
    (name) => `  ${VENDORS[name].table.vendor.padEnd(width)}  ${sandbox[name].url}\n`,
  );
  const settings = VENDOR_NAMES.flatMap((name) => settingsOf(name, sandbox, apiKey));
  return [
    `Sandbox of ${VENDOR_TITLES}, empty, until Ctrl-C:\n\n`,
    ...addresses,
    "\nPoint a stack at it:\n\n",
    ...settings.map(
      ({ vendor, setting, value }) =>
        `  pulumi config set ${setting === "apiKey" ? "--secret " : ""}${vendor}:${setting} ${value}\n`,
    ),
    "\nOr, for commands and for stacks without this configuration, the environment:\n\n",
    ...settings.map(
      ({ vendor, setting, value }) => `  export ${constantCase(`${vendor}_${setting}`)}=${value}\n`,
    ),
    "\n",
    ...wrapped(
      "To leave the sandbox, destroy the stack's connectors while it runs, then remove the settings:",
    ).map((line) => `${line}\n`),
    "\n",
    "  pulumi destroy\n",
    `  pulumi config rm-all ${settings.map(({ vendor, setting }) => `${vendor}:${setting}`).join(" ")}\n\n`,
    ...wrapped(
      "The connectors end with the sandbox, and the next one has another key. A stack whose sandbox has ended is refused there; `pulumi stack rm --force` removes it.",
    ).map((line) => `${line}\n`),
  ].join("");
}

/** The settings of a stack or of the environment that point at the sandbox. */
function settingsOf(
  vendor: VendorName,
  { stackConfig, [vendor]: { url } }: Sandbox,
  apiKey: string,
): { vendor: VendorName; setting: string; value: string }[] {
  const inputs = VENDORS[vendor].table.fields.filter(({ fromSettings }) => fromSettings);
  return [
    { vendor, setting: "baseUrl", value: url },
    { vendor, setting: "apiKey", value: apiKey },
    ...inputs.map(({ name }) => ({
      vendor,
      setting: name,
      value: stackConfig[`${vendor}:${name}`]?.value ?? "",
    })),
  ];
}
