import { execFile } from "node:child_process";
import { copyFileSync, renameSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type CliProject } from "./cli-project";

const MODULES = resolve(__dirname, "../../node_modules");

/**
 * What `pulumi package add` does in a TypeScript project, without the network: the SDK is
 * generated, compiled and linked. `Pulumi.yaml` must name the package.
 */
export async function addPackage(project: CliProject, plugin: string): Promise<void> {
  const name = basename(plugin);
  const folder = join(project.folder, "sdks", name);
  await project.pulumi(
    ...["package", "gen-sdk", plugin, "--language", "nodejs", "--local", "--out", `${folder}.new`],
  );
  renameSync(join(`${folder}.new`, "nodejs"), folder);
  await compile(folder);
  copyFileSync(join(folder, "package.json"), join(folder, "bin/package.json"));
  const link = join(project.folder, "node_modules", `pulumi-connectors-${name}`);
  symlinkSync(folder, link, "junction");
}

/** Compiles the TypeScript project in a folder; throws with the compiler's output where it fails. */
export async function compile(folder: string, ...options: readonly string[]): Promise<void> {
  const types = ["--typeRoots", join(MODULES, "@types"), "--types", "node"];
  const args = [join(MODULES, "typescript/lib/tsc.js"), "--project", folder, ...types, ...options];
  await promisify(execFile)(process.execPath, args).catch((error: unknown) => {
    throw new Error((error as { readonly stdout: string }).stdout);
  });
}
