/**
 * Runs the same programs with all connectors of a vendor in one fleet, with the same results as a
 * stack of single resources.
 */
import { isDeepStrictEqual } from "node:util";
import { unpack } from "../../provider/model/document";
import {
  type DetailedRun,
  type Op,
  type Program,
  type Run,
  Stack,
  type Stored,
  type Values,
  type Vendor,
} from "./stack";

type Connectors = Readonly<Record<string, Values>>;

/** The ways to deploy a program, with suffixes for test titles. */
export const FORMS = [
  {
    form: "",
    open: (...args: ConstructorParameters<typeof Stack>): DeployedStack => new Stack(...args),
  },
  {
    form: " as a fleet",
    open: (...args: ConstructorParameters<typeof Stack>): DeployedStack => new FleetStack(...args),
  },
] as const;

/** The interface of both forms of a stack. */
export type DeployedStack = Pick<Stack, "ids" | "preview" | "up" | "destroy" | "refresh"> & {
  readonly state: ReadonlyMap<string, Stored>;
};

const statesOf = ({ states }: Values): Connectors =>
  typeof states === "string" ? (unpack(states) as Connectors) : {};
const connectorsOf = (inputs: Values | undefined): Connectors =>
  (inputs?.["connectors"] ?? {}) as Connectors;

/** A stack with a fleet per vendor, whose results are by connector. */
export class FleetStack implements DeployedStack {
  private readonly fleets: Stack;

  constructor(...args: ConstructorParameters<typeof Stack>) {
    this.fleets = new Stack(...args);
  }

  /** The connectors, as if each were a resource. A short record has none. */
  get state(): ReadonlyMap<string, Stored> {
    return new Map(
      [...this.fleets.state.values()].flatMap(({ vendor, inputs, outputs }) =>
        Object.entries((outputs["ids"] ?? {}) as Record<string, string>).map(([key, id]) => [
          key,
          {
            vendor,
            id,
            inputs: connectorsOf(inputs)[key] ?? {},
            outputs: statesOf(outputs)[key] ?? {},
          },
        ]),
      ),
    );
  }

  ids(vendor: Vendor): string[] {
    return [...this.state.values()]
      .filter((stored) => stored.vendor === vendor)
      .map(({ id }) => id)
      .sort();
  }

  preview(program: Program): Promise<Run> {
    return this.run(program, "preview");
  }

  up(program: Program): Promise<Run> {
    return this.run(program, "up");
  }

  destroy(): Promise<Run> {
    return this.run({}, "up");
  }

  async refresh(): ReturnType<Stack["refresh"]> {
    const keys = this.keys();
    const { failures, inputs } = await this.fleets.refresh();
    const both = Object.values(inputs).flatMap(({ before, after }) =>
      Object.entries(connectorsOf(before)).map(
        ([key, values]) => [key, values, connectorsOf(after)[key]] as const,
      ),
    );
    return {
      ops: Object.fromEntries(
        both.map(([key, before, after]) => [
          key,
          after === undefined ? "gone" : isDeepStrictEqual(before, after) ? "same" : "drift",
        ]),
      ),
      failures: failuresOf(failures, keys),
      inputs: Object.fromEntries(both.map(([key, before, after = {}]) => [key, { before, after }])),
    };
  }

  private async run(program: Program, act: "preview" | "up"): Promise<Run> {
    const keys = this.keys();
    for (const [key, { vendor }] of Object.entries(program)) {
      (keys[vendor] ??= []).push(key);
    }
    const { failures, inputs } = await this.fleets.detailed(act, fleetsOf(program));
    const changes = Object.values(inputs);
    return {
      ops: Object.assign({}, ...changes.map(opsOf)) as Run["ops"],
      failures: failuresOf(failures, keys),
    };
  }

  /** The keys of each fleet. */
  private keys(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.fleets.state].map(([fleet, { inputs }]) => [
        fleet,
        Object.keys(connectorsOf(inputs)),
      ]),
    );
  }
}

/** What becomes of each connector. */
function opsOf({ before, after }: DetailedRun["inputs"][string]): Record<string, Op> {
  const [olds, news] = [connectorsOf(before), connectorsOf(after)];
  const gone = Object.keys(olds).map((key) => [key, "delete"] as const);
  const kept = Object.entries(news).map(([key, values]) => {
    const same = isDeepStrictEqual(olds[key], values);
    return [key, !(key in olds) ? "create" : same ? "same" : "update"] as const;
  });
  return Object.fromEntries([...gone, ...kept]);
}

/** The same connectors as one fleet per vendor. */
export function fleetsOf(program: Program): Program {
  const vendors = [...new Set(Object.values(program).map(({ vendor }) => vendor))];
  const connectors = (of: Vendor): Values =>
    Object.fromEntries(
      Object.entries(program).flatMap(([key, { vendor, args }]) =>
        vendor === of ? [[key, args]] : [],
      ),
    );
  return Object.fromEntries(
    vendors.map((vendor) => [vendor, { vendor, args: { connectors: connectors(vendor) } }]),
  );
}

/** The parts of a fleet's error message by connector. A part that names none applies to all. */
function failuresOf(
  failures: Readonly<Record<string, string>>,
  keys: Readonly<Record<string, readonly string[]>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(failures).flatMap(([fleet, message]) => {
      const lines = message.split(/\n {2}(?! )/).slice(1);
      const own = (keys[fleet] ?? [])
        .map(
          (key) =>
            [
              key,
              lines.find((text) => text.startsWith(`${key}: `))?.slice(key.length + 2),
            ] as const,
        )
        .filter(([, text]) => text !== undefined);
      return own.length > 0 ? own : (keys[fleet] ?? []).map((key) => [key, message] as const);
    }),
  ) as Record<string, string>;
}
