/** A native provider in a process of its own, as the engine starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export class PluginProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /**
   * Resolves when the provider prints its port.
   *
   * @param atPort is called as soon as it does.
   */
  static async start(
    program: string,
    cwd: string,
    atPort?: (pid: number) => void,
  ): Promise<PluginProcess> {
    // Node.js starts scripts of Windows in a shell only.
    const shell = process.platform === "win32";
    const child = spawn(shell ? `"${program}.cmd"` : program, [], { cwd, shell });
    let [stdout, stderr] = ["", ""];
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.on("data", (text: Buffer) => {
        stdout += text.toString();
        if (stdout.endsWith("\n")) {
          atPort?.(child.pid ?? 0);
          resolve(Number(stdout));
        }
      });
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(new Error(`${program} ended with ${String(code)} and printed no port: ${stderr}`)),
      );
    });
    return new PluginProcess(child, port);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      // Of a shell, `kill` ends the shell alone.
      if (process.platform === "win32") {
        spawn("taskkill", ["/pid", String(this.child.pid), "/T", "/F"]);
      } else {
        this.child.kill();
      }
      await ended;
    }
  }
}
