import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly repository?: string | { readonly url: string };
}

const ROOT = join(__dirname, "..");

let manifest: Manifest | undefined;

function packageManifest(): Manifest {
  return (manifest ??= JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest);
}

/** The version of this package. */
export function packageVersion(): string {
  return packageManifest().version;
}

/** The name of this package. */
export function packageName(): string {
  return packageManifest().name;
}

/** A page of the documentation that the package brings; empty where it was left out. */
export function packagePage(path: string): string {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return "";
  }
}

/**
 * Where people read that page of this version. `undefined` where `package.json` names no repository
 * on GitHub.
 */
export function publishedPage(
  path: string,
  { repository, version }: Manifest = packageManifest(),
): string | undefined {
  const url = typeof repository === "object" ? repository.url : repository;
  const [, name] =
    /^(?:github:|(?:git\+)?(?:https|ssh|git):\/\/(?:git@)?github\.com\/)?([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(
      url ?? "",
    ) ?? [];
  return name === undefined ? undefined : `https://github.com/${name}/blob/v${version}/${path}`;
}
