/**
 * An `up` that creates N connectors: single resources compared with empty ones, and a fleet with
 * single resources.
 */
import { definitions } from "../definitions";
import { compared, type Line, type Row } from "../row";
import { compare, interleave, type Spread, spread } from "../stats";
import { type Bench, createAll, type Kind, runnable } from "../world";

/** The size of the goals. */
const LARGEST = 2_000;

/** The size of the goal of `usual`. */
const USUAL = 500;

export const create: Row = {
  ids: ["create", "fleet"],
  async run(bench, wanted) {
    const n = bench.size(LARGEST, 100);
    const kinds: readonly Kind[] = [
      "single",
      ...(wanted.has("create") ? (["empty"] as const) : []),
      ...(wanted.has("fleet") ? (["fleet"] as const) : []),
    ];
    const measured = await measure(bench, kinds, n, bench.runs(3, 2));
    return [
      ...(wanted.has("create") ? [createTime(measured, n)] : []),
      ...(wanted.has("fleet") ? [fleetTime(measured, n), fleetState(measured, n)] : []),
    ];
  },
};

function createTime({ times }: Measured, n: number): Line {
  const line = {
    id: "create",
    what: "`up` that creates single resources, against empty resources",
    n,
    unit: "s",
    goal: "at most 1.10 x",
    goalN: LARGEST,
  };
  return compared(line, compare(times.single ?? [], times.empty ?? []), 1.1);
}

function fleetTime({ times }: Measured, n: number): Line {
  const line = {
    id: "fleet",
    what: "`up` that creates a fleet, against single resources",
    n,
    unit: "s",
    goal: "at most 0.015 x",
    goalN: LARGEST,
  };
  return compared(line, compare(times.fleet ?? [], times.single ?? []), 0.015);
}

function fleetState({ sizes }: Measured, n: number): Line {
  const ratio = (sizes.fleet?.median ?? NaN) / (sizes.single?.median ?? NaN);
  return {
    id: "fleet",
    what: "state of a fleet, against single resources",
    n,
    unit: "kB",
    value: sizes.fleet ?? spread([]),
    baseline: sizes.single,
    ratio,
    goal: "at most 0.5 x",
    goalN: LARGEST,
    met: ratio <= 0.5,
  };
}

/** Compares with the usual dynamic resource, whose code Pulumi serializes. */
export const usual: Row = {
  ids: ["usual"],
  async run(bench) {
    const n = bench.size(USUAL, 100);
    const kinds: readonly Kind[] = [
      "single",
      "usual",
      ...(bench.full ? (["shared"] as const) : []),
    ];
    const { times } = await measure(bench, kinds, n, bench.runs(3, 1));
    const line = { id: "usual", n, unit: "s", goal: "at most 0.5 x", goalN: USUAL };
    const what =
      "`up` that creates single resources, against dynamic resources whose code Pulumi serializes";
    return [
      compared({ ...line, what }, compare(times.single ?? [], times.usual ?? []), 0.5),
      ...(times.shared
        ? [
            {
              ...compared(
                { ...line, what: `${what} once, from a provider object that they share`, goal: "" },
                compare(times.single ?? [], times.shared),
                0.5,
              ),
              met: undefined,
            },
          ]
        : []),
    ];
  },
};

/** Compares with an engine that writes the state once, at the end. */
export const writtenOnce: Row = {
  ids: ["once"],
  async run(bench) {
    const n = bench.size(USUAL, 100);
    const lines: Line[] = [];
    for (const kind of runnable(bench, ["single", "native"])) {
      const content = { kind, vendor: "databar", definitions: definitions("databar", n) } as const;
      const env = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
      const [once = [], always = []] = await interleave(
        bench.runs(3, 1),
        [{ ...content, env }, content].map(
          (each) => async () => (await createAll(bench, each)).seconds,
        ),
      );
      const line = {
        id: "once",
        what: `\`up\` that creates ${kind} resources with the state written once, against the state written twice per resource`,
        n,
        unit: "s",
        goal: "at most 0.4 x",
        goalN: USUAL,
      };
      lines.push(compared(line, compare(once, always), 0.4));
    }
    return lines;
  },
};

/** Adds the sizes and kinds to the chart that no other row has measured, with one run each. */
export const scale: Row = {
  ids: ["scale"],
  fullOnly: true,
  async run(bench) {
    const largest = bench.size(LARGEST, 100);
    const sizes = [20, 8, 4, 2, 1].map((part) => Math.max(2, Math.round(largest / part)));
    const kinds = runnable(bench, ["single", "native", "empty", "fleet", "nativeFleet", "usual"]);
    for (const n of sizes) {
      const isMeasured = (kind: Kind): boolean =>
        bench.points.some((point) => point.kind === kind && point.n === n);
      await measure(
        bench,
        kinds.filter((kind) => !isMeasured(kind) && (kind !== "usual" || n <= USUAL)),
        n,
        1,
      );
    }
    return [];
  },
};

type PerKind<T> = Partial<Record<Kind, T>>;

interface Measured {
  /** In seconds. */
  readonly times: PerKind<readonly number[]>;
  /** State in kilobytes. */
  readonly sizes: PerKind<Spread>;
}

/** Creates connectors of all kinds, interleaved. */
async function measure(
  bench: Bench,
  kinds: readonly Kind[],
  n: number,
  runs: number,
): Promise<Measured> {
  const all = definitions("databar", n);
  const bytes: PerKind<number[]> = {};
  const measures = kinds.map((kind) => async () => {
    const { seconds, stateBytes } = await createAll(bench, {
      kind,
      vendor: "databar",
      definitions: all,
    });
    (bytes[kind] ??= []).push(stateBytes / 1000);
    return seconds;
  });
  const found = await interleave(runs, measures);
  return {
    times: Object.fromEntries(kinds.map((kind, index) => [kind, found[index]])),
    sizes: Object.fromEntries(kinds.map((kind) => [kind, spread(bytes[kind] ?? [])])),
  };
}
