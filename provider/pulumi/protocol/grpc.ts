import { createRequire } from "node:module";

/** The part of grpc-js that is used here. */
export interface Grpc {
  readonly Server: new (options: ChannelOptions) => GrpcServer;
  readonly Client: new (
    address: string,
    credentials: unknown,
    options?: ChannelOptions,
  ) => GrpcClient;
  readonly Metadata: new () => GrpcMetadata;
  readonly ServerCredentials: { createInsecure(): unknown };
  readonly credentials: { createInsecure(): unknown };
  readonly status: Readonly<Record<string, string | number>>;
}

export type ChannelOptions = Readonly<Record<string, number>>;

export interface GrpcMetadata {
  set(key: string, value: Buffer): void;
}

/** A call that is answered once. */
export interface UnaryCall<T> {
  readonly request: T;
}

export type Callback<T> = (error: GrpcFailure | null, value?: T) => void;

/** How a call fails. */
export interface GrpcFailure {
  readonly code: number;
  readonly details: string;
  readonly metadata?: GrpcMetadata;
}

/** A method of a service: where it is, and how its messages are read and written. */
export interface GrpcMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: never) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (value: never) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

export interface GrpcServer {
  addService(
    methods: Readonly<Record<string, GrpcMethod>>,
    handlers: Readonly<Record<string, (call: UnaryCall<never>, callback: Callback<never>) => void>>,
  ): void;
  bindAsync(
    address: string,
    credentials: unknown,
    callback: (error: Error | null, port: number) => void,
  ): void;
  tryShutdown(callback: (error?: Error) => void): void;
  forceShutdown(): void;
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
