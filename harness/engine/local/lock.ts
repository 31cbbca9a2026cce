import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const LOCKED_MESSAGE =
  "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.";

/**
 * Keeps operations on one stack apart. A killed operation leaves it behind, as with the CLI's file
 * backend.
 */
export class Lock {
  private readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, "lock.json");
  }

  get held(): boolean {
    return existsSync(this.path);
  }

  /** @throws if the lock is held. */
  acquire(): void {
    writeFileSync(
      this.path,
      JSON.stringify({ pid: process.pid, timestamp: new Date().toISOString() }),
      { flag: "wx" },
    );
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}
