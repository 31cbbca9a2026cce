import { setTimeout as delay } from "node:timers/promises";
import { endWithOutput } from "../pulumi/provider/orphan";

/** What a process has to end. */
export interface Ended {
  /** Sends nothing more to the vendor. */
  readonly cancel: () => unknown;
  /** Resolves when all that was sent is answered, and the engine has the answers. */
  readonly finish: () => Promise<void>;
}

/** The part of a process that is used here; the process itself, or a stand-in. */
export interface PluginProcess {
  readonly ppid: number;
  readonly stdout: Pick<NodeJS.EventEmitter, "on">;
  readonly stderr: Pick<NodeJS.EventEmitter, "on">;
  once(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): unknown;
}

/** In milliseconds. */
const TIMES = {
  /** How often the process looks whether the engine that started it is still there. */
  look: 1_000,
  /** The longest wait for what was sent: twice the usual deadline of a request. */
  grace: 60_000,
};

/**
 * Ends the process when the engine asks for it with a signal, or when the engine has gone: that of a
 * CLI that was killed ends no provider. As in a cancelled deployment, nothing more is sent, and what
 * was sent is waited for, so that it is recorded, and no work of the vendor is cut off half-way. A
 * second signal ends the process at once.
 */
export function endWithEngine(
  { cancel, finish }: Ended,
  self: PluginProcess = process,
  { look, grace } = TIMES,
): void {
  let ending: Promise<unknown> | undefined;
  const end = (code: number): void => {
    if (ending === undefined) {
      cancel();
      ending = Promise.race([finish(), delay(grace, undefined, { ref: false })]).then(() =>
        self.exit(code),
      );
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    self.once(signal, () => end(0));
  }
  endWithOutput({ stdout: self.stdout, stderr: self.stderr, exit: end });
  const parent = self.ppid;
  setInterval(() => {
    if (self.ppid !== parent) {
      end(1);
    }
  }, look).unref();
}
