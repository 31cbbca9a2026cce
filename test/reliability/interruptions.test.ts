/**
 * R2, in one process: after a stop at any moment, another up converges to the program, without a
 * second connector and without an orphan. Every request, before and after it takes effect, and
 * every write of the state, in every run of the tests. `kill.test.ts` kills the processes
 * themselves.
 */
import { type Sandbox } from "../../provider/sandbox";
import { provider as databar } from "../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../provider/vendors/supermetrics/runtime";
import { stackConfig } from "../../harness/in-process/config";
import { type Program } from "../../harness/in-process/program";
import { InProcessStack } from "../../harness/in-process/stack";
import { isolate } from "../../harness/jest/isolate";
import { TEAM } from "../../harness/lifecycle-world";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Vendor } from "./stack";

isolate();
afterEach(closeWorlds);

const SCORING = { name: "Scoring", method: "get", url: "https://api.example.com/v1/score" };
const AWIN = {
  name: "Awin",
  description: "Clicks.",
  configuration: { token: "${secrets.k}" },
  secrets: { k: "secret-canary" },
};

const FORMS: readonly { readonly form: string; readonly program: Program }[] = [
  {
    form: "",
    program: {
      scoring: { vendor: "databar", args: SCORING },
      awin: { vendor: "supermetrics", args: AWIN },
    },
  },
  {
    form: " as fleets",
    program: {
      scorings: { vendor: "databar", args: { connectors: { scoring: SCORING } } },
      awins: { vendor: "supermetrics", args: { connectors: { awin: AWIN } } },
    },
  },
];

/** The requests of a successful deployment. */
const REQUESTS: Readonly<Record<Vendor, readonly string[]>> = {
  databar: ["GET", "POST"],
  supermetrics: ["GET", "POST", "POST", "PUT"],
};

function stackOf(sandbox: Sandbox, program: Program): InProcessStack {
  return new InProcessStack({
    runtimes: { databar, supermetrics },
    config: {
      ...stackConfig("databar", { apiKey: "key-1", baseUrl: sandbox.databar.url }),
      ...stackConfig("supermetrics", {
        apiKey: "api_1",
        baseUrl: sandbox.supermetrics.url,
        teamId: TEAM,
      }),
    },
  }).program(program);
}

async function expectConvergence(sandbox: Sandbox, stack: InProcessStack): Promise<void> {
  sandbox.clearFaults();
  const { ok, text } = await stack.up();
  expect({ ok, text }).toEqual({ ok: true, text });
  expect(sandbox.databar.connectors.map(({ name }) => name)).toEqual(["Scoring"]);
  const [awin, ...more] = sandbox.supermetrics.connectors;
  const secrets = sandbox.supermetrics.secrets(TEAM, awin!.connector_identifier);
  expect([more, secrets.map(({ name, value }) => [name, value])]).toEqual([
    [],
    [["k", "secret-canary"]],
  ]);
  expect(awin).toMatchObject({
    name: "Awin",
    description: "Clicks.",
    configuration: { configuration_json: { token: secrets[0]?.placeholder } },
  });
  sandbox.clearLogs();
  expect((await stack.up()).changes).toEqual({ same: 3 });
  expect([...sandbox.databar.log, ...sandbox.supermetrics.log]).toEqual([]);
  await stack.destroy();
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
}

describe.each(FORMS)("R2 stopped at any moment$form", ({ program }) => {
  test("a successful deployment makes the requests that the cases below count on", async () => {
    const sandbox = await openSandbox();
    const stack = stackOf(sandbox, program);
    await stack.up({ parallel: 1 });
    for (const vendor of ["databar", "supermetrics"] as const) {
      expect(sandbox[vendor].log.map(({ method }) => method)).toEqual(REQUESTS[vendor]);
    }
    await expectConvergence(sandbox, stack);
  });

  const boundaries = (Object.keys(REQUESTS) as Vendor[]).flatMap((vendor) =>
    REQUESTS[vendor].flatMap((method, index) =>
      (["before", "after"] as const).map((moment) => ({ vendor, method, index, moment })),
    ),
  );
  test.each(boundaries)(
    "$moment request $index of $vendor ($method): another up converges",
    async ({ vendor, index, moment }) => {
      const sandbox = await openSandbox();
      const stack = stackOf(sandbox, program);
      const killer = new AbortController();
      // The request has been handled, or is held back, before the stop; its answer never arrives.
      const stop = (): boolean => {
        setTimeout(() => killer.abort(), 10);
        return true;
      };
      sandbox[vendor].fault({ drop: moment, delay: 200, after: index, when: stop });
      expect((await stack.up({ signal: killer.signal, parallel: 1 })).ok).toBe(false);
      expect(killer.signal.aborted).toBe(true);
      await expectConvergence(sandbox, stack);
    },
  );

  test("after each write of the state: another up converges", async () => {
    const first = await openSandbox();
    let writes = 0;
    await stackOf(first, program).up({ parallel: 1, onStateWrite: () => (writes += 1) });
    expect(writes).toBeGreaterThanOrEqual(6);
    for (let at = 1; at <= writes; at++) {
      const sandbox = await openSandbox();
      const stack = stackOf(sandbox, program);
      const killer = new AbortController();
      let seen = 0;
      const onStateWrite = (): void => ((seen += 1) === at ? killer.abort() : undefined);
      await stack.up({ parallel: 1, signal: killer.signal, onStateWrite });
      expect(seen).toBe(at);
      await expectConvergence(sandbox, stack);
    }
  });
});
