/** What of a process this needs; the process itself, or a stand-in. */
export type EndingProcess = Pick<
  NodeJS.Process,
  "once" | "prependListener" | "removeListener" | "listenerCount" | "kill" | "pid"
>;

/** Longest that an interrupted process stays for what it has to say, in milliseconds. Pulumi's CLI kills it after 5 s. */
const PATIENCE = 1_000;

/**
 * Lets last words be said, each once: when the process exits, or at the SIGINT by which Pulumi's CLI ends a provider
 * after its last verb. That signal ends the process all the same, unless others listen to it: then it is theirs to do so.
 */
export class Ending {
  private readonly last = new Set<() => Promise<void>>();

  constructor(private readonly process: EndingProcess) {}

  /** @param say begins at once, and resolves when what it says has arrived. */
  add(say: () => Promise<void>): void {
    if (this.last.size === 0) {
      this.listen();
    }
    this.last.add(say);
  }

  private listen(): void {
    this.process.once("exit", () => void this.sayAll());
    // The first in line sees all others; one that listens for one time is gone when it was called.
    this.process.prependListener("SIGINT", this.onInterrupt);
  }

  private readonly onInterrupt = (): void => {
    const alone = this.process.listenerCount("SIGINT") === 1;
    void this.sayAll().then(() => {
      this.process.removeListener("SIGINT", this.onInterrupt);
      if (alone) {
        this.process.kill(this.process.pid, "SIGINT");
      }
    });
  };

  private async sayAll(): Promise<void> {
    const said = [...this.last].map((say) => say());
    this.last.clear();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.allSettled(said),
      new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE))),
    ]);
    clearTimeout(timer);
  }
}
