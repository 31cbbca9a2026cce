/** A program without the SDK: what it registers, as data, or as a function that registers it. */
import { PROVIDER_KEY, providerText } from "../../provider/pulumi/program/provider-text";
import { type Goal } from "../engine/core/goal";
import { type ResourceState } from "../engine/core/resource-state";
import { FailedResourceError, type Session, ShutDownError } from "../engine/core/session";
import { formatReference, STACK_TYPE } from "../engine/core/urn";
import { decodeMap, encodeValue, UNKNOWN_ID } from "../engine/core/wire";
import { overTheWire, type Values } from "./wire";

/**
 * One resource as the program writes it. Secrets are in envelopes, unknown values are sentinels.
 */
export interface Resource {
  readonly vendor: string;
  readonly args: Values;
  /** Default: a dynamic resource of the vendor. */
  readonly type?: string;
  /** Reads the connector with this id instead of managing one. */
  readonly get?: string;
  readonly options?: ResourceOptions;
}

export type ResourceOptions = Partial<
  Pick<
    Goal,
    | "protect"
    | "retainOnDelete"
    | "deleteBeforeReplace"
    | "ignoreChanges"
    | "replaceOnChanges"
    | "additionalSecretOutputs"
    | "aliases"
  >
> & {
  /** Names of resources that must be there first. */
  readonly dependsOn?: readonly string[];
  /** Name of an explicit provider of the program. */
  readonly provider?: string;
};

/**
 * What a program knows of a resource that it registered; in a preview, what is not known is
 * {@link UNKNOWN_ID}.
 */
export interface Registered {
  readonly id: string;
  readonly outputs: Values;
}

export type Register = (name: string, resource: Resource) => Promise<Registered>;

/** Resources by name, or a function that registers them. */
export type Program = Readonly<Record<string, Resource>> | ((register: Register) => unknown);

/** The type of an explicit provider; its `args` are settings by their full key. */
export const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";

/** The type of a dynamic resource of a vendor, unless the program names another. */
export const resourceType = (vendor: string): string => `pulumi-nodejs:dynamic/${vendor}:Connector`;

/** Runs a program against a session, as the language host does. */
export class ProgramRun {
  private readonly states = new Map<string, Promise<ResourceState>>();
  private stack: Promise<ResourceState> | undefined;

  constructor(
    private readonly session: Session,
    private readonly names: { readonly stack: string; readonly project: string },
  ) {}

  /**
   * Resolves when all that the program registered is settled; rejects with an error of the program
   * itself.
   */
  async run(program: Program): Promise<void> {
    this.stack = this.session.register({
      ...goalOf(`${this.names.project}-${this.names.stack}`, STACK_TYPE, {}),
      custom: false,
    });
    await this.settled(this.stack);
    if (typeof program === "function") {
      await this.settled(
        Promise.resolve(program((name, resource) => this.register(name, resource))),
      );
    } else {
      for (const [name, resource] of Object.entries(program)) {
        this.register(name, resource).catch(() => undefined);
      }
    }
    await Promise.all([...this.states.values()].map((state) => this.settled(state)));
  }

  private async register(name: string, resource: Resource): Promise<Registered> {
    const state = this.begin(name, resource);
    this.states.set(name, state);
    const { id, outputs } = await state;
    return { id: id || UNKNOWN_ID, outputs: encodeValue(outputs, { secrets: true }) as Values };
  }

  private async begin(name: string, { vendor, args, ...rest }: Resource): Promise<ResourceState> {
    const { get, options: { dependsOn = [], provider, ...options } = {} } = rest;
    const type = rest.type ?? resourceType(vendor);
    const text = type === PROVIDER_TYPE ? {} : { [PROVIDER_KEY]: providerText(vendor) };
    const [parent, instance, ...needed] = await Promise.all([
      this.stack,
      provider === undefined ? undefined : this.states.get(provider),
      ...dependsOn.map((each) => this.states.get(each)),
    ]);
    const goal: Goal = {
      ...goalOf(name, type, { ...args, ...text }),
      ...options,
      parent: parent?.urn,
      provider: instance && formatReference(instance),
      dependencies: needed.flatMap((each) => (each ? [each.urn] : [])),
    };
    return get === undefined
      ? this.session.register(goal)
      : this.session.read({ ...goal, id: get });
  }

  /** Ignores failures that the engine has already reported. */
  private async settled(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof ShutDownError || error instanceof FailedResourceError)) {
        throw error;
      }
    }
  }
}

export function goalOf(name: string, type: string, args: Values): Goal {
  return {
    type,
    name,
    custom: true,
    inputs: decodeMap(overTheWire(withoutUndefined(args))),
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
  };
}

/** As the SDK serialises arguments. */
function withoutUndefined(args: Values): Record<string, unknown> {
  return JSON.parse(JSON.stringify(args)) as Record<string, unknown>;
}
