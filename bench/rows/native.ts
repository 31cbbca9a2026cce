/**
 * Native resources compared with dynamic ones in one run: CPU time and memory of an `up` that
 * creates them; and the memory of a native fleet with large configurations.
 */
import { definitions } from "../definitions";
import { type Usage, usageOfCreate } from "../deployment";
import { canSeeProcesses } from "../processes";
import { compared, exactly, type Line, type Row } from "../row";
import { compare, interleave } from "../stats";
import { type Bench, unlimited } from "../world";
import { peaksOf } from "./memory";

/** The sizes of the goals. */
const LARGEST = { cpu: 500, memory: 200, fleet: 2_000 } as const;

/** The goal of a native fleet, in megabytes. */
const MAX_OF_FLEET = 600;

export const native: Row = {
  ids: ["native", "native-fleet"],
  async run(bench, wanted) {
    if (!canSeeProcesses) {
      throw new Error("The times of other processes are read from /proc, which this system lacks.");
    }
    return [
      ...(wanted.has("native") ? [await cpuTime(bench), await memoryOf(bench)] : []),
      ...(wanted.has("native-fleet") ? await memoryOfFleet(bench) : []),
    ];
  },
};

async function cpuTime(bench: Bench): Promise<Line> {
  const n = bench.size(LARGEST.cpu, 100);
  const line = {
    id: "native",
    what: "CPU time of engine, program and provider in an `up` that creates native resources, against dynamic ones",
    n,
    unit: "s",
    goal: "at most 0.9 x",
    goalN: LARGEST.cpu,
  };
  const sum = ({ cpu }: Usage): number => cpu.engine + cpu.program + cpu.provider;
  return compared(line, await against(bench, n, sum), 0.9);
}

async function memoryOf(bench: Bench): Promise<Line> {
  const n = bench.size(LARGEST.memory, 100);
  const line = {
    id: "native",
    what: "peak memory (RSS) of the provider process in an `up` that creates native resources, against dynamic ones",
    n,
    unit: "MB",
    goal: "at most 0.6 x",
    goalN: LARGEST.memory,
  };
  return compared(line, await against(bench, n, ({ peak }) => Math.round(peak / 1e6)), 0.6);
}

/** Creates native and dynamic resources in turn. */
async function against(
  bench: Bench,
  n: number,
  value: (usage: Usage) => number,
): Promise<ReturnType<typeof compare>> {
  if (bench.engine.name === "local") {
    throw new Error("Native resources are compared on the Pulumi CLI: --engine pulumi.");
  }
  const [ours = [], dynamic = []] = await interleave(
    bench.runs(3, 1),
    (["native", "single"] as const).map((kind) => () => {
      const content = { kind, vendor: "databar", definitions: definitions("databar", n) } as const;
      return usageOfCreate(bench, content, (usage) => {
        const { cpu, peak } = usage;
        bench.say(
          `  ${kind}, N = ${n}: engine ${cpu.engine.toFixed(2)} s, program ${cpu.program.toFixed(2)} s, provider ${cpu.provider.toFixed(2)} s and ${Math.round(peak / 1e6)} MB`,
        );
        return Promise.resolve(value(usage));
      });
    }),
  );
  return compare(ours, dynamic);
}

/** What a deployment of a native fleet does, in the words of the table. */
const DEPLOYMENTS: Readonly<Record<string, string>> = {
  create: "creates a native fleet",
  noop: "has nothing to do for a native fleet",
  edit: "writes one edit of a native fleet",
};

/** Each deployment has a provider process of its own. */
async function memoryOfFleet(bench: Bench): Promise<readonly Line[]> {
  const n = bench.size(LARGEST.fleet, 100);
  const config = unlimited(bench.sandbox);
  const peaks = await peaksOf(bench, { kind: "native fleet", n, text: "", config });
  return Object.entries(DEPLOYMENTS).map(([deployment, does]) => {
    const peak = Math.round((peaks[deployment] ?? NaN) / 1e6);
    bench.say(`  native fleet, N = ${n}, ${deployment}: ${peak} MB`);
    return {
      id: "native-fleet",
      what: `peak memory (RSS) of the provider process that ${does} with 30 kB configurations`,
      n,
      unit: "MB",
      value: exactly(peak),
      goal: `at most ${MAX_OF_FLEET} MB`,
      goalN: LARGEST.fleet,
      met: peak <= MAX_OF_FLEET,
    };
  });
}
