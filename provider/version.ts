import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
}

let manifest: Manifest | undefined;

function packageManifest(): Manifest {
  return (manifest ??= JSON.parse(
    readFileSync(join(__dirname, "../package.json"), "utf8"),
  ) as Manifest);
}

/** The version of this package. */
export function packageVersion(): string {
  return packageManifest().version;
}

/** The name of this package. */
export function packageName(): string {
  return packageManifest().name;
}
