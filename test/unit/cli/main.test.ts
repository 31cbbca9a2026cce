import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");

/** The command line as a process of its own, from source. */
class Cli {
  stdout = "";
  stderr = "";
  private readonly child: ChildProcess;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, ["--import", "tsx", "provider/cli/main.ts", ...args], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (data: Buffer) => (this.stdout += data.toString()));
    this.child.stderr?.on("data", (data: Buffer) => (this.stderr += data.toString()));
  }

  /** Resolves with the first complete line of stdout. */
  async line(): Promise<string> {
    while (!this.stdout.includes("\n")) {
      await once(this.child.stdout!, "data");
    }
    return this.stdout;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Resolves with the exit code once all output is there; null when a signal ended it. */
  async exit(): Promise<number | null> {
    const [exitCode] = (await once(this.child, "close")) as [number | null];
    return exitCode;
  }
}

/** Windows has no signals: who is told to end is ended at once. */
const EXIT_OF_SIGNALLED = process.platform === "win32" ? null : 0;

describe("the command line", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "serves a sandbox until %s, then exits with 0 and nothing on stderr",
    async (signal) => {
      const cli = new Cli("sandbox", "--json", "--port", "0");
      const { databar, apiKey = "" } = JSON.parse(await cli.line()) as Record<string, string>;
      const kept = await fetch(`${databar}/v1/connectors/`, { headers: { "x-apikey": apiKey } });
      expect(await kept.json()).toEqual([]);
      cli.signal(signal);
      expect([await cli.exit(), cli.stderr, cli.stdout.split("\n").length]).toEqual([
        EXIT_OF_SIGNALLED,
        "",
        2,
      ]);
    },
  );

  test.each<[string[], number, RegExp]>([
    [["sandbox", "--port", "http"], 2, /argument 'http' is invalid/],
    [["sandbox", "--colour"], 2, /unknown option '--colour'/],
    [["sandbox", "extra"], 2, /too many arguments/],
    [["sandbocks"], 2, /unknown command 'sandbocks'/],
  ])("%j is rejected on stderr with exit code %s", async (args, exitCode, message) => {
    const cli = new Cli(...args);
    expect(await cli.exit()).toBe(exitCode);
    expect(cli.stderr).toMatch(message);
    expect([cli.stdout, /^\s+at /m.test(cli.stderr)]).toEqual(["", false]);
  });

  test("a failure prints one line on stderr, without a stack trace, and exits with 1", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const cli = new Cli("sandbox", "--json", "--port", String(port));
    expect(await cli.exit()).toBe(1);
    expect([cli.stdout, cli.stderr]).toEqual([
      "",
      `error: port ${port} is in use. Choose another with --port; --port 0 takes any free ports.\n`,
    ]);
    await new Promise((resolve) => server.close(resolve));
  });

  test("--help lists the commands, and a command's --help has examples", async () => {
    const [program, command] = [new Cli("--help"), new Cli("sandbox", "--help")];
    expect(await Promise.all([program.exit(), command.exit()])).toEqual([0, 0]);
    expect(program.stdout).toContain("sandbox");
    expect(command.stdout).toMatch(/Examples:\n.*pulumi-connectors sandbox --port 5000/s);
  });
});
