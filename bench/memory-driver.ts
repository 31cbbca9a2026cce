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
import { descendants, roleOf } from "./processes";
import { projectFolder } from "./world";

/** What to create. */
export interface MemoryTask {
  readonly kind: "single" | "fleet";
  readonly n: number;
  /** The provider text that the engine stores with each resource. */
  readonly text: string;
  readonly config: Config;
}

/** The peak memory in bytes, or the reason of a failure. */
export type MemoryAnswer = { readonly peak: number } | { readonly failed: string };

async function measure({ kind, n, text, config }: MemoryTask): Promise<MemoryAnswer> {
  const folder = projectFolder({ kind: "single", vendor: "supermetrics", definitions: {} });
  const provider = new StoredProvider(folder, config);
  try {
    await (kind === "single" ? createSingles : createFleet)(
      provider,
      definitions("supermetrics", n, LARGE),
      text,
    );
    return {
      peak: Math.max(
        ...descendants()
          .filter((each) => roleOf(each, 0) === "provider")
          .map(({ peak }) => peak),
      ),
    };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  } finally {
    await provider.stop();
    deleteTempFolder(folder);
  }
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
