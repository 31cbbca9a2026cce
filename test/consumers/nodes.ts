/** The supported versions of Node.js, from the npm package `node`. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { npm } from "./managers";

/** Every even version that the package supports: the odd ones end after half a year. */
export const NODES: readonly string[] = ["20", "22", "24", "26"];

export const OWN_NODE = process.versions.node.split(".")[0] ?? "";

/**
 * Installs a version of Node.js, which comes first on the path, and runs a script with it. Rejects
 * if the script fails.
 */
export async function runOnNode(
  version: string,
  folder: string,
  script: string,
  args: readonly string[],
): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  await npm(["npm", "install", "--no-audit", "--no-fund", `node@${version}`], folder);
  const bin = join(folder, "node_modules/node/bin");
  const path = [bin, process.env.PATH].join(delimiter);
  const child = spawn(
    join(bin, "node"),
    [require.resolve("tsx/cli"), script, ...args, "--node", version],
    { env: { ...process.env, PATH: path }, stdio: "inherit" },
  );
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) {
    throw new Error(`It ended with ${String(code)}.`);
  }
}
