/**
 * The CPU time of the program, the engine, the provider and the sandbox during an `up`, and its
 * wall time.
 */
import { definitions } from "../definitions";
import { usageOfCreate } from "../deployment";
import { canSeeProcesses, type Role } from "../processes";
import { exactly, type Line, type Row } from "../row";
import { type Call } from "../sandbox-process";
import { type Bench, type Kind, runnable } from "../world";

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
    const kinds = ["single", "native", "empty", "fleet"] as const;
    for (const kind of runnable(bench, kinds)) {
      lines.push(...(await measure(bench, kind, n)));
    }
    return lines;
  },
};

function measure(bench: Bench, kind: Kind, n: number): Promise<readonly Line[]> {
  const content = { kind, vendor: "databar", definitions: definitions("databar", n) } as const;
  return usageOfCreate(bench, content, async ({ wall, cpu, peak }) => {
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
      ...ROLES.map(([role, what]) => line(what, cpu[role])),
      line("at least one request in progress", timeInProgress(await bench.sandbox.calls())),
      line("peak memory (RSS) of the provider", Math.round(peak / 1e6), "MB"),
    ];
  });
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
