import { type sendUnaryData, type Server, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { errorMessage } from "../core/deployment";
import { decodeGoal, decodeReadGoal } from "./decode-goal";
import { type Session, ShutDownError } from "../core/session";
import { decodeStruct, encodeStruct } from "./struct";

/** The features that the SDK may use. The SDK itself rejects programs that need others. */
const FEATURES = new Set(["secrets", "resourceReferences", "deletedWith", "aliasSpecs"]);

const SECRETS = { secrets: true };

/**
 * Serves `pulumirpc.ResourceMonitor` for one run of a program.
 *
 * @param onProgramEnd called when the program says that it registers nothing more; the program
 *   stays until the promise that it returns is settled.
 */
export function serveMonitor(
  server: Server,
  session: Session,
  onProgramEnd: () => Promise<void>,
): void {
  const implementation = {
    supportsFeature: unary((request: rpc.SupportsFeatureRequest) => {
      const response = new rpc.SupportsFeatureResponse();
      response.setHassupport(FEATURES.has(request.getId()));
      return Promise.resolve(response);
    }),
    registerResource: unary((request: rpc.RegisterResourceRequest) =>
      registerResource(session, request),
    ),
    readResource: unary((request: rpc.ReadResourceRequest) => readResource(session, request)),
    registerResourceOutputs: unary(async (request: rpc.RegisterResourceOutputsRequest) => {
      await session.registerOutputs(request.getUrn(), decodeStruct(request.getOutputs()));
      return new Empty();
    }),
    signalAndWaitForShutdown: unary(async () => {
      await onProgramEnd();
      return new Empty();
    }),
    invoke: unary((request: rpc.ResourceInvokeRequest) =>
      refuse(`the function ${request.getTok()}`),
    ),
    call: unary((request: rpc.ResourceCallRequest) => refuse(`the method ${request.getTok()}`)),
    registerStackTransform: unary(() => refuse("stack transforms")),
    registerStackInvokeTransform: unary(() => refuse("stack transforms")),
    registerResourceHook: unary(() => refuse("resource hooks")),
    registerErrorHook: unary(() => refuse("error hooks")),
    registerPackage: unary(() => refuse("packages")),
  };
  // Methods that are missing here are answered with UNIMPLEMENTED, which the SDK understands.
  server.addService(ResourceMonitorService, implementation);
}

async function registerResource(
  session: Session,
  request: rpc.RegisterResourceRequest,
): Promise<rpc.RegisterResourceResponse> {
  const state = await session.register(decodeGoal(request));
  const response = new rpc.RegisterResourceResponse();
  response.setUrn(state.urn);
  response.setId(state.id);
  response.setObject(encodeStruct(state.custom ? state.outputs : {}, SECRETS));
  return response;
}

async function readResource(
  session: Session,
  request: rpc.ReadResourceRequest,
): Promise<rpc.ReadResourceResponse> {
  const state = await session.read(decodeReadGoal(request));
  const response = new rpc.ReadResourceResponse();
  response.setUrn(state.urn);
  response.setProperties(encodeStruct(state.outputs, SECRETS));
  return response;
}

function refuse(what: string): Promise<never> {
  return Promise.reject(
    new Error(`The local engine does not do this: ${what}. Run this program with the Pulumi CLI.`),
  );
}

function unary<Request, Response>(
  answer: (request: Request) => Promise<Response>,
): (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void {
  return (call, callback) => {
    answer(call.request).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        const code = error instanceof ShutDownError ? status.UNAVAILABLE : status.UNKNOWN;
        callback({ code, details: errorMessage(error) }, null);
      },
    );
  };
}
