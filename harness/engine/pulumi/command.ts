import { PulumiCommand } from "@pulumi/pulumi/automation";

import { eachLine, exited, killTree, start } from "../processes";

/**
 * The CLI as the Automation API runs it, except that aborting kills it and all that it has started,
 * as a crash would; the API itself would only interrupt it, which lets it tidy up. The CLI also
 * dies with this process.
 */
export async function killableCommand(): Promise<PulumiCommand> {
  const command = await PulumiCommand.get();
  const run: RunPulumi = async (args, cwd, env, onOutput, onError, signal) => {
    const child = start("pulumi", withFlags(args), {
      cwd,
      env: { ...process.env, ...env, PULUMI_AUTOMATION_API: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const onAbort = (): void => {
      killTree(child);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) {
      onAbort();
    }
    const stdout: string[] = [];
    const stderr: string[] = [];
    const collect =
      (into: string[], onText: ((text: string) => void) | undefined) => (line: string) => {
        into.push(line);
        onText?.(`${line}\n`);
      };
    const output = [
      eachLine(child.stdout!, collect(stdout, onOutput)),
      eachLine(child.stderr!, collect(stderr, onError)),
    ];
    const code = await exited(child);
    await Promise.all(output);
    signal?.removeEventListener("abort", onAbort);
    if (code !== 0) {
      throw new Error(`pulumi ${args[0]!} ended with code ${code}:\n${stderr.join("\n")}`);
    }
    return { stdout: stdout.join("\n"), stderr: stderr.join("\n"), code };
  };
  Object.assign(command, { run });
  return command;
}

/** The API has no option for a refresh that shows what changed. */
function withFlags(args: string[]): string[] {
  const wanted = args[0] === "refresh" ? ["--non-interactive", "--diff"] : ["--non-interactive"];
  return [...args, ...wanted.filter((flag) => !args.includes(flag))];
}

type RunPulumi = (
  args: string[],
  cwd: string,
  env: Record<string, string>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
  signal?: AbortSignal,
) => Promise<{ stdout: string; stderr: string; code: number }>;
