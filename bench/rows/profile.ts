/**
 * The CPU time of the program, the engine, the provider and the sandbox during an `up`, and its
 * wall time.
 */
import { definitions } from "../definitions";
import { canSeeProcesses, descendants, type Role, roleOf, watchProcesses } from "../processes";
import { exactly, type Line, type Row } from "../row";
import { type Call } from "../sandbox-process";
import { type Bench, type Kind, openProject } from "../world";

const ROLES: readonly (readonly [Role, string])[] = [
  ["program", "CPU of the program"],
  ["engine", "CPU of the engine"],
  ["provider", "CPU of the provider"],
  ["vendor", "CPU of the sandbox"],
];

export const profile: Row = {
  ids: ["profile"],
  fullOnly: true,
  async run(bench) {
    if (!canSeeProcesses) {
      throw new Error("The times of other processes are read from /proc, which this system lacks.");
    }
    const n = bench.size(500, 100);
    const lines: Line[] = [];
    for (const kind of ["single", "empty", "fleet"] as const) {
      lines.push(...(await measure(bench, kind, n)));
    }
    return lines;
  },
};

async function measure(bench: Bench, kind: Kind, n: number): Promise<readonly Line[]> {
  await bench.sandbox.reset();
  const project = await openProject(bench, {
    kind,
    vendor: "databar",
    definitions: definitions("databar", n),
  });
  try {
    const watch = watchProcesses(50);
    const own = process.cpuUsage();
    const vendorBefore = cpuOfSandbox(bench);
    const wall = await project.up();
    const used = process.cpuUsage(own);
    const seen = watch.stop();
    const cpu = (role: Role): number =>
      seen
        .filter((each) => roleOf(each, bench.sandbox.pid) === role)
        .reduce((sum, each) => sum + each.cpu, 0);
    // The local engine runs in this process, as does the polling.
    const ours = bench.engine.name === "local" ? (used.user + used.system) / 1e6 : 0;
    const peak =
      Math.max(
        ...seen
          .filter((each) => roleOf(each, bench.sandbox.pid) === "provider")
          .map((each) => each.peak),
      ) / 1e6;
    const line = (what: string, value: number, unit = "s"): Line => ({
      id: "profile",
      what: `${kind}: ${what}`,
      n,
      unit,
      value: exactly(value),
      ...(unit === "s" && what !== "wall" && { ratio: value / wall }),
      goal: "",
    });
    return [
      line("wall", wall),
      ...ROLES.map(([role, what]) =>
        line(
          what,
          cpu(role) + (role === "engine" ? ours : 0) - (role === "vendor" ? vendorBefore : 0),
        ),
      ),
      line("at least one request in progress", timeInProgress(await bench.sandbox.calls())),
      line("peak memory (RSS) of the provider", Math.round(peak), "MB"),
    ];
  } finally {
    await project.close();
  }
}

/** The CPU time of the sandbox so far. */
function cpuOfSandbox(bench: Bench): number {
  const found = descendants();
  return found.find(({ pid }) => pid === bench.sandbox.pid)?.cpu ?? 0;
}

/** The seconds in which at least one request was in progress. */
function timeInProgress(calls: readonly Call[]): number {
  let total = 0;
  let until = -Infinity;
  for (const { time, duration } of [...calls].sort((a, b) => a.time - b.time)) {
    total += Math.max(0, time + duration - Math.max(time, until));
    until = Math.max(until, time + duration);
  }
  return total / 1000;
}
