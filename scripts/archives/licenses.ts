import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The licenses and notices of packages, which must go with copies of them.
 *
 * @param folders below `node_modules`
 * @throws if a package has no text of its license
 */
export function licenses(folders: readonly string[]): string {
  return [
    "This program contains the following packages.",
    ...folders.map((folder) => {
      const { name, version, license = "" } = manifestOf(folder);
      const texts = readdirSync(join(ROOT, folder))
        .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
        .sort()
        .map((file) => readFileSync(join(ROOT, folder, file), "utf8").trim());
      if (texts.length === 0) {
        throw new Error(`${folder} has no license file, so that no archive can contain it.`);
      }
      return [`${name} ${version} (${license})`, ...texts].join("\n\n");
    }),
  ].join(`\n\n${"-".repeat(80)}\n\n`);
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as Manifest;
}
