/**
 * Calls single verbs of a provider process, which runs the text that is stored with the resource.
 */
import { loadProject } from "./project";
import { plainText } from "../core/plain";
import { InitializationError } from "../core/provider";
import { ProviderProcess } from "./provider-process";
import { type PropertyMap } from "../core/values";
import { type Config } from "../types";

export type Values = Record<string, unknown>;

/** A resource in a state, in clear. */
export interface Stored {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

/**
 * The provider of one deployment, for a project folder. The stored text decides which code runs.
 */
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
      "",
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

  /** A partial create is recorded. */
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

  /** A partial update is recorded, with the new inputs. */
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
