import { type ChildProcess } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { credentials, type Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import * as statusRpc from "@pulumi/pulumi/proto/status_pb";
import { type Struct } from "google-protobuf/google/protobuf/struct_pb";

import { eachLine, interruptGroup, killGroup, startNode } from "../processes";
import { CHANNEL_OPTIONS } from "./grpc";
import { type Project } from "./project";
import {
  type Checked,
  type Found,
  InitializationError,
  type ProviderDiff,
  type ProviderInstance,
  type Subject,
} from "../core/provider";
import { markSecretsAgain } from "../core/secrecy";
import { type PropertyMap } from "../core/values";
import { type EncodeOptions } from "../core/wire";
import { type DiffKind } from "../types";
import { decodeStruct, encodeStruct } from "./struct";

const SECRETS = { secrets: true };
const PLAIN = { secrets: false };

/** How long a provider may take to end by itself; as long as with the CLI. */
const GRACE_MS = 5000;

export interface ProviderEnvironment {
  /** The executable of a native provider. Without one, the provider is that of dynamic resources. */
  plugin?: string;
  project: Project;
  env: Record<string, string | undefined>;
  engineAddress: () => string;
  /** A line that the provider printed. */
  onLine: (line: string) => void;
}

/** How long a provider's process may take to accept a connection, in milliseconds. */
const CONNECT_TIMEOUT = 30_000;

/** What a provider says of itself. */
interface Abilities {
  /**
   * False for a provider that runs on plain text: secrets are marked again in what it returns.
   */
  readonly secrets: boolean;
  readonly previews: boolean;
}

/**
 * A provider, unmodified, in a process of its own, which serves all resources of one provider
 * instance during one operation: `@pulumi/pulumi/cmd/dynamic-provider`, or a native one.
 */
export class ProviderProcess implements ProviderInstance {
  private child: ChildProcess | undefined;
  private output: Promise<unknown> = Promise.resolve();
  private readonly client: Promise<ResourceProviderClient>;
  private configured: Promise<Abilities> | undefined;

  constructor(private readonly environment: ProviderEnvironment) {
    this.client = this.spawn();
    this.client.catch(() => undefined);
  }

  configure(config: PropertyMap, urn: string): void {
    const request = new rpc.ConfigureRequest();
    request.setUrn(urn);
    request.setArgs(encodeStruct(config, SECRETS));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    this.configured = this.call<rpc.ConfigureResponse>("configure", request).then((response) => ({
      secrets: response.getAcceptsecrets(),
      previews: response.getSupportspreview(),
    }));
    this.configured.catch(() => undefined);
  }

  async servesPreviews(): Promise<boolean> {
    return (await this.abilities()).previews;
  }

  /** The provider of dynamic resources takes any config. */
  async checkConfig(urn: string, olds: PropertyMap, news: PropertyMap): Promise<Checked> {
    if (this.environment.plugin === undefined) {
      return { inputs: news, failures: [] };
    }
    const response = await this.call<rpc.CheckResponse>(
      "checkConfig",
      checkRequest(urn, olds, news, PLAIN),
    );
    return checked(response, receive(response.getInputs(), news, PLAIN));
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<Checked> {
    const { sent, received } = await this.wire();
    const response = await this.call<rpc.CheckResponse>(
      "check",
      checkRequest(urn, olds, news, sent),
    );
    return checked(response, received(response.getInputs(), news));
  }

  async diff(subject: Subject, news: PropertyMap, ignoreChanges: string[]): Promise<ProviderDiff> {
    const { sent } = await this.wire();
    const request = new rpc.DiffRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setOlds(encodeStruct(subject.outputs, sent));
    request.setOldInputs(encodeStruct(subject.inputs, sent));
    request.setNews(encodeStruct(news, sent));
    request.setIgnorechangesList(ignoreChanges);
    const response = await this.call<rpc.DiffResponse>("diff", request);
    return {
      changes: CHANGES[response.getChanges()],
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      ...(response.getHasdetaileddiff() && { detailed: detailedOf(response) }),
    };
  }

  /** @throws InitializationError when the resource exists all the same. */
  async create(
    urn: string,
    inputs: PropertyMap,
    preview = false,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const { sent, received } = await this.wire();
    const request = new rpc.CreateRequest();
    request.setUrn(urn);
    request.setProperties(encodeStruct(inputs, sent));
    request.setPreview(preview);
    const response = await this.call<rpc.CreateResponse>("create", request).catch(
      (error: unknown) => raise(error, (properties) => received(properties, inputs)),
    );
    return { id: response.getId(), outputs: received(response.getProperties(), inputs) };
  }

  /** @throws InitializationError when the update took effect in part. */
  async update(
    subject: Subject,
    news: PropertyMap,
    ignoreChanges: string[],
    preview = false,
  ): Promise<PropertyMap> {
    const { sent, received } = await this.wire();
    const request = new rpc.UpdateRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setOlds(encodeStruct(subject.outputs, sent));
    request.setOldInputs(encodeStruct(subject.inputs, sent));
    request.setNews(encodeStruct(news, sent));
    request.setIgnorechangesList(ignoreChanges);
    request.setPreview(preview);
    const response = await this.call<rpc.UpdateResponse>("update", request).catch(
      (error: unknown) => raise(error, (properties) => received(properties, news)),
    );
    return received(response.getProperties(), news);
  }

  async read(subject: Subject): Promise<Found> {
    const { sent } = await this.wire();
    const request = new rpc.ReadRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setProperties(encodeStruct(subject.outputs, sent));
    request.setInputs(encodeStruct(subject.inputs, sent));
    return this.found(request, subject);
  }

  /** Sends no properties, by which a provider knows an import. */
  import(urn: string, id: string): Promise<Found> {
    if (this.environment.plugin === undefined) {
      return Promise.reject(new Error("Dynamic resources cannot be imported."));
    }
    const request = new rpc.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    return this.found(request, { inputs: {}, outputs: {} });
  }

  async delete(subject: Subject): Promise<void> {
    const { sent } = await this.wire();
    const request = new rpc.DeleteRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setProperties(encodeStruct(subject.outputs, sent));
    request.setOldInputs(encodeStruct(subject.inputs, sent));
    await this.call("delete", request);
  }

  /**
   * Ends the process, which may still print something; resolves when all of its output has arrived.
   */
  async stop(): Promise<void> {
    await this.client.then(
      (client) => {
        client.close();
      },
      () => undefined,
    );
    if (this.child) {
      await interruptGroup(this.child, GRACE_MS);
    }
    await this.output;
  }

  kill(): void {
    if (this.child) {
      killGroup(this.child);
    }
  }

  private async found(
    request: rpc.ReadRequest,
    { inputs, outputs }: Pick<Subject, "inputs" | "outputs">,
  ): Promise<Found> {
    const { received } = await this.wire();
    const response = await this.call<rpc.ReadResponse>("read", request);
    return {
      id: response.getId(),
      outputs: received(response.getProperties(), outputs),
      inputs: response.hasInputs() ? received(response.getInputs(), inputs) : undefined,
    };
  }

  private abilities(): Promise<Abilities> {
    if (!this.configured) {
      throw new Error("The provider was called before it was configured.");
    }
    return this.configured;
  }

  /** How values go to the provider and come back, once it is configured. */
  private async wire(): Promise<{
    readonly sent: EncodeOptions;
    readonly received: (struct: Struct | undefined, sent: PropertyMap) => PropertyMap;
  }> {
    const { secrets } = await this.abilities();
    const sent = { secrets };
    return { sent, received: (struct, values) => receive(struct, values, sent) };
  }

  private async call<T>(method: Method, request: unknown): Promise<T> {
    const client = (await this.client) as unknown as Record<Method, UnaryCall<T>>;
    return new Promise<T>((resolve, reject) => {
      client[method](request, (error, response) => {
        if (error) {
          reject(error);
        } else {
          resolve(response);
        }
      });
    });
  }

  private spawn(): Promise<ResourceProviderClient> {
    const { plugin, project, env, engineAddress, onLine } = this.environment;
    const child = startNode(
      [
        `--require=${join(__dirname, "..", "large-details.js")}`,
        plugin ?? project.resolveModule("@pulumi/pulumi/cmd/dynamic-provider"),
        engineAddress(),
      ],
      {
        cwd: project.programFolder,
        env: { ...env, PULUMI_NODEJS_PROJECT: project.name, PULUMI_PROJECT: project.name },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.child = child;
    return new Promise((resolve, reject) => {
      let port: string | undefined;
      const onStdout = (line: string): void => {
        if (port !== undefined) {
          onLine(line);
        } else {
          port = line.trim();
          const client = new ResourceProviderClient(
            `127.0.0.1:${port}`,
            credentials.createInsecure(),
            CHANNEL_OPTIONS,
          );
          // A call fails at once if a busy machine delays the connection.
          client.waitForReady(Date.now() + CONNECT_TIMEOUT, (error) => {
            if (error) {
              reject(error);
            } else if (plugin === undefined) {
              resolve(client);
            } else {
              handshake(client, engineAddress()).then(() => resolve(client), reject);
            }
          });
        }
      };
      this.output = Promise.all([
        eachLine(child.stdout!, onStdout),
        eachLine(child.stderr!, onLine),
      ]);
      child.once("exit", () => {
        reject(new Error("The provider process ended before it could be used."));
      });
      child.once("error", reject);
    });
  }
}

type Method =
  | "handshake"
  | "checkConfig"
  | "configure"
  | "check"
  | "diff"
  | "create"
  | "update"
  | "read"
  | "delete";
type UnaryCall<T> = (
  request: unknown,
  callback: (error: ServiceError | null, response: T) => void,
) => void;

const CHANGES: Partial<Record<rpc.DiffResponse.DiffChanges, boolean>> = {
  [rpc.DiffResponse.DiffChanges.DIFF_SOME]: true,
  [rpc.DiffResponse.DiffChanges.DIFF_NONE]: false,
};

const KINDS: Record<rpc.PropertyDiff.Kind, DiffKind> = {
  [rpc.PropertyDiff.Kind.ADD]: "add",
  [rpc.PropertyDiff.Kind.ADD_REPLACE]: "add-replace",
  [rpc.PropertyDiff.Kind.DELETE]: "delete",
  [rpc.PropertyDiff.Kind.DELETE_REPLACE]: "delete-replace",
  [rpc.PropertyDiff.Kind.UPDATE]: "update",
  [rpc.PropertyDiff.Kind.UPDATE_REPLACE]: "update-replace",
};

function detailedOf(response: rpc.DiffResponse): Record<string, DiffKind> {
  const detailed: Record<string, DiffKind> = {};
  response.getDetaileddiffMap().forEach((diff, path) => {
    detailed[path] = KINDS[diff.getKind()];
  });
  return detailed;
}

/** Says what this engine can do, as the CLI does before anything else. */
function handshake(client: ResourceProviderClient, engineAddress: string): Promise<void> {
  const request = new rpc.ProviderHandshakeRequest();
  request.setEngineAddress(engineAddress);
  request.setConfigureWithUrn(true);
  return new Promise((resolve, reject) =>
    client.handshake(request, (error) => (error ? reject(error) : resolve())),
  );
}

/** @param sent the values that went to the provider. */
function receive(
  struct: Struct | undefined,
  sent: PropertyMap,
  { secrets }: EncodeOptions,
): PropertyMap {
  const values = decodeStruct(struct);
  if (!secrets) {
    markSecretsAgain(values, sent);
  }
  return values;
}

function checkRequest(
  urn: string,
  olds: PropertyMap,
  news: PropertyMap,
  options: EncodeOptions,
): rpc.CheckRequest {
  const request = new rpc.CheckRequest();
  request.setUrn(urn);
  request.setOlds(encodeStruct(olds, options));
  request.setNews(encodeStruct(news, options));
  return request;
}

function checked(response: rpc.CheckResponse, inputs: PropertyMap): Checked {
  const failures = response
    .getFailuresList()
    .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
  return { inputs, failures };
}

/**
 * Rethrows; an error that carries `ErrorResourceInitFailed` becomes an {@link InitializationError}.
 */
function raise(error: unknown, received: (properties: Struct | undefined) => PropertyMap): never {
  const packed = detailsOf(error);
  if (packed === undefined) {
    throw error;
  }
  const [detail] = statusRpc.Status.deserializeBinary(packed).getDetailsList();
  if (!detail) {
    throw error;
  }
  const failed = rpc.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  throw new InitializationError(
    failed.getId(),
    received(failed.getProperties()),
    failed.getReasonsList(),
  );
}

/** What a failure records, from its header or from a file (see `large-details.js`). */
function detailsOf(error: unknown): Uint8Array | undefined {
  const { metadata } = error as { metadata?: Metadata };
  const [file] = metadata?.get("details-file") ?? [];
  if (typeof file === "string") {
    const details = readFileSync(file);
    rmSync(file);
    return details;
  }
  const [packed] = metadata?.get("grpc-status-details-bin") ?? [];
  return packed instanceof Uint8Array ? packed : undefined;
}
