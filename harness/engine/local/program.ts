import { type ChildProcess } from "node:child_process";
import { join } from "node:path";

import { eachLine, exited, killGroup, startNode } from "../processes";
import { type ConfigEntry } from "../core/config";
import { type ProgramEnd } from "../core/host";
import { type Project } from "./project";

/** The program's exit code for an error that it has already printed. */
const EXPLAINED = 32;

export interface ProgramSettings {
  project: Project;
  stack: string;
  preview: boolean;
  parallel: number;
  config: Map<string, ConfigEntry>;
  env: Record<string, string | undefined>;
  /** Where the monitor and the engine listen. */
  address: string;
  onLine: (line: string) => void;
}

/**
 * The user's program, run by `@pulumi/pulumi/cmd/run`, unmodified, as the language host of the CLI
 * would.
 */
export class Program {
  private readonly child: ChildProcess;
  private readonly output: Promise<unknown>;

  constructor(settings: ProgramSettings) {
    const { project, address } = settings;
    const args = [
      ...(isTranspiled(settings) ? ["--require", join(__dirname, "transpile.js")] : []),
      ...project.nodeArgs,
      project.resolveModule("@pulumi/pulumi/cmd/run"),
      ...["--monitor", address, "--engine", address],
      ...[
        "--organization",
        "organization",
        "--project",
        project.name,
        "--root-directory",
        project.folder,
      ],
      ...[
        "--stack",
        settings.stack,
        "--pwd",
        project.programFolder,
        "--parallel",
        String(settings.parallel),
      ],
      ...(settings.preview ? ["--dry-run"] : []),
      project.entry,
    ];
    this.child = startNode(args, {
      cwd: project.programFolder,
      env: environment(settings),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.output = Promise.all(
      [this.child.stdout!, this.child.stderr!].map((stream) => eachLine(stream, settings.onLine)),
    );
  }

  async ended(): Promise<ProgramEnd> {
    const code = await exited(this.child);
    await this.output;
    if (code === 0) {
      return { failed: false };
    }
    if (code === EXPLAINED) {
      return { failed: true };
    }
    return {
      failed: true,
      message: `an unhandled error occurred: Program exited with non-zero exit code: ${code}`,
    };
  }

  kill(): void {
    killGroup(this.child);
  }
}

/** Whether a program is TypeScript that is run without a check of its types. */
function isTranspiled({ project, env }: ProgramSettings): boolean {
  return project.typescript && env["PULUMI_NODEJS_TRANSPILE_ONLY"] === "true";
}

function environment(settings: ProgramSettings): Record<string, string | undefined> {
  const { project, config, env } = settings;
  const entries = [...config];
  return {
    ...env,
    PULUMI_CONFIG: JSON.stringify(
      Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
    ),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(
      entries.filter(([, { secret }]) => secret).map(([key]) => key),
    ),
    ...(project.typescript && !isTranspiled(settings) ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
  };
}
