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
      ...(wanted.has("native") ? [...(await cpuTime(bench)), ...(await memoryOf(bench))] : []),
      ...(wanted.has("native-fleet") ? await memoryOfFleet(bench) : []),
    ];
  },
};

/** The same connectors as native resources, in both kinds of programs, and as dynamic ones. */
const KINDS = ["native", "yaml", "single"] as const;

async function cpuTime(bench: Bench): Promise<readonly Line[]> {
  const n = bench.size(LARGEST.cpu, 100);
  const sum = ({ cpu }: Usage): number => cpu.engine + cpu.program + cpu.provider;
  return linesOf(await measure(bench, n, sum), 0.9, {
    what: "CPU time of engine, program and provider in an `up` that creates native resources",
    n,
    unit: "s",
    goal: "at most 0.9 x",
    goalN: LARGEST.cpu,
  });
}

async function memoryOf(bench: Bench): Promise<readonly Line[]> {
  const n = bench.size(LARGEST.memory, 100);
  const megabytes = ({ peak }: Usage): number => Math.round(peak / 1e6);
  return linesOf(await measure(bench, n, megabytes), 0.6, {
    what: "peak memory (RSS) of the provider process in an `up` that creates native resources",
    n,
    unit: "MB",
    goal: "at most 0.6 x",
    goalN: LARGEST.memory,
  });
}

/** A line for each kind of program. */
function linesOf(
  { native = [], yaml = [], single = [] }: PerKind,
  maxRatio: number,
  { what, ...rest }: Omit<Parameters<typeof compared>[0], "id">,
): readonly Line[] {
  const line = (program: string, values: readonly number[]): Line =>
    compared(
      { ...rest, id: "native", what: `${what} (${program}), against dynamic ones` },
      compare(values, single),
      maxRatio,
    );
  return [line("Node.js program", native), line("Pulumi YAML", yaml)];
}

type PerKind = Partial<Record<(typeof KINDS)[number], readonly number[]>>;

/** Creates the connectors of all kinds, interleaved. */
async function measure(bench: Bench, n: number, value: (usage: Usage) => number): Promise<PerKind> {
  if (bench.engine.name === "local") {
    throw new Error("Native resources are compared on the Pulumi CLI: --engine pulumi.");
  }
  const all = definitions("databar", n);
  const found = await interleave(
    bench.runs(3, 1),
    KINDS.map(
      (kind) => () =>
        usageOfCreate(bench, { kind, vendor: "databar", definitions: all }, (usage) => {
          const { cpu, peak } = usage;
          bench.say(
            `  ${kind}, N = ${n}: engine ${cpu.engine.toFixed(2)} s, program ${cpu.program.toFixed(2)} s, provider ${cpu.provider.toFixed(2)} s and ${Math.round(peak / 1e6)} MB`,
          );
          return Promise.resolve(value(usage));
        }),
    ),
  );
  return Object.fromEntries(KINDS.map((kind, index) => [kind, found[index]]));
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
