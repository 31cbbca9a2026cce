/** CPU time and memory of the child processes, read from /proc. Available on Linux only. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process of a deployment. */
export interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** User and system time in seconds. */
  readonly cpu: number;
  /** Peak memory in bytes. */
  readonly peak: number;
}

/** Clock ticks per second in /proc; the same on every Linux that Node.js supports. */
const TICKS = 100;

export const canSeeProcesses = existsSync("/proc/self/stat");

/** All processes that descend from this one. */
export function descendants(): ProcessUse[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => describe(Number(pid)));
  const below = (parent: number): ProcessUse[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(process.pid);
}

/** Empty for a process that has already ended. */
function describe(pid: number): ProcessUse[] {
  try {
    // The program name in parentheses can contain spaces; the fields after it cannot.
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

/** The role of a process in a deployment; undefined for the tools of this script. */
export function roleOf({ pid, command }: ProcessUse, sandbox: number): Role | undefined {
  if (pid === sandbox) {
    return "vendor";
  }
  if (/dynamic-provider|pulumi-resource-/.test(command)) {
    return "provider";
  }
  // Pulumi YAML runs programs in its language host.
  if (/[\\/]cmd[\\/]run([\\/\s]|$)|pulumi-language-yaml/.test(command)) {
    return "program";
  }
  return /(^|\/)pulumi(-language-nodejs)?(\s|$)/.test(command) ? "engine" : undefined;
}

/** Polls the processes until it is stopped; returns the last values of each. */
export function watchProcesses(everyMs: number): { stop: () => ProcessUse[] } {
  const seen = new Map<number, ProcessUse>();
  const poll = (): void => {
    // For a process that is ending, /proc can still have its times, but neither its command nor its
    // memory.
    for (const each of descendants()) {
      seen.set(
        each.pid,
        each.command === "" ? { ...(seen.get(each.pid) ?? each), cpu: each.cpu } : each,
      );
    }
  };
  poll();
  const timer = setInterval(poll, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      poll();
      return [...seen.values()];
    },
  };
}
