import { connect } from "node:net";
import { errorCode } from "../../errors";
import { engineAddress } from "./engine-log";

/** The part of a process that is used here; the process itself, or a stand-in. */
export interface ProviderProcess {
  readonly argv: readonly string[];
  readonly stdout: Pick<NodeJS.EventEmitter, "on">;
  readonly stderr: Pick<NodeJS.EventEmitter, "on">;
  exit(code: number): unknown;
}

/** Ends a process at a write to its output, when that has no reader any more. */
export function endWithOutput(self: Omit<ProviderProcess, "argv">): void {
  for (const stream of [self.stdout, self.stderr]) {
    stream.on("error", () => self.exit(1));
  }
}

/** How often an idle provider looks for its engine, in milliseconds. */
const INTERVAL = 5_000;

/**
 * Ends the provider process when the CLI was killed: nothing else does.
 *
 * - At a write to its output, which has no reader any more. Otherwise Pulumi's SDK answers each
 *   failed write with another one, and the process uses a whole core for ever.
 * - While it is idle, when the engine no longer listens. A verb that runs ends first, so that no
 *   write to a vendor is cut off.
 *
 * Leaves all other processes that load this package alone, such as tests of programs.
 */
export class Orphan {
  private running = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly self: ProviderProcess = process,
    private readonly interval = INTERVAL,
  ) {}

  /** Begins to watch, once. */
  watch(): void {
    if (this.timer || !/[\\/]dynamic-provider([\\/]|$)/.test(this.self.argv[1] ?? "")) {
      return;
    }
    endWithOutput(this.self);
    const address = engineAddress(this.self.argv);
    this.timer = setInterval(() => void this.look(address), this.interval).unref();
  }

  /** Runs a verb. */
  async during<T>(verb: () => Promise<T>): Promise<T> {
    this.running += 1;
    try {
      return await verb();
    } finally {
      this.running -= 1;
    }
  }

  private async look(address: string | undefined): Promise<void> {
    const isOrphan = address !== undefined && (await isRefused(address));
    if (isOrphan && this.running === 0) {
      this.self.exit(1);
    }
  }
}

/** Of this process. */
export const orphan = new Orphan();

/** Whether a port of this machine, such as `127.0.0.1:1234`, is closed. */
function isRefused(address: string): Promise<boolean> {
  const [, host = "", port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port: Number(port) });
    socket.unref();
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error) => resolve(errorCode(error) === "ECONNREFUSED"));
  });
}
