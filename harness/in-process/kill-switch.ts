const KILLED = new Error("The provider was killed.");

/** Ends the calls of a provider in this process, as a kill ends those of a process of its own. */
export class KillSwitch {
  private readonly controller = new AbortController();
  private readonly killed: Promise<never>;

  constructor() {
    const { signal } = this.controller;
    this.killed = new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(KILLED), { once: true }),
    );
    this.killed.catch(() => undefined);
  }

  /** Calls under way are never answered, and no call begins. */
  kill(): void {
    this.controller.abort();
  }

  /** @throws after {@link kill} */
  check(): void {
    if (this.controller.signal.aborted) {
      throw KILLED;
    }
  }

  /** The result of `work`, unless the provider is killed before. */
  run<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.killed]);
  }
}
