/** Packs the package and installs it with package managers, each with its own layout. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Program } from "../../harness/e2e/world";
import { link, type Packed, unpack } from "../../harness/packed";

const ROOT = resolve(__dirname, "../..");
const run = promisify(execFile);

/** Timeout of an install in milliseconds. */
const PATIENCE = 400_000;

/** Package managers at fixed versions, with their commands. Downloads stay in the test's folder. */
export const MANAGERS: readonly {
  readonly name: string;
  readonly command: (folder: string) => readonly string[];
}[] = [
  { name: "npm", command: () => ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"] },
  {
    name: "pnpm",
    command: (folder) => [
      "npx",
      "--yes",
      "pnpm@10.34.5",
      "install",
      "--ignore-scripts",
      "--store-dir",
      join(folder, "pnpm-store"),
    ],
  },
  {
    name: "yarn",
    command: (folder) => [
      "npx",
      "--yes",
      "yarn@1.22.22",
      "install",
      "--ignore-scripts",
      "--non-interactive",
      "--no-lockfile",
      "--cache-folder",
      join(folder, "yarn-cache"),
    ],
  },
];

/**
 * A project with the tests' program, the packed package and this repository's version of Pulumi.
 */
export function project(folder: string, { filename }: Packed, resources: Program): string {
  const path = join(folder, "project");
  const pulumi = (
    JSON.parse(readFileSync(join(ROOT, "node_modules/@pulumi/pulumi/package.json"), "utf8")) as {
      version: string;
    }
  ).version;
  cpSync(join(ROOT, "harness/e2e/program"), path, { recursive: true });
  writeFileSync(join(path, "program.json"), JSON.stringify({ resources }));
  const dependencies = {
    "@pulumi/pulumi": pulumi,
    "pulumi-connectors": `file:${join(dirname(folder), filename)}`,
  };
  writeFileSync(
    join(path, "package.json"),
    JSON.stringify({ name: "layout", version: "1.0.0", private: true, dependencies }),
  );
  return path;
}

/** Installs a project. Fails with the package manager's output if the registry is not available. */
export async function install(
  path: string,
  [file = "", ...args]: readonly string[],
): Promise<void> {
  try {
    await run(file, args, {
      cwd: path,
      timeout: PATIENCE,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, CI: "1" },
      shell: process.platform === "win32",
    });
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      message,
    } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(
      `This test installs from the package registry, and \`${[file, ...args].join(" ")}\` failed: ${message}\n${stdout}\n${stderr}`,
      { cause: error },
    );
  }
}

/**
 * Creates the strictest layout without downloads: the package is outside the project, behind a
 * link, and can resolve only its declared dependencies.
 */
export async function strict(folder: string, packed: Packed): Promise<string> {
  const own = join(folder, "store", `pulumi-connectors@${packed.version}`, "node_modules");
  const path = join(folder, "strict");
  await unpack(folder, packed, own);
  link(join(own, "pulumi-connectors"), join(path, "node_modules/pulumi-connectors"));
  link(join(ROOT, "node_modules/@pulumi/pulumi"), join(path, "node_modules/@pulumi/pulumi"));
  return path;
}
