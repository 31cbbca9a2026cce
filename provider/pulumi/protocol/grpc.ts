import { createRequire } from "node:module";

/** The part of grpc-js that is used here. */
export interface Grpc {
  readonly Client: new (address: string, credentials: unknown) => GrpcClient;
  readonly credentials: { createInsecure(): unknown };
}

/** How a call fails. */
export interface GrpcFailure {
  readonly code: number;
  readonly details: string;
}

export interface GrpcClient {
  makeUnaryRequest<T>(
    path: string,
    serialize: (value: T) => Buffer,
    deserialize: (bytes: Buffer) => unknown,
    request: T,
    callback: (error: GrpcFailure | null) => void,
  ): void;
  close(): void;
}

/**
 * gRPC belongs to Pulumi's SDK, not to this package: it is loaded from there. A bundle has a copy of
 * its own in place of this file.
 */
export function loadGrpc(): Grpc {
  return createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js") as Grpc;
}
