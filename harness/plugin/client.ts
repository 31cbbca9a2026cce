/** A native provider in this process, called as the engine calls it: over gRPC. */
import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import * as statusRpc from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { packageSchema } from "../../provider/plugin/serve";
import { listen } from "../../provider/plugin/server";
import { PluginService } from "../../provider/plugin/service";
import { VENDORS } from "../../provider/vendors/index";
import { type VendorName } from "../../provider/vendors/resources";

export type Values = Readonly<Record<string, unknown>>;

type Method = Exclude<
  keyof ResourceProviderClient,
  "close" | "getChannel" | "waitForReady" | "list"
>;

/** A call that the provider refused, as the engine gets it. */
export class PluginFailure extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** What the engine records, where the refusal says so. */
    readonly recorded?: {
      readonly id: string;
      readonly properties: Values;
      readonly reasons: string[];
    },
  ) {
    super(message);
  }
}

/** One provider process of one deployment. Values have secrets in envelopes, unknowns as sentinels. */
export class PluginClient {
  private constructor(
    private readonly client: ResourceProviderClient,
    private readonly closeServer: () => void,
    private readonly namespace: string,
    readonly said: readonly string[],
  ) {}

  static async start(vendor: VendorName): Promise<PluginClient> {
    const said: string[] = [];
    const say = (message: string): void => void said.push(message);
    const notifier = { warn: say, info: say, progress: say, flush: () => Promise.resolve() };
    const runtime = VENDORS[vendor].runtime();
    const service = new PluginService(runtime, () => packageSchema(vendor), notifier);
    const server = await listen(service);
    return PluginClient.connect(vendor, server.port, () => server.close(), said);
  }

  /** Calls a provider that listens on a port. */
  static connect(
    vendor: VendorName,
    port: number,
    closeServer: () => void = () => undefined,
    said: readonly string[] = [],
  ): PluginClient {
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return new PluginClient(client, closeServer, vendor, said);
  }

  close(): void {
    this.client.close();
    this.closeServer();
  }

  async handshake(): Promise<rpc.ProviderHandshakeResponse> {
    return this.call("handshake", new rpc.ProviderHandshakeRequest());
  }

  async schema(version = 0): Promise<string> {
    const request = new rpc.GetSchemaRequest();
    request.setVersion(version);
    return (await this.call<rpc.GetSchemaResponse>("getSchema", request)).getSchema();
  }

  async version(): Promise<string> {
    return (await this.call<{ getVersion(): string }>("getPluginInfo", new Empty())).getVersion();
  }

  async checkConfig(news: Values, name = "default"): Promise<Checked> {
    const request = new rpc.CheckRequest();
    request.setUrn(this.providerUrn(name));
    request.setNews(struct(news));
    return checked(await this.call("checkConfig", request));
  }

  async diffConfig(olds: Values, news: Values): Promise<Diffed> {
    const request = new rpc.DiffRequest();
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    return diffed(await this.call("diffConfig", request));
  }

  async configure(args: Values, name = "default"): Promise<this> {
    await this.handshake();
    await this.configureOnly(args, name);
    return this;
  }

  async configureOnly(args: Values, name = "default"): Promise<rpc.ConfigureResponse> {
    const request = new rpc.ConfigureRequest();
    request.setArgs(struct(args));
    request.setUrn(this.providerUrn(name));
    return this.call("configure", request);
  }

  async check(news: Values, olds: Values = {}, type = "Connector"): Promise<Checked> {
    const request = new rpc.CheckRequest();
    request.setUrn(this.urn(type));
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    return checked(await this.call("check", request));
  }

  async diff(stored: Stored, news: Values, type = "Connector"): Promise<Diffed> {
    const request = new rpc.DiffRequest();
    request.setUrn(this.urn(type));
    request.setId(stored.id);
    request.setOlds(struct(stored.outputs));
    request.setOldInputs(struct(stored.inputs));
    request.setNews(struct(news));
    return diffed(await this.call("diff", request));
  }

  async create(
    inputs: Values,
    options: {
      readonly preview?: boolean;
      readonly type?: string;
      /** In seconds. */
      readonly timeout?: number;
    } = {},
  ): Promise<Stored> {
    const request = new rpc.CreateRequest();
    request.setTimeout(options.timeout ?? 0);
    request.setUrn(this.urn(options.type));
    request.setProperties(struct(inputs));
    request.setPreview(options.preview ?? false);
    const response = await this.call<rpc.CreateResponse>("create", request);
    return { id: response.getId(), inputs, outputs: plain(response.getProperties()) };
  }

  async update(
    stored: Stored,
    news: Values,
    options: { readonly preview?: boolean; readonly type?: string } = {},
  ): Promise<Stored> {
    const request = new rpc.UpdateRequest();
    request.setUrn(this.urn(options.type));
    request.setId(stored.id);
    request.setOlds(struct(stored.outputs));
    request.setOldInputs(struct(stored.inputs));
    request.setNews(struct(news));
    request.setPreview(options.preview ?? false);
    const response = await this.call<rpc.UpdateResponse>("update", request);
    return { ...stored, inputs: news, outputs: plain(response.getProperties()) };
  }

  /** `undefined`: gone. */
  async read(stored: Stored, type = "Connector"): Promise<Stored | undefined> {
    const request = new rpc.ReadRequest();
    request.setUrn(this.urn(type));
    request.setId(stored.id);
    request.setProperties(struct(stored.outputs));
    request.setInputs(struct(stored.inputs));
    return found(await this.call("read", request));
  }

  /** As `pulumi import` reads. */
  async import(id: string, type = "Connector"): Promise<Stored | undefined> {
    const request = new rpc.ReadRequest();
    request.setUrn(this.urn(type));
    request.setId(id);
    return found(await this.call("read", request));
  }

  async delete(stored: Stored, type = "Connector"): Promise<void> {
    const request = new rpc.DeleteRequest();
    request.setUrn(this.urn(type));
    request.setId(stored.id);
    request.setProperties(struct(stored.outputs));
    await this.call("delete", request);
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new Empty());
  }

  /** Any method, with a request of its type. */
  call<T>(method: Method, request: unknown): Promise<T> {
    const methods = this.client as unknown as Record<Method, UnaryCall<T>>;
    return new Promise((resolve, reject) =>
      methods[method](request, new Metadata(), (error, response) =>
        error ? reject(failure(error)) : resolve(response),
      ),
    );
  }

  private urn(type = "Connector"): string {
    return `urn:pulumi:test::project::${type.includes(":") ? type : `${this.namespace}:index:${type}`}::resource`;
  }

  private providerUrn(name: string): string {
    return `urn:pulumi:test::project::pulumi:providers:${this.namespace}::${name}`;
  }
}

type UnaryCall<T> = (
  request: unknown,
  metadata: Metadata,
  callback: (error: ServiceError | null, response: T) => void,
) => void;

/** A resource as the engine stores it. */
export interface Stored {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

export interface Checked {
  readonly inputs: Values;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface Diffed {
  readonly changes: "none" | "some" | "unknown";
  readonly replaces: readonly string[];
  /** What became of each property path, with `-replace` where it replaces. */
  readonly detail: Readonly<Record<string, string>>;
}

function struct(values: Values): Struct {
  return Struct.fromJavaScript(values as never);
}

function plain(values: Struct | undefined): Values {
  return values?.toJavaScript() ?? {};
}

function checked(response: rpc.CheckResponse): Checked {
  return {
    inputs: plain(response.getInputs()),
    failures: response.getFailuresList().map((each) => ({
      property: each.getProperty(),
      reason: each.getReason(),
    })),
  };
}

const CHANGES = ["unknown", "none", "some"] as const;
const KINDS = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

function diffed(response: rpc.DiffResponse): Diffed {
  const detail: Record<string, string> = {};
  response
    .getDetaileddiffMap()
    .forEach((diff, path) => (detail[path] = KINDS[diff.getKind()] ?? ""));
  return {
    changes: CHANGES[response.getChanges()],
    replaces: response.getReplacesList(),
    detail,
  };
}

function found(response: rpc.ReadResponse): Stored | undefined {
  return response.getId() === "" && !response.hasProperties()
    ? undefined
    : {
        id: response.getId(),
        inputs: plain(response.getInputs()),
        outputs: plain(response.getProperties()),
      };
}

function failure({ code, details, metadata }: ServiceError): PluginFailure {
  const [packed] = metadata.get("grpc-status-details-bin");
  if (!(packed instanceof Uint8Array)) {
    return new PluginFailure(code, details);
  }
  const [detail] = statusRpc.Status.deserializeBinary(packed).getDetailsList();
  const recorded = rpc.ErrorResourceInitFailed.deserializeBinary(detail!.getValue_asU8());
  return new PluginFailure(code, details, {
    id: recorded.getId(),
    properties: plain(recorded.getProperties()),
    reasons: recorded.getReasonsList(),
  });
}
