/**
 * Drives a provider process like an engine, with the same protocol and concurrency, and reports its
 * peak memory. Runs in its own process: the messages of a large fleet can exhaust the memory of the
 * driver too, which must not end the other measurements.
 */
import { availableParallelism } from "node:os";
import { PROVIDER_KEY } from "../provider/pulumi/program/provider-text";
import { deleteTempFolder } from "../harness/engine/temp-folder";
import { type Config } from "../harness/engine/types";
import { StoredProvider } from "../harness/engine/local/stored-provider";
import { type Definitions, definitions, LARGE } from "./definitions";
import { NativeProviderProcess, withEnvelopes } from "./native-provider";
import { descendants, roleOf } from "./processes";
import { projectFolder } from "./world";

/** What to create. */
export interface MemoryTask {
  readonly kind: "single" | "fleet" | "native fleet";
  readonly n: number;
  /** The provider text that the engine stores with each resource. */
  readonly text: string;
  readonly config: Config;
}

/** The peak memory in bytes of the provider of each deployment, or the reason of a failure. */
export type MemoryAnswer =
  { readonly peaks: Readonly<Record<string, number>> } | { readonly failed: string };

function measure(task: MemoryTask): Promise<MemoryAnswer> {
  return (task.kind === "native fleet" ? measureNative(task) : measureDynamic(task)).then(
    (peaks) => ({ peaks }),
    (error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) }),
  );
}

async function measureDynamic({
  kind,
  n,
  text,
  config,
}: MemoryTask): Promise<Readonly<Record<string, number>>> {
  const folder = projectFolder({ kind: "single", vendor: "supermetrics", definitions: {} });
  const provider = new StoredProvider(folder, config);
  try {
    await (kind === "single" ? createSingles : createFleet)(
      provider,
      definitions("supermetrics", n, LARGE),
      text,
    );
    return { create: peakOfProviders() };
  } finally {
    await provider.stop();
    deleteTempFolder(folder);
  }
}

/** Each deployment has a provider process of its own. */
async function measureNative({ n, config }: MemoryTask): Promise<Readonly<Record<string, number>>> {
  const connectors = withEnvelopes(definitions("supermetrics", n, LARGE));
  const deploy = async <T>(
    work: (provider: NativeProviderProcess) => Promise<T>,
  ): Promise<readonly [result: T, peak: number]> => {
    const provider = await NativeProviderProcess.start("supermetrics", "Fleet", config);
    try {
      const result = await work(provider);
      return [result, peakOfProviders()];
    } finally {
      await provider.stop();
    }
  };
  const [stored, create] = await deploy(async (provider) =>
    provider.create(await provider.check({}, { connectors })),
  );
  const [changes, noop] = await deploy(async (provider) =>
    provider.diff(stored, await provider.check(stored.inputs, { connectors })),
  );
  if (changes) {
    throw new Error("A deployment without an edit has changes.");
  }
  const [first = ""] = Object.keys(connectors);
  const edited = { ...connectors, [first]: { ...connectors[first], description: "Edited." } };
  const [, edit] = await deploy(async (provider) => {
    const news = await provider.check(stored.inputs, { connectors: edited });
    await provider.diff(stored, news);
    return provider.update(stored, news);
  });
  return { create, noop, edit };
}

function peakOfProviders(): number {
  const providers = descendants().filter((each) => roleOf(each, 0) === "provider");
  return Math.max(...providers.map(({ peak }) => peak));
}

/** Runs `check` sequentially and `create` concurrently, like an engine. Discards the results. */
async function createSingles(
  provider: StoredProvider,
  all: Definitions,
  text: string,
): Promise<void> {
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

async function createFleet(
  provider: StoredProvider,
  all: Definitions,
  text: string,
): Promise<void> {
  await provider.create(
    accepted(await provider.check({}, { connectors: all, [PROVIDER_KEY]: text }), text),
  );
}

function accepted(
  { inputs, failures }: Awaited<ReturnType<StoredProvider["check"]>>,
  text: string,
): Record<string, unknown> {
  if (failures.length > 0) {
    throw new Error(failures.join("\n"));
  }
  return { ...inputs, [PROVIDER_KEY]: text };
}

process.once("message", (task: MemoryTask) => {
  void measure(task).then((answer) => {
    process.send?.(answer);
    process.disconnect();
  });
});
