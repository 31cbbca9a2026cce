import { type ChildProcess } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { credentials, type Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import * as statusRpc from "@pulumi/pulumi/proto/status_pb";

import { eachLine, interruptGroup, killGroup, startNode } from "../processes";
import { CHANNEL_OPTIONS } from "./grpc";
import { type Project } from "./project";
import {
  type CheckFailure,
  InitializationError,
  type ProviderDiff,
  type ProviderInstance,
  type Subject,
} from "../core/provider";
import { markSecretsAgain } from "../core/secrecy";
import { type PropertyMap } from "../core/values";
import { decodeStruct, encodeStruct } from "./struct";

/** The provider runs on plain text; secrets are marked again in what it returns. */
const PLAIN = { secrets: false };
const SECRETS = { secrets: true };

/** How long a provider may take to end by itself; as long as with the CLI. */
const GRACE_MS = 5000;

export interface ProviderEnvironment {
  project: Project;
  env: Record<string, string | undefined>;
  engineAddress: () => string;
  /** A line that the provider printed. */
  onLine: (line: string) => void;
}

/** How long a provider's process may take to accept a connection, in milliseconds. */
const CONNECT_TIMEOUT = 30_000;

/**
 * `@pulumi/pulumi/cmd/dynamic-provider`, unmodified, in a process of its own: what serves all
 * dynamic resources of one provider instance during one operation.
 */
export class ProviderProcess implements ProviderInstance {
  private child: ChildProcess | undefined;
  private output: Promise<unknown> = Promise.resolve();
  private readonly client: Promise<ResourceProviderClient>;
  private configured: Promise<void> | undefined;

  constructor(private readonly environment: ProviderEnvironment) {
    this.client = this.spawn();
    this.client.catch(() => undefined);
  }

  configure(config: PropertyMap): void {
    const request = new rpc.ConfigureRequest();
    request.setArgs(encodeStruct(config, SECRETS));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    this.configured = this.call("configure", request).then(() => undefined);
    this.configured.catch(() => undefined);
  }

  async check(
    urn: string,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
    const request = new rpc.CheckRequest();
    request.setUrn(urn);
    request.setOlds(encodeStruct(olds, PLAIN));
    request.setNews(encodeStruct(news, PLAIN));
    const response = await this.ready<rpc.CheckResponse>("check", request);
    const failures = response
      .getFailuresList()
      .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    return { inputs: marked(decodeStruct(response.getInputs()), news), failures };
  }

  async diff(subject: Subject, news: PropertyMap, ignoreChanges: string[]): Promise<ProviderDiff> {
    const request = new rpc.DiffRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setOlds(encodeStruct(subject.outputs, PLAIN));
    request.setOldInputs(encodeStruct(subject.inputs, PLAIN));
    request.setNews(encodeStruct(news, PLAIN));
    request.setIgnorechangesList(ignoreChanges);
    const response = await this.ready<rpc.DiffResponse>("diff", request);
    return {
      changes: CHANGES[response.getChanges()],
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  /** @throws InitializationError when the resource exists all the same. */
  async create(urn: string, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }> {
    const request = new rpc.CreateRequest();
    request.setUrn(urn);
    request.setProperties(encodeStruct(inputs, PLAIN));
    const response = await this.ready<rpc.CreateResponse>("create", request).catch(
      (error: unknown) => raise(error, inputs),
    );
    return {
      id: response.getId(),
      outputs: marked(decodeStruct(response.getProperties()), inputs),
    };
  }

  /** @throws InitializationError when the update took effect in part. */
  async update(subject: Subject, news: PropertyMap, ignoreChanges: string[]): Promise<PropertyMap> {
    const request = new rpc.UpdateRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setOlds(encodeStruct(subject.outputs, PLAIN));
    request.setOldInputs(encodeStruct(subject.inputs, PLAIN));
    request.setNews(encodeStruct(news, PLAIN));
    request.setIgnorechangesList(ignoreChanges);
    const response = await this.ready<rpc.UpdateResponse>("update", request).catch(
      (error: unknown) => raise(error, news),
    );
    return marked(decodeStruct(response.getProperties()), news);
  }

  /** @returns an empty id for what is gone; `inputs` only if the provider returned any. */
  async read(
    subject: Subject,
  ): Promise<{ id: string; outputs: PropertyMap; inputs: PropertyMap | undefined }> {
    const request = new rpc.ReadRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setProperties(encodeStruct(subject.outputs, PLAIN));
    request.setInputs(encodeStruct(subject.inputs, PLAIN));
    const response = await this.ready<rpc.ReadResponse>("read", request);
    return {
      id: response.getId(),
      outputs: marked(decodeStruct(response.getProperties()), subject.outputs),
      inputs: response.hasInputs()
        ? marked(decodeStruct(response.getInputs()), subject.inputs)
        : undefined,
    };
  }

  async delete(subject: Subject): Promise<void> {
    const request = new rpc.DeleteRequest();
    request.setUrn(subject.urn);
    request.setId(subject.id);
    request.setProperties(encodeStruct(subject.outputs, PLAIN));
    request.setOldInputs(encodeStruct(subject.inputs, PLAIN));
    await this.ready("delete", request);
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

  private async ready<T>(method: Method, request: unknown): Promise<T> {
    if (!this.configured) {
      throw new Error("The provider was called before it was configured.");
    }
    await this.configured;
    return this.call<T>(method, request);
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
    const { project, env, engineAddress, onLine } = this.environment;
    const child = startNode(
      [
        `--require=${join(__dirname, "..", "large-details.js")}`,
        project.resolveModule("@pulumi/pulumi/cmd/dynamic-provider"),
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
            } else {
              resolve(client);
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

type Method = "configure" | "check" | "diff" | "create" | "update" | "read" | "delete";
type UnaryCall<T> = (
  request: unknown,
  callback: (error: ServiceError | null, response: T) => void,
) => void;

const CHANGES: Partial<Record<rpc.DiffResponse.DiffChanges, boolean>> = {
  [rpc.DiffResponse.DiffChanges.DIFF_SOME]: true,
  [rpc.DiffResponse.DiffChanges.DIFF_NONE]: false,
};

function marked(returned: PropertyMap, sent: PropertyMap): PropertyMap {
  markSecretsAgain(returned, sent);
  return returned;
}

/**
 * Rethrows; an error that carries `ErrorResourceInitFailed` becomes an {@link InitializationError}.
 */
function raise(error: unknown, sent: PropertyMap): never {
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
    marked(decodeStruct(failed.getProperties()), sent),
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
