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

/** A run that goes on. */
export interface Launched {
  readonly ended: Promise<CliRun>;
  /** As Ctrl-C does. */
  readonly interrupt: () => void;
}

/** A resource as the CLI exports it, secrets in clear in their envelopes. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

type Environment = Readonly<Record<string, string>>;

export class CliProject {
  readonly folder: string;
  private readonly home: string;
  private readonly environment: Environment;

  private constructor(environment: Environment) {
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
  }

  /**
   * An empty folder with no stack yet.
   *
   * @param install makes `node_modules`, as `npm install` does; by default with this package, as
   *   built.
   */
  static async empty(
    environment: Environment = {},
    install: (folder: string) => Promise<void> | void = linkModules,
  ): Promise<CliProject> {
    const project = new CliProject(environment);
    await install(project.folder);
    return project;
  }

  /** @param files of the project, by name; `Pulumi.yaml` among them. */
  static async start(
    files: Readonly<Record<string, string>>,
    config: Config,
    environment: Environment = {},
  ): Promise<CliProject> {
    const project = await CliProject.empty(environment);
    project.write(files);
    await project.pulumi("stack", "init", "test");
    await project.configure(config);
    return project;
  }

  /** Sets values of the stack configuration. */
  async configure(config: Config): Promise<void> {
    const given = Object.entries(config).flatMap(([key, value]) =>
      typeof value === "string"
        ? ["--plaintext", `${key}=${value}`]
        : ["--secret", `${key}=${value.secret}`],
    );
    if (given.length > 0) {
      await this.pulumi("config", "set-all", ...given);
    }
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(this.folder, name), content);
    }
  }

  /** Runs the CLI; throws when it fails. */
  async pulumi(...args: string[]): Promise<string> {
    return succeeded(`pulumi ${args.join(" ")}`, await this.run(...args));
  }

  run(...args: string[]): Promise<CliRun> {
    return this.launch(...args).ended;
  }

  /** Starts the CLI, for a test that interrupts it. */
  launch(...args: string[]): Launched {
    return this.execute("pulumi", [...args, "--non-interactive"]);
  }

  /** Runs another program in the project's folder; throws when it fails. */
  async command(program: string, ...args: string[]): Promise<string> {
    return succeeded(`${program} ${args.join(" ")}`, await this.execute(program, args).ended);
  }

  private execute(program: string, args: readonly string[]): Launched {
    const options = {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
      maxBuffer: 64 * 1024 * 1024,
    };
    let interrupt = (): void => undefined;
    const ended = new Promise<CliRun>((done) => {
      const child = execFile(program, args, options, (error, stdout, stderr) =>
        done({ ok: error === null, text: `${stdout}${stderr}` }),
      );
      interrupt = () => void child.kill("SIGINT");
    });
    return { ended, interrupt };
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

function succeeded(command: string, { ok, text }: CliRun): string {
  if (!ok) {
    throw new Error(`${command} failed:\n${text}`);
  }
  return text;
}
