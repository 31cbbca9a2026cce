import { type sendUnaryData, type Server, type ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { type Severity } from "../types";
import { type Report } from "../core/report";

/** Serves `pulumirpc.Engine`: where programs and providers log. */
export function serveEngine(server: Server, report: Report): void {
  let rootUrn = "";
  const implementation = {
    log: (call: ServerUnaryCall<rpc.LogRequest, Empty>, callback: sendUnaryData<Empty>): void => {
      const { request } = call;
      const severity = SEVERITIES[request.getSeverity()];
      if (severity && !request.getEphemeral()) {
        report.say(severity, request.getMessage(), request.getUrn());
      }
      callback(null, new Empty());
    },
    getRootResource: (
      _call: unknown,
      callback: sendUnaryData<rpc.GetRootResourceResponse>,
    ): void => {
      const response = new rpc.GetRootResourceResponse();
      response.setUrn(rootUrn);
      callback(null, response);
    },
    setRootResource: (
      call: ServerUnaryCall<rpc.SetRootResourceRequest, unknown>,
      callback: sendUnaryData<rpc.SetRootResourceResponse>,
    ): void => {
      rootUrn = call.request.getUrn();
      callback(null, new rpc.SetRootResourceResponse());
    },
  };
  // Methods that are missing here are answered with UNIMPLEMENTED, which the SDK understands.
  server.addService(EngineService, implementation);
}

const SEVERITIES: Partial<Record<rpc.LogSeverity, Severity>> = {
  [rpc.LogSeverity.INFO]: "info",
  [rpc.LogSeverity.WARNING]: "warning",
  [rpc.LogSeverity.ERROR]: "error",
};
