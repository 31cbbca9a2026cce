/**
 * Deployments on the in-process engine, in which a resource that fails keeps no other from being
 * handled.
 */
import { type DynamicProvider } from "../../provider/pulumi/provider/runtime";
import { type StackConfig } from "../../provider/pulumi/provider/stack-settings";
import { type Sandbox } from "../../provider/sandbox";
import { provider as databar } from "../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../provider/vendors/supermetrics/runtime";
import { type Runtime } from "../../harness/in-process/provider";
import { type InProcessResult, InProcessStack } from "../../harness/in-process/stack";
import { stackConfig } from "../../harness/in-process/config";
import { without } from "../../provider/model/state";
import { PROVIDER_KEY } from "../../provider/pulumi/program/provider-text";
import { TEAM } from "../../harness/lifecycle-world";
import { DEADLINE } from "./fault-matrix";

export type Values = Record<string, unknown>;

export type Vendor = "databar" | "supermetrics";

/** One resource as the program writes it. */
export interface Resource {
  readonly vendor: Vendor;
  readonly args: Readonly<Values>;
}

export type Program = Readonly<Record<string, Resource>>;

/** A resource as the engine stores it, in clear and without the provider's text. */
export interface Stored {
  readonly vendor: Vendor;
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

export type Op = "create" | "update" | "replace" | "delete" | "same" | "drift" | "gone";

/** What a run did or would do, by resource, and what failed. */
export interface Run {
  readonly ops: Readonly<Record<string, Op>>;
  readonly failures: Readonly<Record<string, string>>;
}

/** The same, with the inputs of each resource before and after. */
export interface DetailedRun extends Run {
  readonly inputs: Readonly<Record<string, { before: Values; after: Values }>>;
}

/**
 * A stack: what it knows, and its runs. Each run is a deployment of its own, with providers of its
 * own.
 */
export class Stack {
  private readonly stack: InProcessStack;

  /**
   * @param watch sees each answer and each failure as it leaves the provider, secrets in their
   *   envelopes.
   */
  constructor(
    sandbox: Sandbox,
    settings: Readonly<Values> = {},
    watch: (answer: unknown) => void = () => undefined,
  ) {
    const own = { apiKey: "key-1", requestTimeoutSeconds: DEADLINE / 1000, ...settings };
    this.stack = new InProcessStack({
      runtimes: { databar: watched(databar, watch), supermetrics: watched(supermetrics, watch) },
      config: {
        ...stackConfig("databar", { baseUrl: sandbox.databar.url, ...own }),
        ...stackConfig("supermetrics", { baseUrl: sandbox.supermetrics.url, teamId: TEAM, ...own }),
      },
      continueOnError: true,
      onAnswer: watch,
    });
  }

  get state(): ReadonlyMap<string, Stored> {
    return new Map(
      Object.entries(this.stack.resources).map(([name, { id, type, inputs, outputs }]) => [
        name,
        {
          vendor: type.includes("/databar:") ? "databar" : "supermetrics",
          id,
          inputs: withoutText(inputs),
          outputs: withoutText(outputs),
        },
      ]),
    );
  }

  /** Ids in the state, by vendor. */
  ids(vendor: Vendor): string[] {
    return [...this.state.values()]
      .filter((stored) => stored.vendor === vendor)
      .map(({ id }) => id)
      .sort();
  }

  async preview(program: Program): Promise<Run> {
    return withoutInputs(await this.detailed("preview", program));
  }

  async up(program: Program): Promise<Run> {
    return withoutInputs(await this.detailed("up", program));
  }

  async destroy(): Promise<Run> {
    return withoutInputs(runOf(await this.stack.destroy()));
  }

  /** Takes what the vendors hold into the state. */
  async refresh(): Promise<DetailedRun> {
    const { ops, failures, inputs } = runOf(await this.stack.refresh());
    const read = Object.keys(ops).filter((name) => !(name in failures));
    return {
      ops: Object.fromEntries(read.map((name) => [name, FOUND[ops[name]!] ?? ops[name]!])),
      failures,
      inputs: Object.fromEntries(read.map((name) => [name, inputs[name]!])),
    };
  }

  async detailed(act: "preview" | "up", program: Program): Promise<DetailedRun> {
    return runOf(await this.stack.program(program)[act]());
  }
}

/** What a refresh finds, in words of its own. */
const FOUND: Partial<Record<Op, Op>> = { update: "drift", delete: "gone" };

/** The steps that make up a replacement. */
const PARTS = new Set(["create-replacement", "delete-replaced"]);

function runOf({ ok, steps, failures, inputs, text }: InProcessResult): DetailedRun {
  if (ok !== (Object.keys(failures).length === 0)) {
    throw new Error(`The engine itself failed:\n${text}`);
  }
  const own = steps.filter(({ name, op }) => name in inputs && !PARTS.has(op));
  return {
    ops: Object.fromEntries(own.map(({ name, op }) => [name, op as Op])),
    failures: Object.fromEntries(
      Object.entries(failures).map(([name, { message }]) => [name, message]),
    ),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { before = {}, after = {} }]) => [
        name,
        { before: withoutText(before), after: withoutText(after) },
      ]),
    ),
  };
}

function withoutInputs({ ops, failures }: DetailedRun): Run {
  return { ops, failures };
}

function withoutText(values: Readonly<Values>): Values {
  return without(values, PROVIDER_KEY);
}

function watched(runtime: Runtime, watch: (answer: unknown) => void): Runtime {
  const seen = (error: unknown): never => {
    watch(error);
    throw error;
  };
  const shown = (answer: unknown): unknown => (watch(answer), answer);
  return (config: StackConfig) => {
    const calls = Object.entries(runtime(config)) as [
      string,
      (...args: readonly unknown[]) => Promise<unknown>,
    ][];
    return Object.fromEntries(
      calls.map(([verb, call]) => [
        verb,
        (...args: readonly unknown[]) => call(...args).then(shown, seen),
      ]),
    ) as unknown as DynamicProvider;
  };
}
