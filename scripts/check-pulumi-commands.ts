/** `npm run docs:commands`: the CLI on PATH has every command and option that the documents show. */
import { execFileSync } from "node:child_process";
import { PULUMI_COMMANDS } from "./pulumi-commands";

/** What a command's help does not have. Of a command that there is not, Pulumi prints its parent's. */
function lacking(command: string, options: readonly string[]): string[] {
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
  lacking(command, options),
);
process.stdout.write(
  missing.length === 0
    ? `${Object.keys(PULUMI_COMMANDS).length} commands, all there.\n`
    : `Not there: ${missing.join(", ")}\n`,
);
process.exitCode = missing.length === 0 ? 0 : 1;
