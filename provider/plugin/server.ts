import { boundaryError, isFresh } from "../pulumi/provider/engine-errors";
import { type Codec } from "../pulumi/protocol/message";
import * as rpc from "../pulumi/protocol/messages";
import { type PluginService } from "./service";
import { type Failure, type UnaryMethod, UnaryServer } from "./unary-server";

/** Methods that are not here are answered with UNIMPLEMENTED, which the engine understands. */
function methodsOf(service: PluginService): ReadonlyMap<string, UnaryMethod> {
  return new Map([
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
  ]);
}

function method<A, B>(
  name: string,
  request: Codec<A>,
  response: Codec<B>,
  handle: (request: A) => Promise<Partial<B>>,
): readonly [path: string, UnaryMethod] {
  return [
    `/pulumirpc.ResourceProvider/${name}`,
    async (message) => response.encode(await handle(request.decode(message))),
  ];
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
  const server = new UnaryServer(methodsOf(service), failureOf);
  return {
    port: await server.listen(),
    finish: () => server.finish(),
    close: () => server.close(),
  };
}

const UNKNOWN = 2;
const INIT_FAILED = "type.googleapis.com/pulumirpc.ErrorResourceInitFailed";

/** A failure as the engine reads it; one that records a resource has its properties with it. */
function failureOf(error: unknown): Failure {
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
  const { message } = failure;
  if (id === undefined || properties === undefined) {
    return { message };
  }
  const value = rpc.InitFailed.encode({ id, reasons, properties: () => properties });
  const details = [{ typeUrl: INIT_FAILED, value }];
  return { message, details: rpc.Status.encode({ code: UNKNOWN, message, details }) };
}
