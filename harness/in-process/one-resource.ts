import { without } from "../../provider/model/state";
import { PROVIDER_KEY } from "../../provider/pulumi/program/provider-text";
import { urnName } from "../engine/core/urn";
import { decodeMap } from "../engine/core/wire";
import { failureOf } from "../errors";
import { type InProcessOptions, type InProcessResult, InProcessStack } from "./stack";
import { type Values } from "./wire";

/** A failure as the engine sees it; with an id, it records the properties. */
export type Failure = Error & {
  readonly id?: string;
  readonly reasons?: readonly string[];
  readonly properties?: Values;
};

const NAME = "resource";

/** A stack of one resource. Runs reject with the failure of a verb, or with what check refuses. */
export class OneResource {
  private readonly stack: InProcessStack;

  constructor(
    private readonly vendor: string,
    options: InProcessOptions,
  ) {
    this.stack = new InProcessStack(options);
  }

  /** Empty while the resource is not in the state. */
  get id(): string {
    return this.stack.resources[NAME]?.id ?? "";
  }

  /** The stored inputs in clear, without the provider's text. */
  get inputs(): Values {
    return without(this.stack.resources[NAME]?.inputs ?? {}, PROVIDER_KEY);
  }

  /** The stored outputs in clear. */
  get outs(): Values {
    return this.stack.resources[NAME]?.outputs ?? {};
  }

  /** Replaces the stored outputs, but for the provider's text. */
  set outs(outputs: Values) {
    const text = { [PROVIDER_KEY]: this.outs[PROVIDER_KEY] };
    this.stack.importState((state) => ({
      ...state,
      resources: state.resources.map((each) =>
        urnName(each.urn) === NAME
          ? { ...each, outputs: decodeMap({ ...outputs, ...text }) }
          : each,
      ),
    }));
  }

  /** Starts from a resource as another version left it. */
  seed(stored: { readonly id: string; readonly inputs: Values; readonly outputs: Values }): this {
    this.stack.seed(NAME, this.vendor, stored);
    return this;
  }

  /** The state as it is stored, secrets encrypted. */
  rawState(): Promise<string> {
    return this.stack.rawState();
  }

  async up(args: Values): Promise<InProcessResult> {
    this.stack.program({ [NAME]: { vendor: this.vendor, args } });
    return settled(await this.stack.up());
  }

  /** The failure of an up that must fail. */
  async failedUp(args: Values): Promise<Failure> {
    return (await failureOf(this.up(args))) as Failure;
  }

  async refresh(): Promise<InProcessResult> {
    return settled(await this.stack.refresh());
  }

  async destroy(): Promise<void> {
    settled(await this.stack.destroy());
  }
}

function settled(result: InProcessResult): InProcessResult {
  if (!result.ok) {
    throw Object.values(result.failures)[0] ?? new Error(result.text);
  }
  return result;
}
