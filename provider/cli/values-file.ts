import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fullKey } from "../definition/read/config-values";
import { isObject } from "../json";
import { CliError } from "./errors";
import { writeAtomically } from "./write-file";

/**
 * Adds secret values to a file that `pulumi-connectors set-values` reads. Git ignores the file, and
 * only the user can read it.
 */
export function writeValuesFile(
  path: string,
  values: ReadonlyMap<string, string>,
  project: string | undefined,
): void {
  const before = existsSync(path) ? readValues(path) : {};
  const added = Object.fromEntries(
    [...values].map(([key, value]) => [
      project === undefined ? key : fullKey(key, project),
      { value, secret: true },
    ]),
  );
  ignoreInGit(path);
  writeAtomically(path, `${JSON.stringify({ ...before, ...added }, null, 2)}\n`, { mode: 0o600 });
}

/** Values that are not set yet are kept. A file with other content is not overwritten. */
function readValues(path: string): Readonly<Record<string, unknown>> {
  try {
    const values: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (
      isObject(values) &&
      Object.values(values).every((value) => isObject(value) && "value" in value)
    ) {
      return values;
    }
  } catch {
    // Invalid JSON is refused below.
  }
  throw new CliError(`${basename(path)} exists, and is not a file of values. Nothing was written.`);
}

/** Runs before the file exists, so that git never sees it. */
function ignoreInGit(path: string): void {
  const file = join(dirname(path), ".gitignore");
  const line = `/${basename(path)}`;
  const now = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (!now.split(/\r?\n/).includes(line)) {
    appendFileSync(file, `${now === "" || now.endsWith("\n") ? "" : "\n"}${line}\n`);
  }
}
