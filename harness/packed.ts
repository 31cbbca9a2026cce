/** The package as it is published. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(__dirname, "..");
const run = promisify(execFile);

export interface Packed {
  readonly filename: string;
  readonly version: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs what is built, without the scripts, which would build it again. */
export async function pack(folder: string): Promise<Packed> {
  // On Windows npm is a script that only a shell runs, which would take a path with spaces apart.
  const env = { ...process.env, npm_config_pack_destination: folder };
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json"], {
    cwd: ROOT,
    env,
    shell: process.platform === "win32",
  });
  return (JSON.parse(stdout) as [Packed])[0];
}

/**
 * Unpacks it from that folder into a `node_modules`, next to links to its declared dependencies
 * only.
 */
export async function unpack(folder: string, { filename }: Packed, modules: string): Promise<void> {
  mkdirSync(modules, { recursive: true });
  // Without paths: some tars take what is before a colon for the name of a machine.
  await run("tar", ["-xzf", filename], { cwd: folder });
  renameSync(join(folder, "package"), join(modules, "pulumi-connectors"));
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(modules, "pulumi-connectors/package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    link(join(ROOT, "node_modules", name), join(modules, name));
  }
}

/** A link to a folder, with the folders above it. */
export function link(target: string, place: string): void {
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(target, place, "junction");
}
