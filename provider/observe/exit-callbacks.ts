/** The part of a process that is used here; the process itself, or a stand-in. */
export type ExitingProcess = Pick<
  NodeJS.Process,
  "once" | "prependOnceListener" | "listenerCount" | "kill" | "pid"
>;

/**
 * The longest that the callbacks delay the end of an interrupted process, in milliseconds. Pulumi's
 * CLI kills it after 5 s.
 */
const TIMEOUT = 1_000;

/**
 * Runs callbacks once when the process exits, or at the SIGINT with which Pulumi's CLI ends a
 * provider after its last verb. The signal then ends the process, unless there are other listeners,
 * which are expected to do so. A second signal ends it at once.
 */
export class ExitCallbacks {
  private readonly callbacks = new Set<() => Promise<void>>();
  private finished = Promise.resolve();

  constructor(private readonly process: ExitingProcess) {}

  /**
   * @param callback does its work at once, at an exit; at a signal, the process waits for its
   *   promise.
   */
  add(callback: () => Promise<void>): void {
    if (this.callbacks.size === 0) {
      this.process.once("exit", () => void this.runAll());
      this.process.prependOnceListener("SIGINT", () => void this.onInterrupt());
    }
    this.callbacks.add(callback);
  }

  /** For a process that ends itself: resolves when all callbacks are done, or too late. */
  finish(): Promise<void> {
    this.finished = Promise.all([this.finished, this.runAll()]).then(() => undefined);
    return this.finished;
  }

  private async onInterrupt(): Promise<void> {
    const others = this.process.listenerCount("SIGINT");
    await this.finish();
    if (others === 0) {
      this.process.kill(this.process.pid, "SIGINT");
    }
  }

  private async runAll(): Promise<void> {
    const running = [...this.callbacks].map((callback) => callback());
    this.callbacks.clear();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => (timer = setTimeout(resolve, TIMEOUT)));
    await Promise.race([Promise.allSettled(running), timeout]);
    clearTimeout(timer);
  }
}
