/**
 * The API calls and the state of a deployment, and the cost of a run without changes and of a
 * refresh.
 */
import { definitions, LARGE, MARKER } from "../definitions";
import { compared, exactly, type Line, type Row } from "../row";
import { countByOperation } from "../sandbox-client";
import { type VendorName } from "../sandbox-process";
import { compare, interleave, seconds, spread } from "../stats";
import { type Bench, expectOk, openProject, type Project, runnable } from "../world";
import { stateLines } from "./state";

export const unchanged: Row = {
  ids: ["calls", "state", "noop", "refresh"],
  async run(bench, wanted) {
    await bench.sandbox.reset();
    const lines: Line[] = [];
    const databar = await create(bench, "databar", bench.size(2_000, 100), lines);
    const supermetrics = ["calls", "state", "refresh"].some((id) => wanted.has(id))
      ? await create(bench, "supermetrics", bench.size(200, 20), lines)
      : undefined;
    try {
      const what = "Supermetrics, 30 kB configurations";
      lines.push(
        ...(await stateOf(databar, { what: "Databar" })),
        ...(supermetrics ? await stateOf(supermetrics, { what, marker: MARKER }) : []),
        ...(wanted.has("noop") ? await noop(bench, databar) : []),
      );
      if (wanted.has("refresh") && supermetrics) {
        lines.push(
          await refresh(bench, "databar", databar),
          await refresh(bench, "supermetrics", supermetrics),
        );
      }
    } finally {
      await databar.project.close();
      await supermetrics?.project.close();
    }
    return lines.filter(({ id }) => wanted.has(id));
  },
};

interface Deployed {
  readonly project: Project;
  readonly n: number;
}

const GOALS: Readonly<Record<VendorName, { readonly calls: string; readonly refresh: string }>> = {
  databar: { calls: "N POST, 1 list", refresh: "1 list call" },
  supermetrics: {
    calls: "per connector POST, secret, PUT; 1 list",
    refresh: "1 list call; a GET per connector only if the list has no configurations",
  },
};

/** The API calls of a create of N connectors. */
function expectedCalls(vendor: VendorName, n: number): Readonly<Record<string, number>> {
  if (vendor === "databar") {
    return { "GET /v1/connectors/": 1, "POST /v1/connectors/": n };
  }
  return {
    "GET /connectors": 1,
    "POST /connectors": n,
    "POST /connectors/{id}/secrets": n,
    "PUT /connectors/{id}": n,
  };
}

async function stateOf(
  { project, n }: Deployed,
  of: Omit<Parameters<typeof stateLines>[1], "n">,
): Promise<readonly Line[]> {
  return stateLines(await project.stack.rawState(), { ...of, n });
}

async function create(
  bench: Bench,
  vendor: VendorName,
  n: number,
  lines: Line[],
): Promise<Deployed> {
  const project = await openProject(bench, {
    kind: "single",
    vendor,
    definitions: definitions(vendor, n, LARGE),
  });
  await bench.sandbox.clearLogs();
  const taken = await project.up();
  bench.say(`  ${vendor}, N = ${n}: ${taken.toFixed(2)} s`);
  const calls = await bench.sandbox.calls();
  const expected = expectedCalls(vendor, n);
  const summary = Object.entries(countByOperation(calls))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
  lines.push({
    id: "calls",
    what: `${vendor}: create; ${summary}`,
    n,
    unit: "calls",
    value: exactly(calls.length),
    goal: GOALS[vendor].calls,
    met: isSame(countByOperation(calls), expected),
  });
  return { project, n };
}

function isSame(
  found: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): boolean {
  return [...Object.keys(found), ...Object.keys(expected)].every(
    (kind) => found[kind] === expected[kind],
  );
}

async function noop(bench: Bench, { project, n }: Deployed): Promise<readonly Line[]> {
  const others: Project[] = [];
  try {
    for (const kind of runnable(bench, ["empty", "native"])) {
      const content = { kind, vendor: "databar", definitions: definitions("databar", n) } as const;
      others.push(await openProject(bench, content));
      await others.at(-1)?.up();
    }
    await bench.sandbox.clearLogs();
    const [ours = [], empty = [], native] = await interleave(
      bench.runs(7, 3),
      [project, ...others].map(({ up }) => up),
    );
    const calls = (await bench.sandbox.calls()).length;
    const line = { id: "noop", n, unit: "s" };
    return [
      {
        id: "noop",
        what: "API calls of an `up` without changes",
        n,
        unit: "calls",
        value: exactly(calls),
        goal: "0",
        met: calls === 0,
      },
      compared(
        {
          ...line,
          what: "`up` without changes, against empty resources",
          goal: "at most 1.05 x",
        },
        compare(ours, empty),
        1.05,
      ),
      ...(native
        ? [
            {
              ...line,
              ...compare(native, ours),
              what: "`up` without changes of native resources, against dynamic ones",
              goal: "",
            },
          ]
        : []),
    ];
  } finally {
    for (const other of others) {
      await other.close();
    }
  }
}

async function refresh(bench: Bench, vendor: VendorName, { project, n }: Deployed): Promise<Line> {
  const times: number[] = [];
  let calls: Readonly<Record<string, number>> = {};
  for (let run = bench.runs(3, 1); run > 0; run--) {
    await bench.sandbox.clearLogs();
    times.push(
      await seconds(async () => expectOk(await project.stack.refresh({ withoutOutputs: true }))),
    );
    calls = countByOperation(await bench.sandbox.calls());
  }
  const count = Object.values(calls).reduce((sum, each) => sum + each, 0);
  const summary = Object.entries(calls)
    .map(([kind, each]) => `${each} ${kind}`)
    .join(", ");
  return {
    id: "refresh",
    what: `${vendor}: \`refresh\`; ${summary}`,
    n,
    unit: "s",
    value: spread(times),
    goal: GOALS[vendor].refresh,
    met: count === 1,
  };
}
