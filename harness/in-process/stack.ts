import { closeSharedHttpClients } from "../../provider/http";
import { PROVIDER_KEY, providerText } from "../../provider/pulumi/program/provider-text";
import { type ConfigEntry, providerInputs } from "../engine/core/config";
import { stateFromGoal } from "../engine/core/goal";
import { type Host, type ProgramEnd } from "../engine/core/host";
import { Operation, type OperationSettings } from "../engine/core/operation";
import { plainText } from "../engine/core/plain";
import { type ProviderInstance } from "../engine/core/provider";
import { type ResourceState, type StackState } from "../engine/core/resource-state";
import { type Session } from "../engine/core/session";
import { EngineStack, withoutPendingCreates } from "../engine/core/stack";
import { decodeState, encodeState } from "../engine/core/state-json";
import { formatReference, isProviderType, makeUrn, STACK_TYPE, urnName } from "../engine/core/urn";
import { type PropertyMap } from "../engine/core/values";
import { decodeMap } from "../engine/core/wire";
import { Cipher } from "../engine/local/cipher";
import { type Config, type RunResult } from "../engine/types";
import { goalOf, type Program, ProgramRun, PROVIDER_TYPE, resourceType } from "./program";
import { InProcessNative } from "./native-provider";
import { InProcessProvider, type ProviderHooks, type Runtime } from "./provider";
import { type Values } from "./wire";

export interface InProcessOptions {
  /** By vendor, what its runtime module exports as `provider`. */
  readonly runtimes: Readonly<Record<string, Runtime>>;
  /** Sees each answer and each failure of the native face, secrets in their envelopes. */
  readonly onAnswer?: (answer: unknown) => void;
  readonly config?: Config;
  readonly stackName?: string;
  readonly project?: string;
  /** As `pulumi up --continue-on-error`, with all resources in parallel. Default: false. */
  readonly continueOnError?: boolean;
}

export interface InProcessResult extends RunResult {
  /** What the verbs threw, or check refused, by resource, as it left the provider. */
  readonly failures: Readonly<Record<string, Error>>;
  /** The inputs before and after, in clear, of each resource that a step was planned for. */
  readonly inputs: Readonly<Record<string, { readonly before?: Values; readonly after?: Values }>>;
}

/** A resource in a state, in clear. */
export interface StoredResource {
  readonly id: string;
  readonly type: string;
  readonly inputs: Values;
  readonly outputs: Values;
  readonly initErrors?: readonly string[];
}

/** The environment variable that puts native providers in place of the dynamic one: `native`. */
export const FACE = "CONNECTORS_FACE";

const PROJECT = "project";

/** States move between stacks of one process. */
const CIPHER = new Cipher(Cipher.newKey());

/**
 * A stack of the local engine's rules without its processes: the verbs are called in this process,
 * and the state is kept in memory, as the text that a file would hold.
 */
export class InProcessStack extends EngineStack<InProcessResult> {
  readonly name: string;
  private readonly config: Map<string, ConfigEntry>;
  private declared: Program = {};
  private text = "";

  constructor(private readonly options: InProcessOptions) {
    super();
    this.name = options.stackName ?? "test";
    this.config = new Map();
    void this.setConfig(options.config ?? {});
  }

  /** Replaces the program, as a user edits it. */
  program(program: Program): this {
    this.declared = program;
    return this;
  }

  /** The resources of the state by name; the stack itself and providers are left out. */
  get resources(): Record<string, StoredResource> {
    const shown = this.readState().resources.filter(isShown);
    return Object.fromEntries(
      shown.map(({ urn, id, type, inputs, outputs, initErrors }) => [
        urnName(urn),
        { id, type, inputs: inClear(inputs), outputs: inClear(outputs), initErrors },
      ]),
    );
  }

  setConfig(config: Config): Promise<void> {
    for (const [key, value] of Object.entries(config)) {
      this.config.set(
        key,
        typeof value === "string"
          ? { value, secret: false }
          : { value: value.secret, secret: true },
      );
    }
    return Promise.resolve();
  }

  removeConfig(keys: string[]): Promise<void> {
    keys.forEach((key) => this.config.delete(key));
    return Promise.resolve();
  }

  rawState(): Promise<string> {
    return Promise.resolve(this.text);
  }

  /**
   * Replaces the state by one that a stack of this process exported with `rawState`, or by a
   * changed one.
   */
  importState(state: string | ((state: StackState) => StackState)): void {
    this.text = typeof state === "string" ? state : encodeState(state(this.readState()), CIPHER);
  }

  /** Adds a resource to the state, as another version left it. Values are in clear. */
  seed(name: string, vendor: string, { id, inputs, outputs }: Omit<StoredResource, "type">): void {
    const urnOf = (type: string, called: string): string =>
      makeUrn(this.name, this.options.project ?? PROJECT, undefined, type, called);
    const text = { [PROVIDER_KEY]: providerText(vendor) };
    const settings = providerInputs(this.config);
    const providerGoal = goalOf("default", PROVIDER_TYPE, {});
    const provider: ResourceState = {
      ...stateFromGoal(providerGoal, urnOf(PROVIDER_TYPE, "default")),
      id: "default",
      inputs: settings,
      outputs: settings,
    };
    const goal = goalOf(name, resourceType(vendor), { ...inputs, ...text });
    const resource: ResourceState = {
      ...stateFromGoal(goal, urnOf(goal.type, name)),
      id,
      outputs: decodeMap({ ...outputs, ...text }),
      provider: formatReference(provider),
    };
    this.importState((state) => ({
      ...state,
      resources: [...state.resources, provider, resource],
    }));
  }

  /** Does nothing: an in-process stack has no lock. */
  cancel(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<void> {
    this.text = "";
    return Promise.resolve();
  }

  protected readState(): StackState {
    return decodeState(this.text, CIPHER);
  }

  protected async run(
    settings: OperationSettings,
    clearPendingCreates = false,
  ): Promise<InProcessResult> {
    const { continueOnError = false } = this.options;
    if (clearPendingCreates) {
      this.importState(withoutPendingCreates);
    }
    const failures: Record<string, Error> = {};
    const host = this.host((urn, error) => {
      failures[urnName(urn)] = error instanceof Error ? error : new Error(String(error));
    });
    const options = continueOnError
      ? { parallel: Number.POSITIVE_INFINITY, ...settings.options }
      : settings.options;
    const operation = new Operation(
      host,
      { ...settings, continueOnError, options },
      this.readState(),
    );
    const result = await withProcesses(() => operation.run());
    const steps = operation.steps.filter(({ planned }) => isShown((planned.new ?? planned.old)!));
    const inputs = steps.map(({ planned, old, new: found, inputs: wanted }) => {
      const after = planned.op === "refresh" ? found?.inputs : wanted;
      return [
        urnName(planned.urn),
        { before: old && inClear(old.inputs), after: after && inClear(after) },
      ];
    });
    return { ...result, failures, inputs: Object.fromEntries(inputs.reverse()) };
  }

  private host(onFailure: ProviderHooks["onFailure"]): Host {
    const { name: stack, config, declared } = this;
    const { project = PROJECT, runtimes, onAnswer = () => undefined } = this.options;
    const byText = new Map(
      Object.entries(runtimes).map(([vendor, runtime]) => [providerText(vendor), runtime]),
    );
    const runtimeOf = (text: string): Runtime => {
      const runtime = byText.get(text);
      if (!runtime) {
        throw new Error(`No runtime is known for the text ${text}`);
      }
      return runtime;
    };
    let session: Session;
    return {
      stack,
      project,
      config,
      write: (state) => this.importState(() => state),
      newProvider: (): ProviderInstance =>
        process.env[FACE] === "native"
          ? new InProcessNative({ onFailure, onAnswer })
          : new InProcessProvider({ runtimeOf, onFailure }),
      open: (opened) => {
        session = opened;
        return Promise.resolve();
      },
      runProgram: () => runProgram(session, declared, { stack, project }),
      cancelProgram: () => undefined,
      // The verbs' code goes on in this process; it reaches nothing any more.
      kill: () => void closeSharedHttpClients(),
      close: () => undefined,
    };
  }
}

let running = 0;

/** Runs an operation; the provider processes end with it, and what they know of rate limits. */
async function withProcesses<T>(operation: () => Promise<T>): Promise<T> {
  running += 1;
  try {
    return await operation();
  } finally {
    running -= 1;
    if (running === 0) {
      await closeSharedHttpClients();
    }
  }
}

async function runProgram(
  session: Session,
  program: Program,
  names: { stack: string; project: string },
): Promise<ProgramEnd> {
  try {
    await new ProgramRun(session, names).run(program);
  } catch (error) {
    return { failed: true, message: error instanceof Error ? error.message : String(error) };
  }
  await session.complete();
  return { failed: false };
}

function isShown({ type }: ResourceState): boolean {
  return type !== STACK_TYPE && !isProviderType(type);
}

function inClear(map: PropertyMap): Values {
  return plainText(map) as Values;
}
