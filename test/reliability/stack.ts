/**
 * Runs deployments like the engine, but in this process: check, diff, steps, state, through the same boundary, so that
 * thousands of cases take seconds. End-to-end tests cover the engine itself; here it is only the caller.
 */
import { isDeepStrictEqual } from "node:util";
import { type DynamicProvider } from "../../provider/pulumi/provider/runtime";
import { type Sandbox } from "../../provider/sandbox";
import { provider as databar } from "../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../provider/vendors/supermetrics/runtime";
import { configOf, plain } from "../../harness/engine-side";
import { TEAM } from "../../harness/worlds";
import { DEADLINE } from "./fault-matrix";

export type Values = Record<string, unknown>;

export type Vendor = "databar" | "supermetrics";

/** A resource as declared by the program. */
export interface Resource {
  readonly vendor: Vendor;
  readonly args: Readonly<Values>;
}

/** A resource as stored by the engine. */
export interface Stored {
  readonly vendor: Vendor;
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

export type Op = "create" | "update" | "replace" | "delete" | "same" | "drift" | "gone";

/** The operations of a run or a preview by resource, and the failures. */
export interface Run {
  readonly ops: Readonly<Record<string, Op>>;
  readonly failures: Readonly<Record<string, string>>;
}

/** A stack with its state and its runs. Each run is a separate deployment with its own providers. */
export class Stack {
  readonly state = new Map<string, Stored>();

  constructor(
    private readonly sandbox: Sandbox,
    private readonly settings: Readonly<Values> = {},
    /** Called with each result and error of the provider, with secrets in their envelopes. */
    private readonly watch: (answer: unknown) => void = () => undefined,
  ) {}

  /** The ids in the state by vendor. */
  ids(vendor: Vendor): string[] {
    return [...this.state.values()]
      .filter((stored) => stored.vendor === vendor)
      .map(({ id }) => id)
      .sort();
  }

  preview(program: Readonly<Record<string, Resource>>): Promise<Run> {
    return this.run(program, false);
  }

  up(program: Readonly<Record<string, Resource>>): Promise<Run> {
    return this.run(program, true);
  }

  destroy(): Promise<Run> {
    return this.run({}, true);
  }

  /** Refreshes the state. `inputs` has the stored inputs and the inputs that read returned. */
  async refresh(): Promise<
    Run & { readonly inputs: Readonly<Record<string, { before: Values; after: Values }>> }
  > {
    const { ops, failures, attempt, provider } = this.deployment();
    const inputs: Record<string, { before: Values; after: Values }> = {};
    await Promise.all(
      [...this.state].map(([name, stored]) =>
        attempt(name, async () => {
          const answer = await provider(stored.vendor).read(stored.id, stored.outputs);
          if (answer.id === "") {
            this.state.delete(name);
            ops[name] = "gone";
            return;
          }
          const after = plain(answer.inputs ?? {}) as Values;
          inputs[name] = { before: stored.inputs, after };
          ops[name] = isDeepStrictEqual(stored.inputs, after) ? "same" : "drift";
          this.state.set(name, { ...stored, inputs: after, outputs: plain(answer.props) });
        }),
      ),
    );
    return { ops, failures, inputs };
  }

  private async run(program: Readonly<Record<string, Resource>>, write: boolean): Promise<Run> {
    const { ops, failures, attempt, provider } = this.deployment();
    const steps: (() => Promise<void>)[] = [];
    for (const [name, { vendor, args }] of Object.entries(program)) {
      await attempt(name, async () => {
        const stored = this.state.get(name);
        const verbs = provider(vendor);
        const { inputs: checked, failures: faults } = await verbs.check(stored?.inputs ?? {}, {
          ...args,
        });
        if (faults.length > 0) {
          throw new Error(faults.map(({ reason }) => reason).join("\n"));
        }
        const inputs = plain(checked) as Values;
        const op = await this.decide(verbs, stored, inputs);
        ops[name] = op;
        if (write && op !== "same") {
          steps.push(() => attempt(name, () => this.write(verbs, name, vendor, op, inputs)));
        }
      });
    }
    await Promise.all(steps.map((step) => step()));
    const gone = [...this.state].filter(([name]) => !(name in program));
    for (const [name] of gone) {
      ops[name] = "delete";
    }
    if (write) {
      await Promise.all(
        gone.map(([name, { vendor, id, outputs }]) =>
          attempt(
            name,
            async () => (await provider(vendor).delete(id, outputs), void this.state.delete(name)),
          ),
        ),
      );
    }
    return { ops, failures };
  }

  protected async decide(
    verbs: DynamicProvider,
    stored: Stored | undefined,
    inputs: Values,
  ): Promise<Op> {
    if (!stored) {
      return "create";
    }
    const { changes, replaces } = await verbs.diff(stored.id, stored.outputs, inputs);
    if (isDeepStrictEqual(stored.inputs, inputs)) {
      return "same";
    }
    if (replaces.length > 0) {
      return "replace";
    }
    return changes === false ? "same" : "update";
  }

  private async write(
    verbs: DynamicProvider,
    name: string,
    vendor: Vendor,
    op: Op,
    inputs: Values,
  ): Promise<void> {
    const stored = this.state.get(name);
    try {
      if (op === "update" && stored) {
        const { outs } = await verbs.update(stored.id, stored.outputs, inputs);
        this.state.set(name, { vendor, id: stored.id, inputs, outputs: plain(outs) });
        return;
      }
      const { id, outs } = await verbs.create(inputs);
      if (stored) {
        await verbs.delete(stored.id, stored.outputs);
      }
      this.state.set(name, { vendor, id, inputs, outputs: plain(outs) });
    } catch (error) {
      // A partial write: the engine records it with the provider's properties, and updates it in the next run.
      if (isPartial(error)) {
        this.state.set(name, {
          vendor,
          id: stored?.id ?? error.id,
          inputs: { ...inputs, [HALF_DONE]: true },
          outputs: plain(error.properties),
        });
      }
      throw error;
    }
  }

  private deployment(): {
    ops: Record<string, Op>;
    failures: Record<string, string>;
    attempt: (name: string, work: () => Promise<void>) => Promise<void>;
    provider: (vendor: Vendor) => DynamicProvider;
  } {
    const failures: Record<string, string> = {};
    const settings = { apiKey: "key-1", requestTimeoutSeconds: DEADLINE / 1000, ...this.settings };
    const providers = {
      databar: databar(configOf("databar", { baseUrl: this.sandbox.databar.url, ...settings })),
      supermetrics: supermetrics(
        configOf("supermetrics", {
          baseUrl: this.sandbox.supermetrics.url,
          teamId: TEAM,
          ...settings,
        }),
      ),
    };
    const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failures[name] = error instanceof Error ? error.message : String(error);
      }
    };
    return {
      ops: {},
      failures,
      attempt,
      provider: (vendor) => watched(providers[vendor], this.watch),
    };
  }
}

function watched(verbs: DynamicProvider, watch: (answer: unknown) => void): DynamicProvider {
  const calls = Object.entries(verbs) as [
    string,
    (...args: readonly unknown[]) => Promise<unknown>,
  ][];
  const seen = (error: unknown): never => {
    watch(error);
    throw error;
  };
  const shown = (answer: unknown): unknown => (watch(answer), answer);
  return Object.fromEntries(
    calls.map(([verb, call]) => [
      verb,
      (...args: readonly unknown[]) => call(...args).then(shown, seen),
    ]),
  ) as unknown as DynamicProvider;
}

/** Added to the inputs of a partial write, so that the next run sees a difference and completes it. */
const HALF_DONE = "half done";

function isPartial(error: unknown): error is { id: string; properties: Values } {
  return error instanceof Error && "properties" in error && "id" in error;
}
