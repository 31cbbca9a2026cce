import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isObject } from "../../json";
import { type Hold } from "../../lifecycle/claims";

/** What a process says of a connector: who holds it, or that a definition names it. */
export interface Entry extends Partial<Hold> {
  readonly pid: number;
}

/** A line of the log. */
interface Line extends Entry {
  /** The connector; none where the process starts or ends. */
  readonly key?: string;
  readonly isEnd?: true;
  /** True when the process takes back what it said of the connector. */
  readonly isWithdrawn?: true;
  /** Of a connector that only one process may take: the lines that this one had read before. */
  readonly read?: number;
}

/**
 * What the processes of a deployment say of connectors; the newest entry of a connector counts. They
 * all append to one file, so its lines are in the order of what they did. Each operation takes a few
 * microseconds; with a file per connector, creating the files took longer than all else that an
 * unchanged fleet needs.
 *
 * A file that cannot be opened, read or written leaves each process on its own.
 */
export class ClaimLog {
  private readonly entries = new Map<string, Entry & { readonly line: number }>();
  private readonly running = new Set<number>();
  private file: number | undefined;
  private isOpened = false;
  private bytesRead = 0;
  private linesRead = 0;

  /** @param pid of this process */
  constructor(
    private readonly path: string,
    private readonly pid: number,
  ) {}

  /** The newest entry of a process that has not ended in order. */
  entry(key: string): Entry | undefined {
    this.catchUp();
    return this.entries.get(key);
  }

  put(key: string, hold: Hold | undefined): void {
    this.append({ key, ...hold });
  }

  /** The same, but returns false when another process took the connector since the last look. */
  take(key: string, hold: Hold | undefined): boolean {
    return !this.append({ key, ...hold, read: this.linesRead }) || this.isMine(key);
  }

  /** Takes back what this process said, unless another one has said something since. */
  withdraw(key: string): void {
    if (this.isMine(key)) {
      this.append({ key, isWithdrawn: true });
    }
  }

  /** Shows the others that this process takes part. */
  open(): void {
    if (this.isOpened) {
      return;
    }
    this.isOpened = true;
    try {
      // Appended lines of several processes do not mix.
      this.file = openSync(this.path, "a+", 0o600);
    } catch {
      return;
    }
    this.append({});
  }

  /**
   * Takes back all that this process said.
   *
   * @returns the other processes that take part; `undefined` where that cannot be known.
   */
  close(): readonly number[] | undefined {
    const isWritten = this.append({ isEnd: true });
    this.catchUp();
    if (this.file !== undefined) {
      closeSync(this.file);
      this.file = undefined;
    }
    return isWritten ? [...this.running] : undefined;
  }

  private isMine(key: string): boolean {
    return this.entry(key)?.pid === this.pid;
  }

  /** Returns false when the line cannot be written. */
  private append(line: Omit<Line, "pid">): boolean {
    this.open();
    if (this.file === undefined) {
      return false;
    }
    try {
      // The first line end is for a line that another process could not finish.
      appendFileSync(this.file, `\n${JSON.stringify({ pid: this.pid, ...line })}\n`);
      return true;
    } catch {
      return false;
    }
  }

  private catchUp(): void {
    this.open();
    for (const text of this.unreadLines()) {
      const line = parsed(text);
      if (line !== undefined) {
        this.apply(line);
      }
      this.linesRead += 1;
    }
  }

  private unreadLines(): readonly string[] {
    const bytes = this.unreadBytes();
    // The last line may not be complete.
    const lines = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
    this.bytesRead += lines.length;
    return lines.toString().split("\n").slice(0, -1);
  }

  private unreadBytes(): Buffer {
    if (this.file === undefined) {
      return Buffer.alloc(0);
    }
    try {
      const bytes = Buffer.alloc(fstatSync(this.file).size - this.bytesRead);
      return bytes.subarray(0, readSync(this.file, bytes, 0, bytes.length, this.bytesRead));
    } catch {
      return Buffer.alloc(0);
    }
  }

  private apply({ key, isEnd, isWithdrawn, read, ...entry }: Line): void {
    if (key === undefined) {
      this.noteProcess(entry.pid, isEnd !== true);
      return;
    }
    const newest = this.entries.get(key);
    const isOwn = newest?.pid === entry.pid;
    if (isWithdrawn) {
      if (isOwn) {
        this.entries.delete(key);
      }
      return;
    }
    // Depends on the lines alone, so that every process comes to the same result.
    const isLate = read !== undefined && newest !== undefined && newest.line >= read;
    if (isOwn || !isLate || !isHeld(newest)) {
      this.entries.set(key, { ...entry, line: this.linesRead });
    }
  }

  private noteProcess(pid: number, isRunning: boolean): void {
    if (isRunning) {
      this.running.add(pid);
      return;
    }
    this.running.delete(pid);
    for (const [key, entry] of this.entries) {
      if (entry.pid === pid) {
        this.entries.delete(key);
      }
    }
  }
}

/** True when a resource holds the connector and does not leave it to others. */
export function isHeld(entry: Partial<Hold> | undefined): boolean {
  return entry?.claim !== undefined && entry.isLeft !== true;
}

/**
 * `undefined` for an empty line, for one that a process could not finish, and for one that is none
 * of a log.
 */
function parsed(text: string): Line | undefined {
  if (text === "") {
    // Every second line: to catch its error takes longer than all else.
    return undefined;
  }
  try {
    const line: unknown = JSON.parse(text);
    return isObject(line) && typeof line["pid"] === "number"
      ? (line as unknown as Line)
      : undefined;
  } catch {
    return undefined;
  }
}
