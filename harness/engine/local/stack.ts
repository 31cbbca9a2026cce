import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Operation, type OperationSettings } from "../core/operation";
import { type StackState } from "../core/resource-state";
import { EngineStack, withoutPendingCreates } from "../core/stack";
import { deleteTempFolder } from "../temp-folder";
import { type Config, type RunResult, type StackOptions } from "../types";
import { Cipher } from "./cipher";
import { StackConfig } from "./config";
import { Lock, LOCKED_MESSAGE } from "./lock";
import { ProcessHost } from "./process-host";
import { loadProject, loadSettings } from "./project";
import { StateFile } from "./state-file";

/** A stack whose state, config and lock are files in a folder of its own, outside the project. */
export class LocalStack extends EngineStack {
  readonly name: string;
  private readonly cipher: Cipher;
  private readonly stateFile: StateFile;
  private readonly lock: Lock;

  constructor(
    private readonly folder: string,
    private readonly options: StackOptions,
  ) {
    super();
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

  protected readState(): StackState {
    return this.stateFile.read();
  }

  protected async run(
    settings: OperationSettings,
    clearPendingCreates = false,
  ): Promise<RunResult> {
    if (this.lock.held) {
      return lockedResult();
    }
    if (settings.options.policyPack) {
      throw new Error("The local engine runs no policy packs; the Pulumi CLI does.");
    }
    const { stateFile } = this;
    const project = loadProject(this.options.workDir);
    if (!settings.preview) {
      this.lock.acquire();
    }
    let killed = false;
    try {
      if (clearPendingCreates) {
        stateFile.write(withoutPendingCreates(stateFile.read()));
      }
      const host = new ProcessHost(this.name, this.config().entries(), project, stateFile, {
        ...process.env,
        ...this.options.env,
        ...settings.options.env,
      });
      const operation = new Operation(host, settings, stateFile.read());
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

/** The key of the stack's secrets: stored next to the state, as a passphrase would be. */
function loadKey(folder: string): Buffer {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "key");
  if (!existsSync(path)) {
    writeFileSync(path, Cipher.newKey(), { mode: 0o600 });
  }
  return readFileSync(path);
}
