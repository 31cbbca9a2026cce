/**
 * Drives a provider process as an engine drives it, by the same protocol and as many calls at a time, and tells the most
 * memory that it held. A process of its own: the messages of a large fleet may be too much for this side as well, and
 * that must not end the other measurements.
 */
import { availableParallelism } from "node:os";
import { PROVIDER_KEY } from "../provider/pulumi/program/provider-text";
import { deleteTempFolder } from "../harness/engine/temp-folder";
import { type Config } from "../harness/engine/types";
import { StoredProvider } from "../harness/stored-provider";
import { type Definitions, definitions, LARGE } from "./definitions";
import { descendants, roleOf } from "./processes";
import { projectFolder } from "./world";

/** What to create. */
export interface MemoryTask {
  readonly kind: "single" | "fleet";
  readonly n: number;
  /** What the engine would store with each resource. */
  readonly text: string;
  readonly config: Config;
}

/** In bytes, or why there is no answer. */
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

/** Checked one at a time, created as many at a time as an engine does; what is answered is kept nowhere. */
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
