/**
 * A project folder with a stack of its own, for the Pulumi CLI alone: what the Automation API does
 * not do, such as imports, and projects whose language changes.
 */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOnPath } from "../engine/select";
import { deleteTempFolder, makeTempFolder } from "../engine/temp-folder";
import { type Config } from "../engine/types";
import { linkModules } from "./modules";

/** Whether the CLI is there, with its host for YAML. */
export const hasYaml = isOnPath("pulumi") && isOnPath("pulumi-language-yaml");

export interface CliRun {
  readonly ok: boolean;
  /** What a user sees. */
  readonly text: string;
}

/** A resource as the CLI exports it, secrets in clear in their envelopes. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export class CliProject {
  readonly folder: string;
  private readonly home: string;
  private readonly environment: Readonly<Record<string, string>>;

  private constructor(environment: Readonly<Record<string, string>>) {
    this.home = makeTempFolder("cli");
    this.folder = join(this.home, "project");
    for (const name of ["home", "backend", "project"]) {
      mkdirSync(join(this.home, name));
    }
    this.environment = {
      PULUMI_HOME: join(this.home, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.home, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_STACK: "test",
      NO_COLOR: "1",
      COLUMNS: "200",
      ...environment,
    };
    linkModules(this.folder);
  }

  /** @param files of the project, by name; `Pulumi.yaml` among them. */
  static async start(
    files: Readonly<Record<string, string>>,
    config: Config,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<CliProject> {
    const project = new CliProject(environment);
    project.write(files);
    await project.pulumi("stack", "init", "test");
    const given = Object.entries(config).flatMap(([key, value]) =>
      typeof value === "string"
        ? ["--plaintext", `${key}=${value}`]
        : ["--secret", `${key}=${value.secret}`],
    );
    if (given.length > 0) {
      await project.pulumi("config", "set-all", ...given);
    }
    return project;
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(this.folder, name), content);
    }
  }

  /** Runs the CLI; throws when it fails. */
  async pulumi(...args: string[]): Promise<string> {
    const { ok, text } = await this.run(...args);
    if (!ok) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${text}`);
    }
    return text;
  }

  run(...args: string[]): Promise<CliRun> {
    const env = { ...process.env, ...this.environment };
    return new Promise((resolve) =>
      execFile(
        "pulumi",
        [...args, "--non-interactive"],
        { cwd: this.folder, env, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => resolve({ ok: error === null, text: `${stdout}${stderr}` }),
      ),
    );
  }

  /** The resources of the state, but for the stack and providers. */
  async resources(): Promise<ExportedResource[]> {
    const { deployment } = JSON.parse(await this.pulumi("stack", "export", "--show-secrets")) as {
      deployment: { resources: ExportedResource[] };
    };
    return deployment.resources.filter(({ type }) => !type.startsWith("pulumi:"));
  }

  remove(): void {
    deleteTempFolder(this.home);
  }
}
