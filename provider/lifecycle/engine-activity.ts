/** When the engine has shown resources to the other provider processes of a deployment. */
export interface SharedActivity {
  /** Milliseconds since a process was shown a resource. */
  quietFor(): number;
  noteActivity(): void;
}

/**
 * When the engine shows the program's resources. It does not say which one is the last: it is
 * through when it has been quiet for a while, and when nothing is being written that others wait
 * for.
 */
export class EngineActivity {
  private readonly writes = new Set<Promise<unknown>>();
  private last = 0;
  private registered: Promise<void> | undefined;
  private longQuiet: Promise<void> | undefined;

  constructor(private readonly shared?: SharedActivity) {}

  /** Another provider's process needs time to start before it shows its resources. */
  private get quietTime(): number {
    return this.shared ? 2_000 : 300;
  }

  /** Notes that the engine is still going through the program's resources. */
  note(): void {
    this.last = performance.now();
    this.shared?.noteActivity();
  }

  /** Does the writes of one resource. Resources that depend on it register only after that. */
  async whileWriting<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    const settled = running.catch(() => undefined);
    this.writes.add(settled);
    try {
      return await running;
    } finally {
      this.writes.delete(settled);
    }
  }

  /**
   * Resolves when every resource that may own a connector should have registered: also those that
   * depend on what is being written now, and, where `ofAll`, on what is written after that.
   */
  async untilRegistered(ofAll: boolean): Promise<void> {
    await this.untilQuiet();
    while (this.writes.size > 0) {
      await Promise.all(this.writes);
      // What depends on them comes now.
      this.note();
      await this.untilQuiet();
      if (!ofAll) {
        return;
      }
    }
  }

  /**
   * Resolves when the engine has shown no new resource for `quiet` ms (at most `limit` ms). Before
   * a connector is adopted just because it looks alike, all resources that may own it must have
   * registered.
   */
  async untilQuiet(quiet = this.quietTime, limit = 15_000): Promise<void> {
    const end = performance.now() + limit;
    for (;;) {
      const now = performance.now();
      const quietFor = Math.min(now - this.last, this.shared?.quietFor() ?? Infinity);
      const wait = quiet - quietFor;
      if (wait <= 0 || now >= end) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /**
   * Resolves when the owner of an adopted connector should have shown up, if there is one.
   *
   * @param isLikely true where the owner may be slow, and gets more time.
   */
  async untilOwnersHaveShown(isLikely: boolean): Promise<void> {
    // Once for all: another wait for each of many connectors would add up.
    await (this.registered ??= this.untilRegistered(false));
    if (isLikely) {
      await (this.longQuiet ??= this.untilQuiet(5 * this.quietTime));
    }
    await this.untilQuiet();
  }
}
