import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { type Hold, type SharedClaims } from "../../lifecycle/claims";
import { exitCallbacks } from "../../observe/index";

/** How often the others are shown that this process is still busy, in milliseconds. */
const SHOW_ACTIVITY_EVERY = 50;

/** What a process says of a connector. */
interface Entry extends Partial<Hold> {
  readonly pid: number;
}

/**
 * Claims that the provider processes of one deployment share: a folder named after the engine, with
 * one small file for each connector. What ended processes have left does not count.
 */
export class ClaimFolder implements SharedClaims {
  private readonly published = new Set<string>();
  private shownAt = -Infinity;

  /**
   * @param folder exists, and is this user's alone.
   * @param workspace tells the connectors of one workspace from those of another, where the ids are
   *   the same.
   * @param lost a folder for what outlasts the deployment; made when it is needed.
   */
  constructor(
    private readonly folder: string,
    private readonly workspace: string,
    private readonly lost = join(dirname(folder), "lost"),
  ) {
    exitCallbacks.add(() => {
      this.close();
      return Promise.resolve();
    });
  }

  ofOthers(id: string): Entry | undefined {
    const entry = this.read(this.fileOf(id));
    return entry !== undefined && entry.pid !== process.pid && isAlive(entry.pid)
      ? entry
      : undefined;
  }

  publish(id: string, hold: Hold | undefined, isTaken = false): boolean {
    const file = this.fileOf(id);
    const entry: Entry = { pid: process.pid, ...hold };
    this.published.add(file);
    if (this.write(file, entry, "wx")) {
      return true;
    }
    const other = isTaken ? this.ofOthers(id) : undefined;
    if (other?.claim !== undefined && other.isLeft !== true) {
      this.published.delete(file);
      return false;
    }
    this.write(file, entry, "w");
    return true;
  }

  withdraw(id: string): void {
    const file = this.fileOf(id);
    if (this.published.delete(file)) {
      rmSync(file, { force: true });
    }
  }

  noteLost(id: string, claim: string): void {
    try {
      mkdirSync(this.lost, { recursive: true, mode: 0o700 });
    } catch {
      return;
    }
    this.write(this.lostFile(id, claim), { pid: process.pid }, "w");
  }

  isLost(id: string, claim: string): boolean {
    return this.read(this.lostFile(id, claim)) !== undefined;
  }

  forgetLost(id: string, claim: string): void {
    rmSync(this.lostFile(id, claim), { force: true });
  }

  private lostFile(id: string, claim: string): string {
    return join(this.lost, this.digestOf(`${id}\n${claim}`));
  }

  quietFor(): number {
    try {
      return Date.now() - statSync(this.activity).mtimeMs;
    } catch {
      return Infinity;
    }
  }

  noteActivity(): void {
    const now = performance.now();
    if (now - this.shownAt < SHOW_ACTIVITY_EVERY) {
      return;
    }
    this.shownAt = now;
    try {
      utimesSync(this.activity, new Date(), new Date());
    } catch {
      this.write(this.activity, { pid: process.pid }, "w");
    }
  }

  private get activity(): string {
    return join(this.folder, "activity");
  }

  private fileOf(id: string): string {
    return join(this.folder, this.digestOf(id));
  }

  private digestOf(text: string): string {
    const digest = createHash("sha256").update(`${this.workspace}\n${text}`).digest("hex");
    return digest.slice(0, 32);
  }

  /** False when the file is there already, or cannot be written. */
  private write(file: string, entry: Entry, flag: "w" | "wx"): boolean {
    try {
      writeFileSync(file, JSON.stringify(entry), { flag, mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  }

  private read(file: string): Entry | undefined {
    try {
      return JSON.parse(readFileSync(file, "utf8")) as Entry;
    } catch {
      return undefined;
    }
  }

  /** The last process to end removes the folder. */
  private close(): void {
    for (const file of this.published) {
      if (this.read(file)?.pid === process.pid) {
        rmSync(file, { force: true });
      }
    }
    try {
      if (this.read(this.activity)?.pid === process.pid) {
        rmSync(this.activity, { force: true });
      }
      rmdirSync(this.folder);
    } catch {
      // Another process has claims in it.
    }
  }
}

/**
 * The folder of a deployment's claims; `undefined` where there can be none, so that each process is
 * on its own.
 *
 * @param address of the engine, which starts all provider processes of a deployment.
 */
export function claimFolder(address: string): string | undefined {
  try {
    const { uid, username } = userInfo();
    const user = uid < 0 ? username : String(uid);
    const root = join(tmpdir(), `pulumi-connectors-${user.replace(/\W/g, "_")}`);
    const folder = join(root, address.replace(/\W/g, "_"));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Anybody may have made a folder of this name in a folder that all users share.
    return [root, folder].every((path) => isOwn(path, uid)) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isOwn(path: string, uid: number): boolean {
  const stats = lstatSync(path);
  return stats.isDirectory() && (uid < 0 || stats.uid === uid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
