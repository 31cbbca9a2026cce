/** What the processes below this one cost, as Linux tells in /proc. Elsewhere there is nothing to read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process of a deployment. */
export interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** User and system time in seconds. */
  readonly cpu: number;
  /** The most that it ever held in memory, in bytes. */
  readonly peak: number;
}

/** Units of the CPU times in /proc, per second; the same on every Linux that Node runs on. */
const TICKS = 100;

export const canSeeProcesses = existsSync("/proc/self/stat");

/** All processes that descend from this one. */
export function descendants(root = process.pid): ProcessUse[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => describe(Number(pid)));
  const below = (parent: number): ProcessUse[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(root);
}

/** Nothing for a process that has ended meanwhile. */
function describe(pid: number): ProcessUse[] {
  try {
    // The name of the program, in brackets, may hold spaces; what follows it does not.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return [
      {
        pid,
        parent: Number(fields[1]),
        command,
        cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
        peak: Number(peak ?? 0) * 1024,
      },
    ];
  } catch {
    return [];
  }
}

export type Role = "program" | "provider" | "engine" | "vendor";

/** Which part of a deployment a process is; undefined for the tools of this script. */
export function roleOf({ pid, command }: ProcessUse, sandbox: number): Role | undefined {
  if (pid === sandbox) {
    return "vendor";
  }
  if (/dynamic-provider|resource-pulumi-nodejs/.test(command)) {
    return "provider";
  }
  if (/[\\/]cmd[\\/]run([\\/\s]|$)/.test(command)) {
    return "program";
  }
  return /(^|\/)pulumi(-language-nodejs)?(\s|$)/.test(command) ? "engine" : undefined;
}

/** Looks at the processes again and again until it is stopped; tells the last that was seen of each. */
export function watchProcesses(everyMs: number): { stop: () => ProcessUse[] } {
  const seen = new Map<number, ProcessUse>();
  const look = (): void => {
    // Of a process that has ended, the last look may find its times, but neither its command nor its memory.
    for (const each of descendants()) {
      seen.set(
        each.pid,
        each.command === "" ? { ...(seen.get(each.pid) ?? each), cpu: each.cpu } : each,
      );
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return [...seen.values()];
    },
  };
}
