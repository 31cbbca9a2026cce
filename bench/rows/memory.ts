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
import { exactly, type Line, type Row } from "../row";
import { compare, interleave } from "../stats";
import { type Bench, hollow, projectFolder, unlimited } from "../world";

/** In megabytes. */
const MOST = 250;

export const memory: Row = {
  ids: ["memory"],
  async run(bench) {
    if (!canSeeProcesses) throw new Error("The memory of another process is read from /proc, which this system lacks.");
    const largest = bench.size(2_000, 200);
    const lines: Line[] = [];
    for (const [kind, create] of [["single resources", createSingles], ["fleet", createFleet]] as const) {
      for (const n of [4, 2, 1].map((part) => Math.max(1, Math.round(largest / part)))) lines.push(await measure(bench, kind, create, n));
    }
    return lines;
  },
};

/** @param text what the engine would store with each resource. */
type Create = (provider: StoredProvider, all: Definitions, text: string) => Promise<unknown>;

/** The baseline is what the SDK's process takes for the same messages when nothing is done about them. */
async function measure(bench: Bench, kind: string, create: Create, n: number): Promise<Line> {
  const megabytes = (text: string) => async () => Math.round((await peakOf(bench, create, n, text)) / 1e6);
  const line = { id: "memory", what: `most memory (RSS) of the provider process that creates ${kind === "fleet" ? "a fleet" : kind} with 30 kB configurations, against one that does nothing`, n, unit: "MB", goal: `below ${MOST} MB` };
  try {
    const [ours = [], idle = []] = await interleave(bench.runs(3, 1), [megabytes(TEXT), megabytes(hollow(TEXT))]);
    const { value, baseline, ratio } = compare(ours, idle);
    bench.say(`  ${kind}, N = ${n}: ${value.median} MB, ${baseline.median} MB when nothing is done`);
    return { ...line, value, baseline, ratio, met: value.median < MOST };
  } catch (error) {
    // A process that dies of its memory is a result too.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    bench.say(`  ${kind}, N = ${n}: ${reason}`);
    return { ...line, what: `${line.what}: failed (${reason.slice(0, 100)})`, value: exactly(NaN), met: false };
  }
}

/** In bytes. */
async function peakOf(bench: Bench, create: Create, n: number, text: string): Promise<number> {
  await bench.sandbox.reset();
  const folder = projectFolder({ kind: "single", vendor: "supermetrics", definitions: {} });
  const provider = new StoredProvider(folder, unlimited(bench.sandbox));
  try {
    await create(provider, definitions("supermetrics", n, LARGE), text);
    return Math.max(...descendants().filter((each) => roleOf(each, bench.sandbox.pid) === "provider").map(({ peak }) => peak));
  } finally {
    await provider.stop();
    deleteTempFolder(folder);
  }
}

const TEXT = providerText("supermetrics");

/** Checked one at a time, created as many at a time as an engine does; what is answered is kept nowhere. */
async function createSingles(provider: StoredProvider, all: Definitions, text: string): Promise<void> {
  const waiting = Object.values(all);
  let checks: Promise<unknown> = Promise.resolve();
  const worker = async (): Promise<void> => {
    for (let definition = waiting.shift(); definition; definition = waiting.shift()) {
      const props = { ...definition, [PROVIDER_KEY]: text };
      const checked = checks.then(() => provider.check({}, props));
      checks = checked;
      await provider.create(accepted(await checked, text));
    }
  };
  await Promise.all(Array.from({ length: 4 * availableParallelism() }, worker));
}

async function createFleet(provider: StoredProvider, all: Definitions, text: string): Promise<void> {
  await provider.create(accepted(await provider.check({}, { connectors: all, [PROVIDER_KEY]: text }), text));
}

function accepted({ inputs, failures }: Awaited<ReturnType<StoredProvider["check"]>>, text: string): Record<string, unknown> {
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return { ...inputs, [PROVIDER_KEY]: text };
}
