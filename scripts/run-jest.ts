/** Runs jest for a command of this package, as if it were jest itself: its output, its signals, its exit code. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";

/**
 * @param project one of the projects of jest.config.js
 * @param args further arguments of jest
 * @param env on top of this process's environment
 * @returns when jest has ended, whatever its exit code, which is this process's from then on
 */
export function runJest(
  project: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(
    process.execPath,
    [createRequire(__filename).resolve("jest/bin/jest"), ...args, "--selectProjects", project],
    {
      cwd: resolve(__dirname, ".."),
      env: { ...process.env, ...env },
      stdio: "inherit",
    },
  );
  // The terminal tells jest as well; whoever signals this process alone means both.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve) => {
    child.on("exit", (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
