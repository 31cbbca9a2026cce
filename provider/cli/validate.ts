/** `pulumi-connectors validate`: judges definition files, without network and without credentials. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { nearestFolder, shownPath } from "../definition/read/files";
import { validateFiles, type ValidationResult } from "../definition/validate/validate";
import { CliError, EXIT } from "./errors";
import { githubReport, jsonReport } from "./report/diagnostics-json";
import { prettyReport } from "./report/diagnostics-pretty";
import { sarifReport } from "./report/diagnostics-sarif";
import { packageVersion } from "../version";
import { styleFor } from "./terminal/style";

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
    as the stack prod has them
  $ pulumi-connectors validate --format github --strict
    annotations of a pull request

Reads files only: no network, no credentials. Without --environment, files are
judged as every stack that has a Pulumi.<stack>.yaml or an overlay would read
them. A comment "# connectors-ignore <rule>" silences a rule on its line, or on
the next one. The rules: docs/rules.md.

Exit code: 0 nothing found (or warnings only, without --strict), 1 faults,
2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command): void {
  command
    .argument("[paths...]", "files and folders (default: connectors)")
    .addOption(
      new Option("-f, --format <format>", "how to tell what was found")
        .choices(FORMATS)
        .default("pretty"),
    )
    .option("-e, --environment <name>", "judge the files as this stack has them, overlays included")
    .option("--strict", "warnings are faults too")
    .option("-q, --quiet", "tell errors only, and nothing where there are none")
    .addHelpText("after", EXAMPLES)
    .action((paths: string[], options: ValidateCommandOptions) => {
      process.exitCode = validateCommand(paths, options, process.stdout);
    });
}

/** Tells what is wrong with the definitions, on `output`; resolves to the exit code. */
export function validateCommand(
  paths: readonly string[],
  { format, environment, strict = false, quiet = false }: ValidateCommandOptions,
  output: NodeJS.WriteStream,
): number {
  const from = process.cwd();
  const verdict = validateFiles(definitionPaths(paths, from), {
    from,
    ...(environment !== undefined && { environment }),
  });
  requireEnvironment(environment, verdict.environments);
  const told =
    quiet && !strict
      ? {
          ...verdict,
          diagnostics: verdict.diagnostics.filter(({ severity }) => severity === "error"),
        }
      : verdict;
  if (!quiet || told.diagnostics.length > 0 || format === "json" || format === "sarif") {
    output.write(report(told, format, output, from));
  }
  return verdict.diagnostics.some(({ severity }) => strict || severity === "error")
    ? EXIT.failure
    : EXIT.ok;
}

/** The paths that a command was given, or where definitions usually are. */
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

/** An environment that neither a stack's file nor an overlay knows is a mistake, where any is known at all. */
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
  verdict: ValidationResult,
  format: ValidateCommandOptions["format"],
  output: NodeJS.WriteStream,
  from: string,
): string {
  switch (format) {
    case "pretty":
      return prettyReport(verdict, styleFor(output));
    case "json":
      return jsonReport(verdict);
    case "github":
      return githubReport(inCheckout(verdict, from));
    case "sarif":
      return sarifReport(inCheckout(verdict, from), packageVersion());
  }
}

/** Paths as a forge knows them: relative to the root of the checkout, which is the nearest folder with `.git`. */
function inCheckout(verdict: ValidationResult, from: string): ValidationResult {
  const root = nearestFolder(from, (folder) => existsSync(join(folder, ".git")));
  if (root === undefined) {
    return verdict;
  }
  return {
    ...verdict,
    diagnostics: verdict.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      file: shownPath(resolve(from, diagnostic.file), root),
    })),
  };
}
