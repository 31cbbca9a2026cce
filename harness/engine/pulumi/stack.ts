import { existsSync, type FSWatcher, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  type ConfigMap,
  type LocalWorkspace,
  type Stack as AutomationStack,
} from "@pulumi/pulumi/automation";

import { isSecretMarker } from "../secret-marker";
import { deleteTempFolder } from "../temp-folder";
import {
  type Config,
  type DestroyOptions,
  type Output,
  type RefreshOptions,
  type RunOptions,
  type RunResult,
  type Stack,
  type StateDeployment,
} from "../types";
import { EventCollector, type RefreshCommand } from "./events";
import { describeDeployment, type ExportedDeployment } from "./state";

export interface PulumiStackParts {
  /** The stack, as seen from the project's own folder: where programs run. */
  program: AutomationStack;
  /** Where the environment of the program's runs is set. */
  workspace: LocalWorkspace;
  /**
   * The same stack, in a folder with a copy of Pulumi.yaml, where the CLI may keep its config file.
   */
  settings: AutomationStack;
  /** Everything that the CLI writes is below this folder. */
  folder: string;
  projectName: string;
  configFile: string;
}

/** A stack of the CLI with a file backend. */
export class PulumiStack implements Stack {
  readonly name: string;
  private readonly baseEnv: Record<string, string>;

  constructor(private readonly parts: PulumiStackParts) {
    this.name = parts.program.name;
    this.baseEnv = { ...parts.workspace.envVars };
    // What the API asks the CLI for after every command is asked for here only where it is needed,
    // at half a second each.
    Object.assign(parts.program, {
      outputs: () => Promise.resolve({}),
      info: () => Promise.resolve(undefined),
    });
  }

  async setConfig(config: Config): Promise<void> {
    const map: ConfigMap = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? { value } : { value: value.secret, secret: true },
      ]),
    );
    await this.parts.settings.setAllConfig(map);
  }

  async removeConfig(keys: string[]): Promise<void> {
    await this.parts.settings.removeAllConfig(keys);
  }

  preview(options: RunOptions = {}): Promise<RunResult> {
    return this.run(options, NO_REFRESH, false, (shared) =>
      this.parts.program.preview({
        ...shared,
        ...this.policyOptions(options),
        refresh: options.refresh,
        replace: options.replace,
      }),
    );
  }

  up(options: RunOptions = {}): Promise<RunResult> {
    return this.run(options, NO_REFRESH, true, (shared) =>
      this.parts.program.up({
        ...shared,
        ...this.policyOptions(options),
        refresh: options.refresh,
        replace: options.replace,
      }),
    );
  }

  refresh(options: RefreshOptions = {}): Promise<RunResult> {
    const { program } = this.parts;
    const own = {
      runProgram: options.runProgram,
      clearPendingCreates: options.clearPendingCreates,
    };
    return this.run(
      options,
      { isRefresh: true, withProgram: options.runProgram ?? false },
      !options.previewOnly,
      (shared) =>
        options.previewOnly
          ? program.previewRefresh({ ...shared, ...own })
          : program.refresh({ ...shared, ...own }),
    );
  }

  destroy(options: DestroyOptions = {}): Promise<RunResult> {
    const { program } = this.parts;
    const own = { runProgram: options.runProgram, refresh: options.refresh };
    return this.run(options, NO_REFRESH, !options.previewOnly, (shared) =>
      options.previewOnly
        ? program.previewDestroy({ ...shared, ...own })
        : program.destroy({ ...shared, ...own }),
    );
  }

  async exportState(): Promise<StateDeployment> {
    const { deployment } = await this.parts.settings.exportStack();
    return describeDeployment(deployment as ExportedDeployment);
  }

  rawState(): Promise<string> {
    const path = join(this.stateFolder, `${this.name}.json`);
    return Promise.resolve(existsSync(path) ? readFileSync(path, "utf8") : "");
  }

  private get stateFolder(): string {
    return join(this.parts.folder, "backend", ".pulumi", "stacks", this.parts.projectName);
  }

  /** Watches the state on disk; the CLI says nothing of its writes. */
  private watchState(onWrite: () => void): FSWatcher {
    mkdirSync(this.stateFolder, { recursive: true });
    return watch(this.stateFolder, (_, file) => {
      if (file === `${this.name}.json`) {
        onWrite();
      }
    });
  }

  async cancel(): Promise<void> {
    await this.parts.settings.cancel();
  }

  remove(): Promise<void> {
    deleteTempFolder(this.parts.folder);
    return Promise.resolve();
  }

  private async run(
    options: RunOptions,
    refresh: RefreshCommand,
    storing: boolean,
    command: (shared: SharedOptions) => Promise<unknown>,
  ): Promise<RunResult> {
    const collector = new EventCollector(refresh);
    const printed: string[] = [];
    const print = (text: string): void => {
      printed.push(text);
    };
    this.useEnv(options.env);
    const watcher = options.onStateWrite && this.watchState(options.onStateWrite);
    const ok = await command({
      diff: true,
      color: options.color ?? "never",
      configFile: this.parts.configFile,
      target: options.target,
      parallel: options.parallel,
      signal: options.signal,
      suppressProgress: true,
      onOutput: print,
      onError: print,
      onEvent: (event) => {
        collector.add(event);
      },
    }).then(
      () => true,
      (error: unknown) => {
        if (printed.length === 0) {
          throw error;
        }
        return false;
      },
    );
    watcher?.close();
    const { steps, diagnostics, changes } = collector;
    const outputs =
      storing && !options.withoutOutputs && !options.signal?.aborted
        ? outputsOf(await this.exportState())
        : {};
    return { ok, steps, diagnostics, outputs, text: printed.join(""), changes };
  }

  private policyOptions({ policyPack }: RunOptions): object {
    if (policyPack === undefined) {
      return {};
    }
    const config = join(this.parts.folder, "policy-config.json");
    writeFileSync(config, JSON.stringify(policyPack.config));
    return { policyPacks: [policyPack.folder], policyPackConfigs: [config] };
  }

  private useEnv(env: Record<string, string> | undefined): void {
    this.parts.workspace.envVars = { ...this.baseEnv, ...env };
  }
}

const NO_REFRESH: RefreshCommand = { isRefresh: false, withProgram: false };

function outputsOf({ resources }: StateDeployment): Record<string, Output> {
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return Object.fromEntries(
    Object.entries(stack?.outputs ?? {}).map(([key, value]) => [
      key,
      { value: inClear(value), secret: isSecretMarker(value) },
    ]),
  );
}

function inClear(value: unknown): unknown {
  if (isSecretMarker(value)) {
    return value.secret;
  }
  if (Array.isArray(value)) {
    return value.map(inClear);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, inClear(child)]));
}

type UpOptions = NonNullable<Parameters<AutomationStack["up"]>[0]>;
type SharedOptions = Pick<
  UpOptions,
  | "diff"
  | "color"
  | "configFile"
  | "target"
  | "parallel"
  | "signal"
  | "suppressProgress"
  | "onOutput"
  | "onError"
  | "onEvent"
>;
