import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { type Hold, type SharedClaims } from "../../lifecycle/claims";
import { exitCallbacks } from "../../observe/index";
import { ClaimLog, type Entry, isHeld } from "./claim-log";

/** How often the others are shown that this process is still busy, in milliseconds. */
const SHOW_ACTIVITY_EVERY = 50;

/**
 * Claims that the provider processes of one deployment share, in a folder named after the engine.
 * What ended processes have left does not count.
 */
export class ClaimFolder implements SharedClaims {
  private readonly log: ClaimLog;
  private shownAt = -Infinity;

  /**
   * @param folder exists, and is this user's alone.
   * @param workspace tells the connectors of one workspace from those of another, where the ids are
   *   the same.
   * @param lost a folder for what outlasts the deployment; made when it is needed.
   * @param pid of this process
   */
  constructor(
    private readonly folder: string,
    private readonly workspace: string,
    private readonly lost = join(dirname(folder), "lost"),
    private readonly pid = process.pid,
  ) {
    this.log = new ClaimLog(join(folder, "claims"), pid);
    exitCallbacks.add(() => {
      this.close();
      return Promise.resolve();
    });
  }

  ofOthers(id: string): Entry | undefined {
    const entry = this.log.entry(this.keyOf(id));
    return entry !== undefined && entry.pid !== this.pid && isAlive(entry.pid) ? entry : undefined;
  }

  publish(id: string, hold: Hold | undefined, isTaken = false): boolean {
    const key = this.keyOf(id);
    if (isTaken) {
      return !isHeld(this.ofOthers(id)) && this.log.take(key, hold);
    }
    this.log.put(key, hold);
    return true;
  }

  withdraw(id: string): void {
    this.log.withdraw(this.keyOf(id));
  }

  noteLost(id: string, claim: string): void {
    try {
      mkdirSync(this.lost, { recursive: true, mode: 0o700 });
    } catch {
      return;
    }
    this.write(this.lostFile(id, claim));
  }

  isLost(id: string, claim: string): boolean {
    return existsSync(this.lostFile(id, claim));
  }

  forgetLost(id: string, claim: string): void {
    rmSync(this.lostFile(id, claim), { force: true });
  }

  private lostFile(id: string, claim: string): string {
    const digest = createHash("sha256")
      .update(this.keyOf(`${id}\n${claim}`))
      .digest("hex");
    return join(this.lost, digest.slice(0, 32));
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
    this.log.open();
    try {
      utimesSync(this.activity, new Date(), new Date());
    } catch {
      this.write(this.activity);
    }
  }

  private get activity(): string {
    return join(this.folder, "activity");
  }

  private keyOf(id: string): string {
    return `${this.workspace}\n${id}`;
  }

  /** A file that cannot be written is shown to no other process. */
  private write(file: string): void {
    try {
      writeFileSync(file, "", { mode: 0o600 });
    } catch {
      // Each process is on its own then.
    }
  }

  /** The last process to end removes the folder. */
  private close(): void {
    const others = this.log.close();
    if (others === undefined || others.some(isAlive)) {
      return;
    }
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // Another process may end and remove it at the same time.
    }
  }
}

/**
 * The folder of a deployment's claims; `undefined` where there can be none, so that each process is
 * on its own.
 *
 * @param address of the engine, which starts all provider processes of a deployment.
 */
export function claimFolder(address: string, roots = claimRoots()): string | undefined {
  for (const root of roots) {
    const folder = join(root, address.replace(/\W/g, "_"));
    if (isMadeOwn(root) && isMadeOwn(folder)) {
      return folder;
    }
  }
  return undefined;
}

/**
 * Where the folder can be. Another user may have made the first one, in a folder that all users
 * share.
 */
function claimRoots(): string[] {
  const { uid, username } = userInfo();
  const user = uid < 0 ? username : String(uid);
  return [
    join(tmpdir(), `pulumi-connectors-${user.replace(/\W/g, "_")}`),
    join(homedir(), ".pulumi", "connector-claims"),
  ];
}

/** Makes a folder if there is none; false unless it is this user's, and no other user's to write. */
function isMadeOwn(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const stats = lstatSync(path);
    const { uid } = userInfo();
    return (
      stats.isDirectory() && (uid < 0 || (stats.uid === uid && (stats.mode & OTHERS_WRITE) === 0))
    );
  } catch {
    return false;
  }
}

const OTHERS_WRITE = 0o022;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
