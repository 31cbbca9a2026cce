/**
 * What the provider process holds for connectors with large configurations. It is driven as an engine drives it, by the
 * same protocol and as many calls at a time, but without an engine: the state that an engine would write for each of
 * them is 60 MB, thousands of times over, and no memory of the provider.
 */
import { availableParallelism } from "node:os";
import { PROVIDER_KEY, providerText } from "../../provider/pulumi/provider-text";
import { StoredProvider } from "../../test/reliability/provider";
import { deleteTempFolder } from "../../test/engine/temp-folder";
import { type Definitions, definitions, LARGE } from "../definitions";
import { canSeeProcesses, descendants, roleOf } from "../processes";
import { type Line, type Row } from "../row";
import { spread } from "../stats";
import { type Bench, projectFolder, unlimited } from "../world";

/** In megabytes. */
const MOST = 250;

export const memory: Row = {
  ids: ["memory"],
  async run(bench) {
    if (!canSeeProcesses) throw new Error("The memory of another process is read from /proc, which this system lacks.");
    const largest = bench.size(2_000, 2_000);
    const lines: Line[] = [];
    for (const [kind, create] of [["single resources", createSingles], ["fleet", createFleet]] as const) {
      for (const n of [4, 2, 1].map((part) => Math.max(1, Math.round(largest / part)))) lines.push(await measure(bench, kind, create, n));
    }
    return lines;
  },
};

type Create = (provider: StoredProvider, all: Definitions) => Promise<unknown>;

async function measure(bench: Bench, kind: string, create: Create, n: number): Promise<Line> {
  const peaks: number[] = [];
  for (let run = bench.runs(3, 1); run > 0; run--) {
    peaks.push((await peakOf(bench, create, n)) / 1e6);
    bench.say(`  ${kind}, N = ${n}: ${Math.round(peaks.at(-1) ?? 0)} MB`);
  }
  const value = spread(peaks.map(Math.round));
  return { id: "memory", what: `most memory (RSS) of the provider process while it creates ${kind === "fleet" ? "a fleet" : kind} with 30 kB configurations`, n, unit: "MB", value, goal: `below ${MOST} MB`, met: value.median < MOST };
}

/** In bytes. */
async function peakOf(bench: Bench, create: Create, n: number): Promise<number> {
  await bench.sandbox.reset();
  const folder = projectFolder({ kind: "single", vendor: "supermetrics", definitions: {} });
  const provider = new StoredProvider(folder, unlimited(bench.sandbox));
  try {
    await create(provider, definitions("supermetrics", n, LARGE));
    return Math.max(...descendants().filter((each) => roleOf(each, bench.sandbox.pid) === "provider").map(({ peak }) => peak));
  } finally {
    await provider.stop();
    deleteTempFolder(folder);
  }
}

const TEXT = { [PROVIDER_KEY]: providerText("supermetrics") };

/** Checked one at a time, created as many at a time as an engine does; what is answered is kept nowhere. */
async function createSingles(provider: StoredProvider, all: Definitions): Promise<void> {
  const waiting = Object.values(all);
  let checks: Promise<unknown> = Promise.resolve();
  const worker = async (): Promise<void> => {
    for (let definition = waiting.shift(); definition; definition = waiting.shift()) {
      const props = { ...definition, ...TEXT };
      const checked = checks.then(() => provider.check({}, props));
      checks = checked;
      await provider.create(accepted(await checked));
    }
  };
  await Promise.all(Array.from({ length: 4 * availableParallelism() }, worker));
}

async function createFleet(provider: StoredProvider, all: Definitions): Promise<void> {
  await provider.create(accepted(await provider.check({}, { connectors: all, ...TEXT })));
}

function accepted({ inputs, failures }: Awaited<ReturnType<StoredProvider["check"]>>): Record<string, unknown> {
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return { ...inputs, ...TEXT };
}
