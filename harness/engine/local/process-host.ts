import { type ConfigEntry } from "../core/config";
import { type Host, type ProgramEnd } from "../core/host";
import { type ProviderInstance } from "../core/provider";
import { type Report } from "../core/report";
import { type StackState } from "../core/resource-state";
import { type Session } from "../core/session";
import { serveEngine } from "./engine-service";
import { listen, newServer } from "./grpc";
import { serveMonitor } from "./monitor-service";
import { Program } from "./program";
import { type Project } from "./project";
import { ProviderProcess } from "./provider-process";
import { type StateFile } from "./state-file";

/** How long a program may take to end by itself after its deployment has ended. */
const GRACE_MS = 2000;

/**
 * Runs one operation with the program and each provider in a process of its own, which reach the
 * engine over gRPC.
 */
export class ProcessHost implements Host {
  readonly project: string;
  private readonly server = newServer();
  private program: Program | undefined;
  private address = "";
  private onLine: (line: string) => void = () => undefined;

  constructor(
    readonly stack: string,
    readonly config: Map<string, ConfigEntry>,
    private readonly folder: Project,
    private readonly stateFile: StateFile,
    private readonly env: Record<string, string | undefined>,
  ) {
    this.project = folder.name;
  }

  get checkpoints(): boolean {
    const { PULUMI_EXPERIMENTAL: experimental, PULUMI_SKIP_CHECKPOINTS: skip } = this.env;
    return !(experimental === "true" && skip === "true");
  }

  write(state: StackState): void {
    this.stateFile.write(state);
  }

  get packages(): string[] {
    return Object.keys(this.folder.plugins);
  }

  newProvider(name: string): ProviderInstance {
    return new ProviderProcess({
      plugin: this.folder.plugins[name],
      project: this.folder,
      env: this.env,
      engineAddress: () => this.address,
      onLine: this.onLine,
    });
  }

  async open(session: Session, report: Report): Promise<void> {
    this.onLine = (line) => report.say("info", line);
    serveEngine(this.server, report);
    serveMonitor(this.server, session, () => session.complete());
    this.address = await listen(this.server);
  }

  runProgram(settings: { preview: boolean; parallel: number }): Promise<ProgramEnd> {
    const { stack, folder, config, env, address, onLine } = this;
    this.program = new Program({
      ...settings,
      project: folder,
      stack,
      config,
      env,
      address,
      onLine,
    });
    return this.program.ended();
  }

  cancelProgram(): void {
    setTimeout(() => this.kill(), GRACE_MS).unref();
  }

  kill(): void {
    this.program?.kill();
  }

  close(): void {
    this.kill();
    this.server.forceShutdown();
  }
}
