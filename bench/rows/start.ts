/** The time until the program of a native package prints its port. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { PluginProcess } from "../../harness/plugin/process";
import { writeArchive } from "../../scripts/archives/archive";
import { canSeeProcesses, descendants } from "../processes";
import { type Line, type Row } from "../row";
import { compare, type Comparison, interleave } from "../stats";

const NAME = "pulumi-resource-supermetrics";

/** By what is started, the most milliseconds. */
const GOALS = { "the npm package": 500, "the release archive": 300 } as const;

/** Node.js itself, which prints a line and waits. */
const NOTHING = "#!/usr/bin/env node\nconsole.log(1); setInterval(() => undefined, 1e6);\n";

export const start: Row = {
  ids: ["start"],
  async run(bench) {
    const folder = makeTempFolder("start");
    try {
      execFileSync("tar", ["-xzf", basename(await writeArchive("supermetrics", folder))], {
        cwd: folder,
      });
      const idle = join(folder, "idle");
      writeFileSync(idle, NOTHING, { mode: 0o755 });
      const programs = [resolve(__dirname, "../../bin", NAME), join(folder, NAME), idle];
      const cpu: number[][] = programs.map(() => []);
      const measures = programs.map((program, index) => async () => {
        const took = await startOnce(program, folder);
        cpu[index]?.push(took.cpu);
        return took.wall;
      });
      const wall = await interleave(bench.runs(10, 10), measures);
      return Object.keys(GOALS).flatMap((what, index) => lines(what, index, wall, cpu));
    } finally {
      deleteTempFolder(folder);
    }
  },
};

interface Start {
  /** In milliseconds. */
  readonly wall: number;
  readonly cpu: number;
}

async function startOnce(program: string, folder: string): Promise<Start> {
  const begin = performance.now();
  let took: Start = { wall: NaN, cpu: NaN };
  const provider = await PluginProcess.start(program, folder, (pid) => {
    const wall = performance.now() - begin;
    const process = canSeeProcesses ? descendants().find((each) => each.pid === pid) : undefined;
    took = { wall, cpu: (process?.cpu ?? NaN) * 1000 };
  });
  await provider.stop();
  return took;
}

function lines(what: string, index: number, wall: number[][], cpu: number[][]): Line[] {
  const most = Object.values(GOALS)[index] ?? 0;
  const against = (all: number[][]): Comparison => compare(all[index] ?? [], all.at(-1) ?? []);
  const line = (measure: string, goal: string, found: Comparison): Line => ({
    id: "start",
    what: `${measure} until the native provider of ${what} prints its port, against Node.js alone`,
    unit: "ms",
    goal,
    ...found,
  });
  const time = against(wall);
  return [
    { ...line("time", `at most ${most} ms`, time), met: time.value.median <= most },
    line("CPU time", "", against(cpu)),
  ];
}
