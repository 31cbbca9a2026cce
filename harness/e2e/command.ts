import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** What a command printed, and how it ended. */
export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = resolve(__dirname, "../../dist/cli/main.js");

/**
 * Runs `pulumi-connectors`, as built, with nothing of this process' environment that could speak to
 * it.
 *
 * @param input what is piped into it; from a function, when that has it.
 */
export function runCommand(
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  input: string | (() => Promise<string>) = "",
): Promise<CommandRun> {
  return new Promise((done, fail) => {
    const clean = Object.entries(process.env).filter(
      ([name]) => !/^(DATABAR|SUPERMETRICS|NO_COLOR|FORCE_COLOR|PULUMI_STACK)/.test(name),
    );
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: { ...Object.fromEntries(clean), ...environment },
    });
    let stdout = "";
    let stderr = "";
    child.stdin.on("error", () => undefined);
    if (typeof input === "string") {
      child.stdin.end(input);
    } else {
      void input().then((text) => child.stdin.end(text));
    }
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", fail).on("close", (exitCode) => done({ exitCode, stdout, stderr }));
  });
}
