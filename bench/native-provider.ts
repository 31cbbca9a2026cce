/** The process of a native provider, called as the engine calls it. */
import { join, resolve } from "node:path";
import { credentials, Client } from "@grpc/grpc-js";
import { type Codec } from "../provider/pulumi/protocol/message";
import * as rpc from "../provider/pulumi/protocol/messages";
import { type Values } from "../provider/pulumi/protocol/struct";
import { inEnvelope } from "../provider/pulumi/provider/envelopes";
import { type Config } from "../harness/engine/types";
import { PluginProcess } from "../harness/plugin/process";
import { type Definitions } from "./definitions";
import { type VendorName } from "./sandbox-process";

const PROGRAMS = resolve(__dirname, "../bin");
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** A resource as the engine stores it, secrets in their envelopes. */
export interface Stored {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

export class NativeProviderProcess {
  private constructor(
    private readonly process: PluginProcess,
    private readonly client: Client,
    private readonly urn: string,
  ) {}

  /** Starts the provider of one deployment. */
  static async start(
    vendor: VendorName,
    type: string,
    config: Config,
  ): Promise<NativeProviderProcess> {
    const program = join(PROGRAMS, `pulumi-resource-${vendor}`);
    const process = await PluginProcess.start(program, __dirname);
    const client = new Client(`127.0.0.1:${process.port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": MESSAGE_LIMIT,
      "grpc.max_send_message_length": MESSAGE_LIMIT,
    });
    const urn = `urn:pulumi:bench::bench::${vendor}:index:${type}::bench`;
    const provider = new NativeProviderProcess(process, client, urn);
    await provider.call("Handshake", rpc.Empty, {}, rpc.HandshakeResponse);
    await provider.call(
      "Configure",
      rpc.ConfigureRequest,
      { args: () => settings(vendor, config) },
      rpc.ConfigureResponse,
    );
    return provider;
  }

  async check(olds: Values, news: Values): Promise<Values> {
    const request = { urn: this.urn, olds: () => olds, news: () => news };
    const { inputs, failures } = await this.call(
      "Check",
      rpc.CheckRequest,
      request,
      rpc.CheckResponse,
    );
    if (failures.length > 0) {
      throw new Error(failures.map(({ reason }) => reason).join("\n"));
    }
    return inputs?.() ?? {};
  }

  async create(inputs: Values): Promise<Stored> {
    const request = { urn: this.urn, properties: () => inputs };
    const { id, properties } = await this.call(
      "Create",
      rpc.CreateRequest,
      request,
      rpc.CreateResponse,
    );
    return { id, inputs, outputs: properties?.() ?? {} };
  }

  /** Whether something changes. */
  async diff(stored: Stored, news: Values): Promise<boolean> {
    const { changes } = await this.call(
      "Diff",
      rpc.DiffRequest,
      this.subject(stored, news),
      rpc.DiffResponse,
    );
    return changes === rpc.CHANGES.some;
  }

  async update(stored: Stored, news: Values): Promise<Stored> {
    const { properties } = await this.call(
      "Update",
      rpc.UpdateRequest,
      this.subject(stored, news),
      rpc.UpdateResponse,
    );
    return { ...stored, inputs: news, outputs: properties?.() ?? {} };
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.process.stop();
  }

  private subject({ id, inputs, outputs }: Stored, news: Values) {
    return { id, urn: this.urn, olds: () => outputs, oldInputs: () => inputs, news: () => news };
  }

  private call<A, B>(
    name: string,
    request: Codec<A>,
    sent: Partial<A>,
    response: Codec<B>,
  ): Promise<B> {
    return new Promise((resolve, reject) =>
      this.client.makeUnaryRequest(
        `/pulumirpc.ResourceProvider/${name}`,
        (value: Partial<A>) => request.encode(value),
        (bytes) => response.decode(bytes),
        sent,
        (error, answer) =>
          error || !answer ? reject(error ?? new Error(`${name}: no answer`)) : resolve(answer),
      ),
    );
  }
}

/** The connectors as the engine sends them to a provider that accepts secrets. */
export function withEnvelopes(definitions: Definitions): Definitions {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { secrets = {}, ...rest }]) => [
      name,
      {
        ...rest,
        secrets: Object.fromEntries(
          Object.entries(secrets as Readonly<Record<string, string>>).map(([key, value]) => [
            key,
            inEnvelope(value),
          ]),
        ),
      },
    ]),
  );
}

/** The settings of a vendor's namespace, as the engine gives them to its provider. */
function settings(vendor: VendorName, config: Config): Values {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      const [namespace, name = ""] = key.split(":");
      return namespace === vendor
        ? [[name, typeof value === "string" ? value : inEnvelope(value.secret)]]
        : [];
    }),
  );
}
