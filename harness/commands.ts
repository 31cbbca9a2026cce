/** Checks commands that documents show, without running them. */
import { Command, CommanderError } from "commander";
import * as completion from "../provider/cli/completion";
import * as exporting from "../provider/cli/export";
import * as newing from "../provider/cli/new";
import * as plan from "../provider/cli/plan";
import * as request from "../provider/cli/request";
import * as sandbox from "../provider/cli/sandbox";
import * as setValues from "../provider/cli/set-values";
import * as validate from "../provider/cli/validate";
import manifest from "../package.json";
import { PULUMI_COMMANDS } from "../scripts/pulumi-commands";

/**
 * The commands in a block: without comments and documents (`<<'END'`), and one by one where one line
 * holds several.
 */
export function commandsIn(block: string): string[] {
  const lines = block
    .replace(/ <<'(\w+)'\n(?:.*\n)*?\1$/gm, "")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines
    .flatMap((line) => line.split(/\s*(?:&&|;)\s*/))
    .map((command) => command.replace(/^(do|then) /, "").trim())
    .filter((command) => !/^(|do|done|then|fi|for .* in .*)$/.test(command));
}

/** What is wrong with a command; undefined for commands that users have. */
export function faultOf(command: string): string | undefined {
  const [program = "", ...args] = wordsOf(command.replace(/^([A-Z_]+=\w+ )+/, ""));
  if (program === "pulumi") {
    return pulumiFault(args);
  }
  if (program === "npx" && args[0] === "pulumi-connectors") {
    return ownFault(args.slice(1));
  }
  if (program === "npm") {
    return npmFault(args);
  }
  return /^export \w+=/.test(command) || OTHERS.includes(program)
    ? undefined
    : "an unknown program: add it to harness/commands.ts, or check its name";
}

/** Programs that are neither ours nor Pulumi's: what they take is not looked at. */
const OTHERS = [
  "rm",
  "cp",
  "cat",
  "cd",
  "mkdir",
  "vi",
  "git",
  "pnpm",
  "yarn",
  "node",
  "curl",
  "docker",
  "kubectl",
  "helm",
  "aws",
  "gcloud",
  "az",
  "python3",
  "venv/bin/pip",
  "venv/bin/python",
];

/** Split as a shell does, as far as documents go. */
function wordsOf(command: string): string[] {
  return [...command.replace(/ [<>] \S+/g, "").matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([word]) =>
    word.replace(/^["']|["']$/g, ""),
  );
}

function pulumiFault(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith("-"));
  const name = [words.slice(0, 2).join(" "), words[0] ?? ""].find(
    (candidate) => candidate in PULUMI_COMMANDS,
  );
  if (name === undefined) {
    return "is not in scripts/pulumi-commands.ts";
  }
  const known = PULUMI_COMMANDS[name]!;
  const strange = args
    .flatMap((arg) => /^--([\w-]+)/.exec(arg)?.[1] ?? [])
    .filter((option) => !known.includes(option));
  return strange.length === 0
    ? undefined
    : `--${strange.join(", --")} is not in scripts/pulumi-commands.ts`;
}

const COMMANDS = {
  ...{ completion, export: exporting, new: newing, plan, request, sandbox, validate },
  "set-values": setValues,
} as const;

/** Parsed by the command itself, without its action. */
function ownFault([name = "", ...args]: readonly string[]): string | undefined {
  if (!(name in COMMANDS)) {
    return "is not a command of pulumi-connectors";
  }
  const command = new Command(name).exitOverride().configureOutput({ writeErr: () => undefined });
  COMMANDS[name as keyof typeof COMMANDS].configure(command, []);
  try {
    command.action(() => undefined).parse([...args], { from: "user" });
    return undefined;
  } catch (error) {
    return error instanceof CommanderError ? error.message : String(error);
  }
}

function npmFault([name = "", script = "", ...args]: readonly string[]): string | undefined {
  if (["ci", "install", "init"].includes(name)) {
    return undefined;
  }
  const called = name === "run" ? script : name;
  if (!(called in manifest.scripts)) {
    return `package.json has no script ${called}`;
  }
  return args.length > 0 && args[0] !== "--" ? "options of a script come behind --" : undefined;
}
