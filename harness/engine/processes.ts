import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Readable } from "node:stream";

/** Children that run, each the leader of a process group of its own. */
const running = new Set<ChildProcess>();
let hooked = false;

/**
 * One word each: to the SDK, a word of its own that says `--require` means that the program brings
 * its own loader of TypeScript.
 */
const PRELOADED = ["watchdog.js", "lazy-modules.js", "code-cache.js"].map(
  (file) => `--require=${join(__dirname, file)}`,
);

/**
 * Starts Node, with a watchdog that ends the script when this process dies, and with a fast start.
 */
export function startNode(args: string[], options: SpawnOptions): ChildProcess {
  return start(process.execPath, [...PRELOADED, ...args], options);
}

/**
 * Starts a child that is killed, with its whole process group, when this process ends short of a
 * SIGKILL.
 */
export function start(command: string, args: string[], options: SpawnOptions): ChildProcess {
  hookExit();
  const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/** Kills a child, its process group, and everything that descends from it, at once. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  // Itself first: it must not see those that it has started die, and tidy up after them.
  for (const pid of [child.pid, ...descendants(child.pid)]) {
    kill(-pid);
    kill(pid);
  }
}

/**
 * Kills a child and its process group at once. Cheaper than {@link killTree}; enough for children
 * that start no groups.
 */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  kill(-child.pid);
  kill(child.pid);
}

/**
 * Interrupts a child and its process group, and kills those that have not ended by themselves in
 * time; resolves when the child has ended.
 */
export async function interruptGroup(child: ChildProcess, graceMs: number): Promise<void> {
  const ended = exited(child);
  if (child.pid === undefined || process.platform === "win32") {
    killGroup(child);
  } else {
    kill(-child.pid, "SIGINT");
  }
  const timer = setTimeout(() => killGroup(child), graceMs);
  await ended;
  clearTimeout(timer);
}

/**
 * Kills the providers below this process, as the system may do when memory runs
 * out; says how many.
 */
export function killProviders(): number {
  const commands = new Map(processTable("args").map(([pid, , command]) => [Number(pid), command]));
  const providers = descendants(process.pid).filter((pid) =>
    /dynamic-provider|pulumi-resource-/.test(commands.get(pid) ?? ""),
  );
  providers.forEach((pid) => kill(pid));
  return providers.length;
}

export function exited(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) {
    return Promise.resolve(child.exitCode);
  }
  if (child.signalCode !== null) {
    return Promise.resolve(-1);
  }
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve(code ?? -1);
    });
    child.once("error", () => {
      resolve(-1);
    });
  });
}

/** Calls back with every line of a stream; resolves when the stream has ended. */
export function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on("line", onLine).once("close", resolve);
  });
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already, or does not lead a group.
  }
}

/**
 * Plugins of the CLI lead process groups of their own, so that its group is not all that there is
 * to kill.
 */
function descendants(root: number): number[] {
  const rows = processTable().map(([pid, parent]) => [Number(pid), Number(parent)] as const);
  const below = (parent: number): number[] =>
    rows.filter(([, ppid]) => ppid === parent).flatMap(([pid]) => [...below(pid), pid]);
  return below(root);
}

/** Prints each process as `ps` does, its command at the end. */
const WINDOWS_TABLE = [
  "powershell",
  "-NoProfile",
  "-Command",
  'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CommandLine)" }',
] as const;

/**
 * All processes: id, parent's id, and the further column that is asked for, which may hold spaces.
 */
function processTable(column?: "args"): [pid: string, parent: string, rest: string][] {
  const [command, ...args] =
    process.platform === "win32"
      ? WINDOWS_TABLE
      : [
          "ps",
          "-A",
          "-o",
          ["pid=", "ppid=", ...(column === undefined ? [] : [`${column}=`])].join(","),
        ];
  const table = spawnSync(command, args, { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }).stdout;
  const rows = (table || "").split("\n").map((row) => /^\s*(\d+)\s+(\d+)\s*(.*)$/.exec(row));
  return rows.flatMap((row) =>
    row ? [[row[1] ?? "", row[2] ?? "", row[3] ?? ""] as [string, string, string]] : [],
  );
}

function hookExit(): void {
  if (hooked) {
    return;
  }
  hooked = true;
  process.on("exit", () => {
    running.forEach(killTree);
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      running.forEach(killTree);
      process.kill(process.pid, signal);
    });
  }
}
