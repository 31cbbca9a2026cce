import { boundaryError, isFresh } from "../pulumi/provider/engine-errors";
import {
  type Callback,
  type Grpc,
  type GrpcFailure,
  type GrpcMethod,
  type GrpcServer,
  loadGrpc,
  type UnaryCall,
} from "../pulumi/protocol/grpc";
import { type Codec } from "../pulumi/protocol/message";
import * as rpc from "../pulumi/protocol/messages";
import { type PluginService } from "./service";

/** The engine's limit of a message. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** One method of the service, as gRPC serves it. */
interface Method {
  readonly name: string;
  readonly definition: GrpcMethod;
  readonly handle: (request: never) => Promise<unknown>;
}

/** Methods that are not here are answered with UNIMPLEMENTED, which the engine understands. */
function methodsOf(service: PluginService): Method[] {
  return [
    method("Handshake", rpc.Empty, rpc.HandshakeResponse, () => service.handshake()),
    method("GetPluginInfo", rpc.Empty, rpc.PluginInfo, () => service.getPluginInfo()),
    method("GetSchema", rpc.SchemaRequest, rpc.SchemaResponse, (it) => service.getSchema(it)),
    method("CheckConfig", rpc.CheckRequest, rpc.CheckResponse, (it) => service.checkConfig(it)),
    method("DiffConfig", rpc.DiffRequest, rpc.DiffResponse, (it) => service.diffConfig(it)),
    method("Configure", rpc.ConfigureRequest, rpc.ConfigureResponse, (it) => service.configure(it)),
    method("Check", rpc.CheckRequest, rpc.CheckResponse, (it) => service.check(it)),
    method("Diff", rpc.DiffRequest, rpc.DiffResponse, (it) => service.diff(it)),
    method("Create", rpc.CreateRequest, rpc.CreateResponse, (it) => service.create(it)),
    method("Read", rpc.ReadRequest, rpc.ReadResponse, (it) => service.read(it)),
    method("Update", rpc.UpdateRequest, rpc.UpdateResponse, (it) => service.update(it)),
    method("Delete", rpc.DeleteRequest, rpc.Empty, (it) => service.delete(it)),
    method("Cancel", rpc.Empty, rpc.Empty, () => service.cancel()),
  ];
}

function method<A, B>(
  name: string,
  request: Codec<A>,
  response: Codec<B>,
  handle: (request: A) => Promise<Partial<B>>,
): Method {
  return {
    name,
    definition: {
      path: `/pulumirpc.ResourceProvider/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: request.encode,
      requestDeserialize: request.decode,
      responseSerialize: response.encode,
      responseDeserialize: response.decode,
    },
    handle,
  };
}

/** A service that listens on a free port of this machine only. */
export interface Listening {
  readonly port: number;
  /** Takes no more calls, and resolves when those that run are answered. */
  finish(): Promise<void>;
  /** Ends at once. */
  close(): void;
}

export async function listen(service: PluginService): Promise<Listening> {
  const grpc = loadGrpc();
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  const methods = methodsOf(service);
  server.addService(
    Object.fromEntries(methods.map(({ name, definition }) => [name, definition])),
    Object.fromEntries(methods.map((each) => [each.name, handler(grpc, each)])),
  );
  return {
    port: await bind(grpc, server),
    finish: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
    close: () => server.forceShutdown(),
  };
}

function bind({ ServerCredentials }: Grpc, server: GrpcServer): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
}

function handler(
  grpc: Grpc,
  { handle }: Method,
): (call: UnaryCall<never>, callback: Callback<never>) => void {
  return ({ request }, callback) =>
    void Promise.resolve()
      .then(() => handle(request))
      .then(
        (answer) => callback(null, answer as never),
        (error: unknown) => callback(failureOf(grpc, error)),
      );
}

const UNKNOWN = 2;
const INIT_FAILED = "type.googleapis.com/pulumirpc.ErrorResourceInitFailed";

/** A failure as the engine reads it; one that records a resource has its properties with it. */
function failureOf({ Metadata }: Grpc, error: unknown): GrpcFailure {
  const failure = isFresh(error) ? error : boundaryError(error, { secret: [], possible: [] });
  const {
    id,
    reasons = [],
    properties,
  } = error as {
    readonly id?: string;
    readonly reasons?: readonly string[];
    readonly properties?: Readonly<Record<string, unknown>>;
  };
  if (id === undefined || properties === undefined) {
    return { code: UNKNOWN, details: failure.message };
  }
  const value = rpc.InitFailed.encode({ id, reasons, properties: () => properties });
  const status = {
    code: UNKNOWN,
    message: failure.message,
    details: [{ typeUrl: INIT_FAILED, value }],
  };
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", rpc.Status.encode(status));
  return { code: UNKNOWN, details: failure.message, metadata };
}
