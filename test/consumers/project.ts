/** User projects with the packed tarball installed. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { install, type Manager } from "./managers";

const ROOT = resolve(__dirname, "../..");
const PROJECTS = join(__dirname, "projects");

/** The names of the folders in `projects`. */
export const KINDS = readdirSync(PROJECTS);

/** The versions of TypeScript that Pulumi's SDK takes; the first is that of this repository. */
export const TYPESCRIPTS: readonly string[] = ["5", "6"];

interface Manifest {
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/**
 * The packages to install: the tarball, a folder with the same content, and versions of Pulumi's
 * SDK and of TypeScript.
 */
export interface Wanted {
  readonly tarball: string;
  readonly unpacked: string;
  readonly sdk: string;
  readonly typescript: string;
}

/** Whether projects of this kind have a compiler. */
export function usesTypescript(kind: string): boolean {
  return "typescript" in (manifestOf(join(PROJECTS, kind)).devDependencies ?? {});
}

/** Creates and installs a project of this kind, and verifies the installed versions. */
export async function installProject(
  folder: string,
  kind: string,
  manager: Manager,
  { tarball, unpacked, sdk, typescript }: Wanted,
): Promise<void> {
  cpSync(join(PROJECTS, kind), folder, { recursive: true });
  const manifest = manifestOf(folder);
  const own = manifestOf(ROOT).devDependencies ?? {};
  // The tools in the versions of this repository.
  const devDependencies = Object.fromEntries(
    Object.keys(manifest.devDependencies ?? {}).map((name) => [
      name,
      name === "typescript" ? `^${typescript}` : own[name],
    ]),
  );
  if (typescript !== TYPESCRIPTS[0]) {
    modernize(join(folder, "tsconfig.json"));
  }
  const dependencies = { "@pulumi/pulumi": sdk, "pulumi-connectors": `file:${tarball}` };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, dependencies, devDependencies }, null, 2),
  );
  await install(manager, folder);
  const modules = join(folder, "node_modules");
  const installed = manifestOf(join(modules, "@pulumi/pulumi")).version;
  if (installed !== sdk) {
    throw new Error(`@pulumi/pulumi ${installed} was installed, not ${sdk}`);
  }
  if (digest(join(modules, "pulumi-connectors")) !== digest(unpacked)) {
    throw new Error("What was installed is not what was packed");
  }
  await checkCommand(modules);
}

/** TypeScript 6 takes no `moduleResolution: node`; docs/operations.md says what to write instead. */
function modernize(tsconfig: string): void {
  const text = readFileSync(tsconfig, "utf8");
  writeFileSync(
    tsconfig,
    text
      .replace(/"CommonJS"/, '"node16"')
      .replace(/"moduleResolution": "node"/, '"moduleResolution": "node16"'),
  );
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Package managers cache tarballs by name, so the name must differ from earlier runs. */
function digest(folder: string): string {
  const hash = createHash("sha256");
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter(
    (path) => !path.startsWith("node_modules") && statSync(join(folder, path)).isFile(),
  );
  for (const path of paths.sort()) {
    hash.update(path).update(readFileSync(join(folder, path)));
  }
  return hash.digest("hex");
}

/** Expects that the command is linked and runs with the installed dependencies. */
async function checkCommand(modules: string): Promise<void> {
  const { stdout } = await promisify(execFile)(
    join(modules, ".bin/pulumi-connectors"),
    ["--version"],
    { shell: process.platform === "win32" },
  );
  const { version } = manifestOf(ROOT);
  if (stdout.trim() !== version) {
    throw new Error(`pulumi-connectors --version says ${stdout.trim()}, not ${version}`);
  }
}
