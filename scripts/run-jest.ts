/** Runs jest with this process's output, signals and exit code. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";

/**
 * @param project one of the projects of jest.config.js
 * @param args further arguments of jest
 * @param env on top of this process's environment
 * @returns when jest has ended; its exit code becomes this process's
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
  // A terminal signals both processes; a signal to this process alone is passed on.
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
