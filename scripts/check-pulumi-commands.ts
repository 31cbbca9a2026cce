/**
 * `npm run docs:commands`: checks that the CLI on PATH has every command and option that the docs
 * use.
 */
import { execFileSync } from "node:child_process";
import { PULUMI_COMMANDS } from "./pulumi-commands";

/**
 * Returns what a command's help lacks. For an unknown command, Pulumi prints the help of its
 * parent.
 */
function missingFrom(command: string, options: readonly string[]): string[] {
  const help = execFileSync("pulumi", [...command.split(" "), "--help"], { encoding: "utf8" });
  const [usage = ""] = /^Usage:\n.*(\n\nAliases:\n.*)?/m.exec(help) ?? [];
  const isThere =
    usage.includes(`pulumi ${command}`) ||
    new RegExp(`\\b${command.split(" ").at(-1) ?? ""}\\b`).test(usage);
  const missing = options
    .filter((option) => !new RegExp(`--${option}\\b`).test(help))
    .map((option) => `pulumi ${command} --${option}`);
  return [...(isThere ? [] : [`pulumi ${command}`]), ...missing];
}

const missing = Object.entries(PULUMI_COMMANDS).flatMap(([command, options]) =>
  missingFrom(command, options),
);
process.stdout.write(
  missing.length === 0
    ? `${Object.keys(PULUMI_COMMANDS).length} commands, all found.\n`
    : `Missing: ${missing.join(", ")}\n`,
);
process.exitCode = missing.length === 0 ? 0 : 1;
