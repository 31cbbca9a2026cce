/**
 * One interface over two engines, so that an end-to-end scenario is written once and asserts the
 * same on both: the Pulumi CLI (`pulumi/`) and the local engine (`local/`).
 */

/** What an engine did, or in a preview would do, to one resource. The words are Pulumi's own. */
export type StepOp =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "discard"
  | "discard-replaced"
  | "refresh"
  | "import"
  | "import-replacement"
  | "remove-pending-replace";

export type DiffKind =
  "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

/** Debug messages, which no user sees unless they ask, are not collected. */
export type Severity = "info" | "warning" | "error";

/**
 * A step of a resource of the program. The stack itself is a step too (type `pulumi:pulumi:Stack`);
 * the default provider, which users never see, is not. After a `refresh` command, `op` is what
 * refreshing found: `same`, `update` (drift) or `delete` (gone). With `up({refresh: true})` those
 * steps keep the op `refresh`.
 */
export interface Step {
  op: StepOp;
  urn: string;
  name: string;
  type: string;
  /** The id after the step; before it, for a step that removes. Absent when there is none yet. */
  id?: string;
  /** What changed, by property path (`headers.Accept`, `list[0]`). Empty where nothing did. */
  diff: Record<string, DiffKind>;
  /**
   * The properties because of which the resource is replaced, as the provider or the engine names
   * them.
   */
  replaceKeys: string[];
  /** The provider answered this step with an error. */
  failed: boolean;
}

export interface Diagnostic {
  severity: Severity;
  /** Without a final line break. Lines that a provider prints arrive as `info`. */
  message: string;
  urn?: string;
}

export interface Output {
  /** In clear, whether secret as a whole or in part. */
  value: unknown;
  /** Whether it is secret as a whole. */
  secret: boolean;
}

export interface RunResult {
  /** False when the deployment failed; nothing is thrown for that. */
  ok: boolean;
  steps: Step[];
  diagnostics: Diagnostic[];
  /** The outputs of the stack, as the state holds them after the run; empty after a preview. */
  outputs: Record<string, Output>;
  /** Everything that a user would see. */
  text: string;
  /** How many resources saw which op, the stack included: `{create: 2, same: 1}`. */
  changes: Partial<Record<StepOp, number>>;
}

export interface RunOptions {
  /** URNs. Only these resources change. */
  target?: string[];
  /** URNs. These resources are replaced, whether or not they changed. */
  replace?: string[];
  /** Refresh before the program runs. */
  refresh?: boolean;
  /** Maximum number of parallel create, update, delete and read calls. Default: 4 × cores. */
  parallel?: number;
  /** On top of the stack's `env`, for this run. */
  env?: Record<string, string>;
  /** Aborting kills the engine, the program and the providers with SIGKILL, as a crash would. */
  signal?: AbortSignal;
  /**
   * Called after each write of the state. The CLI's are seen on disk, so that two at once may count
   * as one.
   */
  onStateWrite?: () => void;
  /** A folder with a policy pack, and its settings. Only the CLI runs them. */
  policyPack?: { folder: string; config: Record<string, unknown> };
  /** Default "never". */
  color?: "always" | "never";
  /** The result's outputs may be left out, for which the CLI would need another command. */
  withoutOutputs?: boolean;
}

export interface RefreshOptions extends RunOptions {
  /** Say what refreshing would find; store nothing. */
  previewOnly?: boolean;
  /** Run the program first, so that providers are configured from it and not from the state. */
  runProgram?: boolean;
  /** Forget creates that an interrupted deployment left open. */
  clearPendingCreates?: boolean;
}

export interface DestroyOptions extends RunOptions {
  /** Say what would be destroyed; destroy nothing. */
  previewOnly?: boolean;
  runProgram?: boolean;
}

export type ConfigValue = string | { secret: string };

/** Keys are `namespace:name`; a key without a colon belongs to the project. */
export type Config = Record<string, ConfigValue>;

/** In a state, a value that is stored encrypted, with what it decrypts to. */
export interface SecretMarker {
  secret: unknown;
}

/** A property of a state. Secrets are {@link SecretMarker}s in place. */
export type StateProperties = Record<string, unknown>;

export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  /** Absent for components. */
  id?: string;
  inputs: StateProperties;
  outputs: StateProperties;
  parent?: string;
  provider?: string;
  protect: boolean;
  /** True for a resource that was read with `get` and is not managed. */
  external: boolean;
  /** Replaced, and still to be deleted. */
  delete: boolean;
  /** Deleted, and still to be created again. */
  pendingReplacement: boolean;
  retainOnDelete: boolean;
  initErrors: string[];
  dependencies: string[];
}

export interface PendingOperation {
  urn: string;
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

export interface StateDeployment {
  resources: StateResource[];
  pendingOperations: PendingOperation[];
}

export interface Stack {
  readonly name: string;
  setConfig(config: Config): Promise<void>;
  removeConfig(keys: string[]): Promise<void>;
  preview(options?: RunOptions): Promise<RunResult>;
  up(options?: RunOptions): Promise<RunResult>;
  refresh(options?: RefreshOptions): Promise<RunResult>;
  destroy(options?: DestroyOptions): Promise<RunResult>;
  exportState(): Promise<StateDeployment>;
  /** The state as it lies on disk, secrets encrypted: to be scanned for leaks. */
  rawState(): Promise<string>;
  /** Clears the lock that a killed run has left. */
  cancel(): Promise<void>;
  /** Deletes the files of the stack. Connectors at the vendors stay. */
  remove(): Promise<void>;
}

export interface StackOptions {
  /** The folder that holds Pulumi.yaml. Nothing is written to it. */
  workDir: string;
  /** Default: `test`. */
  stackName?: string;
  config?: Config;
  /** On top of this process's environment, for the program and the providers. */
  env?: Record<string, string>;
}

export interface Engine {
  readonly name: "local" | "pulumi";
  stack(options: StackOptions): Promise<Stack>;
}
