/**
 * `pulumi-connectors validate`: checks definition files, without network and without credentials.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { nearestFolder, shownPath } from "../definition/read/files";
import { validateFiles, type ValidationResult } from "../definition/validate/validate";
import { CliError, EXIT } from "./errors";
import { githubReport } from "./report/diagnostics-github";
import { jsonReport } from "./report/diagnostics-json";
import { prettyReport } from "./report/diagnostics-pretty";
import { sarifReport } from "./report/diagnostics-sarif";
import { packageVersion } from "../version";
import { forPeople, styleFor } from "./terminal/style";

const FORMATS = ["pretty", "json", "github", "sarif"] as const;

/** The command's options. */
export interface ValidateCommandOptions {
  readonly format: (typeof FORMATS)[number];
  readonly environment?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  $ pulumi-connectors validate
    all definitions in connectors/
  $ pulumi-connectors validate connectors/awin.yaml
    one file
  $ pulumi-connectors validate --environment prod
    with the overlays of the stack prod
  $ pulumi-connectors validate --format github --strict
    annotations for a pull request

Reads files only: no network, no credentials. Without --environment, checks the
files for every stack that has a Pulumi.<stack>.yaml or an overlay. A comment
"# connectors-ignore <rule>" disables a rule on its line, or on the next line.
All rules: docs/rules.md.

Exit code: 0 no errors (with --strict, no warnings either), 1 errors,
2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .argument("[paths...]", "files and folders (default: connectors)")
    .addOption(
      new Option("-f, --format <format>", "output format").choices(FORMATS).default("pretty"),
    )
    .option("-e, --environment <name>", "check the files for this stack only, with its overlays")
    .option("--strict", "treat warnings as errors")
    .option("-q, --quiet", "print errors only")
    .addHelpText("after", EXAMPLES)
    .action((paths: string[], options: ValidateCommandOptions) => {
      process.exitCode = validateCommand(paths, options, process.stdout);
    });
}

/** Prints what is wrong with the definitions on `output`; returns the exit code. */
export function validateCommand(
  paths: readonly string[],
  { format, environment, strict = false, quiet = false }: ValidateCommandOptions,
  output: NodeJS.WriteStream,
): number {
  const from = process.cwd();
  const result = validateFiles(definitionPaths(paths, from), {
    from,
    ...(environment !== undefined && { environment }),
  });
  requireEnvironment(environment, result.environments);
  const shown =
    quiet && !strict
      ? {
          ...result,
          diagnostics: result.diagnostics.filter(({ severity }) => severity === "error"),
        }
      : result;
  if (!quiet || shown.diagnostics.length > 0 || format === "json" || format === "sarif") {
    output.write(report(shown, format, output, from));
  }
  return result.diagnostics.some(({ severity }) => strict || severity === "error")
    ? EXIT.failure
    : EXIT.ok;
}

/** The paths of a command line, or the default folder. */
export function definitionPaths(paths: readonly string[], from: string): readonly string[] {
  if (paths.length > 0) {
    return paths;
  }
  if (existsSync(join(from, "connectors"))) {
    return ["connectors"];
  }
  throw new CliError(
    "there is no folder connectors here. Name the files or folders that hold the definitions.",
    EXIT.usage,
  );
}

/** Refuses an environment without a stack file or overlay, if any environment has one. */
export function requireEnvironment(
  environment: string | undefined,
  known: readonly string[],
): void {
  if (environment === undefined || known.length === 0 || known.includes(environment)) {
    return;
  }
  throw new CliError(
    `there is no Pulumi.${environment}.yaml, and no overlay for ${environment}. Known: ${[...known].sort().join(", ")}.`,
    EXIT.usage,
  );
}

function report(
  result: ValidationResult,
  format: ValidateCommandOptions["format"],
  output: NodeJS.WriteStream,
  from: string,
): string {
  switch (format) {
    case "pretty":
      return forPeople(prettyReport(result, styleFor(output)), output);
    case "json":
      return jsonReport(result);
    case "github":
      return githubReport(inCheckout(result, from));
    case "sarif":
      return sarifReport(inCheckout(result, from), packageVersion());
  }
}

/** Makes paths relative to the root of the checkout, the nearest folder with `.git`. */
function inCheckout(result: ValidationResult, from: string): ValidationResult {
  const root = nearestFolder(from, (folder) => existsSync(join(folder, ".git")));
  if (root === undefined) {
    return result;
  }
  return {
    ...result,
    diagnostics: result.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      file: shownPath(resolve(from, diagnostic.file), root),
    })),
  };
}
