import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { deleteTempFolder } from "../temp-folder";
import {
  type Config,
  type DestroyOptions,
  type RefreshOptions,
  type RunOptions,
  type RunResult,
  type Stack,
  type StackOptions,
  type StateDeployment,
  type StateResource,
} from "../types";
import { Cipher } from "./cipher";
import { StackConfig } from "./config";
import { Lock, LOCKED_MESSAGE } from "./lock";
import { Operation, type OperationSettings } from "./operation";
import { markedText } from "./plain";
import { loadProject, loadSettings } from "./project";
import { type ResourceState } from "./resource-state";
import { StateFile } from "./state-file";

/** A stack whose state, config and lock are files in a folder of its own, outside the project. */
export class LocalStack implements Stack {
  readonly name: string;
  private readonly cipher: Cipher;
  private readonly stateFile: StateFile;
  private readonly lock: Lock;

  constructor(
    private readonly folder: string,
    private readonly options: StackOptions,
  ) {
    this.name = options.stackName ?? "test";
    this.cipher = new Cipher(loadKey(folder));
    this.stateFile = new StateFile(folder, this.cipher);
    this.lock = new Lock(folder);
    if (options.config) {
      this.config().set(options.config);
    }
  }

  setConfig(config: Config): Promise<void> {
    this.config().set(config);
    return Promise.resolve();
  }

  removeConfig(keys: string[]): Promise<void> {
    this.config().remove(keys);
    return Promise.resolve();
  }

  preview(options: RunOptions = {}): Promise<RunResult> {
    return this.run({
      title: "Previewing update",
      mode: "update",
      preview: true,
      runProgram: true,
      refresh: options.refresh ?? false,
      options,
    });
  }

  up(options: RunOptions = {}): Promise<RunResult> {
    return this.run({
      title: "Updating",
      mode: "update",
      preview: false,
      runProgram: true,
      refresh: options.refresh ?? false,
      options,
    });
  }

  refresh(options: RefreshOptions = {}): Promise<RunResult> {
    const preview = options.previewOnly ?? false;
    const runProgram = options.runProgram ?? false;
    const title = preview ? "Previewing refresh" : "Refreshing";
    return this.run(
      { title, mode: "refresh", preview, runProgram, refresh: !runProgram, options },
      options.clearPendingCreates,
    );
  }

  destroy(options: DestroyOptions = {}): Promise<RunResult> {
    const preview = options.previewOnly ?? false;
    const title = preview ? "Previewing destroy" : "Destroying";
    return this.run({
      title,
      mode: "destroy",
      preview,
      runProgram: options.runProgram ?? false,
      refresh: options.refresh ?? false,
      options,
    });
  }

  exportState(): Promise<StateDeployment> {
    const { resources, operations } = this.stateFile.read();
    return Promise.resolve({
      resources: resources.map(describeResource),
      pendingOperations: operations.map(({ resource, type }) => ({ urn: resource.urn, type })),
    });
  }

  rawState(): Promise<string> {
    return Promise.resolve(this.stateFile.raw());
  }

  cancel(): Promise<void> {
    this.lock.release();
    return Promise.resolve();
  }

  remove(): Promise<void> {
    deleteTempFolder(this.folder);
    return Promise.resolve();
  }

  private async run(settings: OperationSettings, clearPendingCreates = false): Promise<RunResult> {
    if (this.lock.held) {
      return lockedResult();
    }
    const { stateFile } = this;
    const project = loadProject(this.options.workDir);
    if (!settings.preview) {
      this.lock.acquire();
    }
    let killed = false;
    try {
      if (clearPendingCreates) {
        this.clearPendingCreates();
      }
      const context = {
        stack: this.name,
        project,
        config: this.config(),
        stateFile,
        env: this.options.env ?? {},
      };
      const operation = new Operation(context, settings, stateFile.read());
      const result = await operation.run();
      killed = operation.wasKilled;
      return result;
    } finally {
      if (!killed && !settings.preview) {
        this.lock.release();
      }
    }
  }

  /** Read anew each time, because Pulumi.yaml may change between runs. */
  private config(): StackConfig {
    const { name, config } = loadSettings(this.options.workDir);
    return new StackConfig(this.folder, name, config, this.cipher);
  }

  private clearPendingCreates(): void {
    const state = this.stateFile.read();
    this.stateFile.write({
      ...state,
      operations: state.operations.filter(({ type }) => type !== "creating"),
    });
  }
}

function lockedResult(): RunResult {
  const diagnostic = { severity: "error" as const, message: LOCKED_MESSAGE };
  return {
    ok: false,
    steps: [],
    diagnostics: [diagnostic],
    outputs: {},
    text: `error: ${LOCKED_MESSAGE}\n`,
    changes: {},
  };
}

/** The key is the stack's passphrase, so to speak: beside the state, but no part of it. */
function loadKey(folder: string): Buffer {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "key");
  if (!existsSync(path)) {
    writeFileSync(path, Cipher.newKey(), { mode: 0o600 });
  }
  return readFileSync(path);
}

function describeResource(resource: ResourceState): StateResource {
  const {
    urn,
    type,
    custom,
    id,
    parent,
    provider,
    protect,
    external,
    pendingReplacement,
    retainOnDelete,
    initErrors,
    dependencies,
  } = resource;
  return {
    urn,
    type,
    custom,
    ...(id ? { id } : {}),
    inputs: markedText(resource.inputs) as Record<string, unknown>,
    outputs: markedText(resource.outputs) as Record<string, unknown>,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    protect,
    external,
    delete: resource.delete,
    pendingReplacement,
    retainOnDelete,
    initErrors,
    dependencies,
  };
}
