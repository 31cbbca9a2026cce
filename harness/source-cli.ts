import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line from source, in a folder. */
export function runFromSource(
  args: readonly string[],
  folder: string,
  { input = "", environment = {} }: { input?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  const child = spawn(
    process.execPath,
    [
      ...["--import", join(ROOT, "node_modules/tsx/dist/loader.mjs")],
      ...[join(ROOT, "provider/cli/main.ts"), ...args],
    ],
    { cwd: folder, env: { ...process.env, NO_COLOR: "1", ...environment } },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
