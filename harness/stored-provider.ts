/** A provider as the engine reaches it: `dynamic-provider` in a process of its own, which runs the text that is stored with the resource. */
import { loadProject } from "./engine/local/project";
import { plainText } from "./engine/core/plain";
import { InitializationError } from "./engine/core/provider";
import { ProviderProcess } from "./engine/local/provider-process";
import { type PropertyMap } from "./engine/core/values";
import { type Config } from "./engine/types";

export type Values = Record<string, unknown>;

/** What the engine knows of a resource, in clear. */
export interface Stored {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

/** One deployment's provider for a project folder. Nothing here knows which version wrote the text that it is sent. */
export class StoredProvider {
  readonly lines: string[] = [];
  private readonly process: ProviderProcess;

  constructor(folder: string, config: Config) {
    const onLine = (line: string): void => void this.lines.push(line);
    this.process = new ProviderProcess({
      project: loadProject(folder),
      env: process.env,
      engineAddress: () => "no-engine",
      onLine,
    });
    this.process.configure(
      Object.fromEntries(
        Object.entries(config).map(([key, value]) => [
          key,
          typeof value === "string" ? value : value.secret,
        ]),
      ),
    );
  }

  async check(
    olds: Values,
    news: Values,
  ): Promise<{ inputs: Values; failures: readonly string[] }> {
    const { inputs, failures } = await this.process.check(
      URN,
      olds as PropertyMap,
      news as PropertyMap,
    );
    return { inputs: plain(inputs), failures: failures.map(({ reason }) => reason) };
  }

  /** Whether the engine would replace or change the resource, with these checked inputs. */
  async diff(
    stored: Stored,
    news: Values,
  ): Promise<{ changes: boolean | undefined; replaces: readonly string[] }> {
    const { changes, replaces } = await this.process.diff(subject(stored), news as PropertyMap, []);
    return { changes, replaces };
  }

  /** A create that stopped half-way is recorded as the engine does it. */
  async create(inputs: Values): Promise<Stored> {
    const { id, outputs } = await this.process.create(URN, inputs as PropertyMap).catch(halfDone);
    return { id, inputs, outputs: plain(outputs) };
  }

  async read(stored: Stored): Promise<Stored> {
    const { id, outputs, inputs } = await this.process.read(subject(stored));
    return {
      id,
      inputs: inputs === undefined ? stored.inputs : plain(inputs),
      outputs: plain(outputs),
    };
  }

  /** An update that stopped half-way is recorded as the engine does it. */
  async update(stored: Stored, inputs: Values): Promise<Stored> {
    const done = this.process
      .update(subject(stored), inputs as PropertyMap, [])
      .then((outputs) => ({ outputs }));
    return { ...stored, inputs, outputs: plain((await done.catch(halfDone)).outputs) };
  }

  delete(stored: Stored): Promise<void> {
    return this.process.delete(subject(stored));
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

const URN = "urn:pulumi:test::states::pulumi-nodejs:dynamic::resource";

function subject({ id, inputs, outputs }: Stored): {
  urn: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
} {
  return { urn: URN, id, inputs: inputs as PropertyMap, outputs: outputs as PropertyMap };
}

function plain(map: PropertyMap): Values {
  return plainText(map) as Values;
}

function halfDone(error: unknown): { id: string; outputs: PropertyMap } {
  if (error instanceof InitializationError) {
    return { id: error.id, outputs: error.outputs };
  }
  throw error;
}
