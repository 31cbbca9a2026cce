import type * as pulumi from "@pulumi/pulumi";
import { type Notifier } from "../observe";
import { type JsonObject } from "../json";
import { without } from "../model/state";
import { inEnvelope, isEnvelope, openEnvelopes } from "../pulumi/provider/envelopes";
import { PROVIDER_KEY } from "../pulumi/program/provider-text";
import { createRuntime, type DynamicProvider } from "../pulumi/provider/runtime";
import { type StackConfig } from "../pulumi/provider/stack-settings";
import { VENDORS } from "../vendors/index";
import { type SandboxFailure } from "./deployment-error";

type Mocks = pulumi.runtime.Mocks;
type Registration = Omit<pulumi.runtime.MockResourceArgs, "inputs"> & {
  readonly inputs: JsonObject;
};
type Registered = Awaited<ReturnType<Mocks["newResource"]>>;

/** A deployed resource of the program. */
export interface SandboxResource {
  /** Its Pulumi type, for example `pulumi-nodejs:dynamic/databar:DatabarConnector`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** Its Pulumi id; empty for a component. */
  readonly id: string;
  /**
   * The inputs from the program, with secrets in plain text; empty for a connector that was read
   * with `get`.
   */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** After this many ms without activity, a program with a failed resource is considered finished. */
const IDLE_MS = 25;

/**
 * Takes the place of the engine between a program and the provider: checks and creates, or reads,
 * each connector with the provider's own verbs. As with the engine, a failed registration never
 * completes, so its dependents keep waiting.
 */
export class Registrar implements Mocks {
  readonly resources: SandboxResource[] = [];
  readonly failures: SandboxFailure[] = [];
  warnings: readonly string[] = [];
  /** Resolves when a registration has failed and all independent work has finished. */
  readonly stopped: Promise<void>;
  private stop: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;
  private active = 0;
  private readonly runtimes: Readonly<Record<string, (config: StackConfig) => DynamicProvider>>;
  private readonly explicit = new Map<string, StackConfig>();
  private readonly fallback: StackConfig;

  /**
   * @param config the stack configuration, by full key.
   * @param fixed settings that explicit providers cannot override.
   * @param others mocks for resources and functions of other packages.
   */
  constructor(
    config: Readonly<Record<string, unknown>>,
    private readonly fixed: Readonly<Record<string, unknown>>,
    private readonly others: Partial<Mocks>,
  ) {
    const notifier: Notifier = {
      warn: (message) => void (this.warnings = [...new Set([...this.warnings, message])]),
      info: () => undefined,
      progress: () => undefined,
      flush: () => Promise.resolve(),
    };
    this.runtimes = Object.fromEntries(
      Object.entries(VENDORS).map(([name, { runtime }]) => [
        name,
        createRuntime(runtime(), notifier),
      ]),
    );
    this.fallback = this.settings(config);
    this.stopped = new Promise((resolve) => (this.stop = resolve));
  }

  /** Stops the idle timer. */
  close(): void {
    clearTimeout(this.timer);
  }

  newResource(registration: Registration): Promise<Registered> {
    const { type, name, inputs, id = "" } = registration;
    const resource = {
      type,
      name,
      id: "",
      inputs: id === "" ? plainOf(without(inputs, PROVIDER_KEY)) : {},
    };
    this.resources.push(resource);
    return this.record({ type, name }, async () => {
      const registered = await this.register(registration);
      resource.id = registered.id ?? "";
      return registered;
    });
  }

  call(call: pulumi.runtime.MockCallArgs): Promise<pulumi.runtime.MockCallResult> {
    return this.record({ type: "function", name: call.token }, async () => {
      if (!this.others.call) {
        throw new Error(
          "The program calls a function of another package. Mock it with the option mocks: { call } of deployToSandbox.",
        );
      }
      return this.others.call({ ...call, inputs: openEnvelopes(call.inputs) });
    });
  }

  /** Records a failure; its promise never settles. */
  private async record<T>(
    what: Pick<SandboxFailure, "type" | "name">,
    work: () => Promise<T>,
  ): Promise<T> {
    this.active += 1;
    clearTimeout(this.timer);
    const outcome = await Promise.allSettled([work()]).then(([settled]) => settled);
    this.active -= 1;
    if (outcome.status === "rejected") {
      this.failures.push({
        ...what,
        message: outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason),
      });
    }
    this.startIdleTimer();
    return outcome.status === "fulfilled" ? outcome.value : new Promise<never>(() => undefined);
  }

  private startIdleTimer(): void {
    if (this.failures.length > 0 && this.active === 0) {
      this.timer = setTimeout(this.stop, IDLE_MS);
    }
  }

  private async register(registration: Registration): Promise<Registered> {
    const { type, name, inputs, custom } = registration;
    if (custom === false) {
      return { id: undefined, state: {} };
    }
    if (type === "pulumi:providers:pulumi-nodejs") {
      return this.configure(name, inputs);
    }
    const vendor = /^pulumi-nodejs:dynamic\/(\w+):/.exec(type)?.[1] ?? "";
    const runtime = this.runtimes[vendor];
    if (runtime) {
      return deploy(runtime(this.configOf(registration)), registration);
    }
    return (
      (await this.others.newResource?.({ ...registration, inputs: plainOf(inputs) })) ?? {
        id: `${name}-id`,
        state: inputs,
      }
    );
  }

  private configure(name: string, inputs: JsonObject): Registered {
    const id = `${name}-${this.explicit.size + 1}`;
    this.explicit.set(id, this.settings(plainOf(inputs)));
    return { id, state: inputs };
  }

  /** The reference to an explicit provider ends with its id. */
  private configOf({ provider = "" }: Registration): StackConfig {
    return this.explicit.get(provider.split("::").at(-1) ?? "") ?? this.fallback;
  }

  private settings(config: Readonly<Record<string, unknown>>): StackConfig {
    return { get: (key) => this.fixed[key] ?? config[key] };
  }
}

async function deploy(
  provider: DynamicProvider,
  { inputs, id = "" }: Registration,
): Promise<Registered> {
  const plain = plainOf(inputs);
  if (id !== "") {
    const read = await provider.read(id, plain);
    return { id: read.id, state: read.props };
  }
  const checked = await provider.check({}, plain);
  if (checked.failures.length > 0) {
    throw new Error(checked.failures.map(({ reason }) => reason).join("\n"));
  }
  const created = await provider.create(plainOf(checked.inputs));
  return { id: created.id, state: withSecrets(created.outs, inputs) };
}

function plainOf(values: JsonObject): JsonObject {
  return openEnvelopes(values) as JsonObject;
}

/**
 * Like the engine, makes outputs secret whose inputs are. Pulumi's mocks support this for whole
 * properties only.
 */
function withSecrets(outs: JsonObject, written: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(outs).map(([key, value]) => [
      key,
      isEnvelope(written[key]) ? inEnvelope(value) : value,
    ]),
  );
}
