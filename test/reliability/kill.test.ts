/**
 * R2: after a kill of any process at any moment, `pulumi cancel` and another up converge to the
 * program, without a second connector and without an orphan. The tests enumerate each external
 * effect of a deployment: every request, before and after it takes effect, and every write of the
 * state.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { callCount } from "../../harness/e2e/calls";
import { native } from "../../harness/e2e/native-program";
import { databar, png, supermetrics } from "../../harness/e2e/program";
import { FACE } from "../../harness/in-process/stack";
import {
  closeWorlds,
  engineLine,
  expectOk,
  ops,
  startWorld,
  TEAM,
  type World,
} from "../../harness/e2e/world";
import { killProviders } from "../../harness/engine/processes";
import { THOROUGH } from "./generated-cases";
import { type Vendor } from "./stack";
import { countFaults } from "./run-counts";

jest.setTimeout(600_000);
afterEach(closeWorlds);

type Victim = "the provider" | "the whole deployment";

const DYNAMIC = {
  scoring: databar({ headers: { Authorization: "Bearer header-canary" } }),
  awin: supermetrics({
    description: "Clicks.",
    configuration: { token: "${secrets.k}" },
    secrets: { k: "secret-canary" },
    logo: "./logo.png",
  }),
};

const RESOURCES = process.env[FACE] === "native" ? native(DYNAMIC) : DYNAMIC;

/** The requests of a successful deployment, which the first test verifies. */
const REQUESTS: Readonly<Record<Vendor, readonly string[]>> = {
  databar: ["GET", "POST"],
  supermetrics: ["GET", "POST", "POST", "PUT", "POST"],
};

/**
 * The minimum number of state writes of such a deployment: at its start, two per resource, and at
 * its end.
 */
const LEAST_WRITES = 6;

async function world(): Promise<World> {
  const opened = await startWorld();
  writeFileSync(join(opened.folder, "logo.png"), png("one"));
  opened.program(RESOURCES);
  return opened;
}

/** The run after the crash: clears the lock only, and expects each connector exactly once. */
async function expectConvergence(
  { stack, sandbox }: World,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  sandbox.clearFaults();
  await stack.cancel();
  const up = await stack.up({ env });
  expectOk(up);
  const [scoring, ...moreScoring] = sandbox.databar.connectors;
  const [awin, ...moreAwin] = sandbox.supermetrics.connectors;
  expect([moreScoring, moreAwin]).toEqual([[], []]);
  const secrets = sandbox.supermetrics.secrets(TEAM, awin!.connector_identifier);
  expect(scoring).toMatchObject({
    name: "Scoring",
    headers: [{ name: "Authorization", value: "Bearer header-canary" }],
  });
  expect(awin).toMatchObject({
    name: "Awin",
    description: "Clicks.",
    configuration: { configuration_json: { token: secrets[0]?.placeholder } },
  });
  expect(secrets.map(({ name, value }) => [name, value])).toEqual([["k", "secret-canary"]]);
  expect(sandbox.supermetrics.logo(TEAM, awin!.connector_identifier)?.bytes).toEqual(png("one"));
  const { resources } = await stack.exportState();
  const ids = resources
    .filter(({ type }) => /Connector$/.test(type))
    .map(({ id }) => id)
    .sort();
  expect(ids).toEqual([String(scoring!.id), `${TEAM}/${awin!.connector_identifier}`].sort());

  sandbox.clearLogs();
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "same", awin: "same" });
  expect(callCount(sandbox)).toBe(0);
  countFaults(sandbox);
}

/** One run in which the victim is killed when this request arrives, or after it takes effect. */
async function killAt(
  { stack, sandbox }: World,
  vendor: Vendor,
  index: number,
  moment: "before" | "after",
  victim: Victim,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const killer = new AbortController();
  let met = false;
  const strike = (): boolean => {
    met = true;
    // Killed after the request is handled or held back; the answer is never sent.
    setTimeout(() => (victim === "the provider" ? killProviders() : killer.abort()), 20);
    return true;
  };
  sandbox[vendor].fault({ drop: moment, delay: 60_000, after: index, when: strike });
  const { ok } = await stack.up({ signal: killer.signal, parallel: 1, env });
  expect({ ok, met }).toEqual({ ok: false, met: true });
}

const boundaries = (Object.keys(REQUESTS) as Vendor[]).flatMap((vendor) =>
  REQUESTS[vendor].flatMap((method, index) =>
    (["before", "after"] as const).flatMap((moment) =>
      (["the provider", "the whole deployment"] as const).map((victim) => ({
        vendor,
        method,
        index,
        moment,
        victim,
      })),
    ),
  ),
);
/**
 * A normal run has only the moments with an unrecorded connector; test/e2e/partial.test.ts kills
 * the whole deployment then.
 */
const usual = boundaries.filter(
  ({ moment, index, victim }) => moment === "after" && index === 1 && victim === "the provider",
);

/** With the setting, the engine writes the state once: a killed deployment has recorded nothing. */
const SETTINGS: readonly {
  readonly when: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cases: typeof boundaries;
}[] = [
  { when: "at any moment", env: {}, cases: usual },
  {
    when: "at any moment, with the state written once",
    env: { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" },
    cases: boundaries.filter(
      ({ vendor, moment, index, victim }) =>
        vendor === "supermetrics" &&
        moment === "after" &&
        index === 2 &&
        victim === "the whole deployment",
    ),
  },
];

describe.each(SETTINGS)(`${engineLine}. R2 killed $when`, ({ env, cases }) => {
  test.each(THOROUGH ? boundaries : cases)(
    "$victim, $moment request $index of $vendor ($method): cancel and up converge",
    async ({ vendor, index, moment, victim }) => {
      const opened = await world();
      await killAt(opened, vendor, index, moment, victim, env);
      if (victim === "the whole deployment" && "PULUMI_SKIP_CHECKPOINTS" in env) {
        expect((await opened.stack.exportState()).resources).toEqual([]);
      }
      await expectConvergence(opened, env);
    },
  );
});

describe(`${engineLine}. R2 killed at any moment`, () => {
  test("the whole deployment, after each write of the state: cancel and up converge", async () => {
    const { stack, sandbox, close } = await world();
    let writes = 0;
    expectOk(await stack.up({ parallel: 1, onStateWrite: () => (writes += 1) }));
    expect(sandbox.databar.log.map(({ method }) => method)).toEqual(REQUESTS.databar);
    expect(sandbox.supermetrics.log.map(({ method }) => method)).toEqual(REQUESTS.supermetrics);
    expect(writes).toBeGreaterThanOrEqual(LEAST_WRITES);
    await close();
    for (const at of THOROUGH
      ? Array.from({ length: writes }, (_, index) => index + 1)
      : [Math.ceil(writes / 2)]) {
      const opened = await world();
      const killer = new AbortController();
      let seen = 0;
      await opened.stack.up({
        parallel: 1,
        signal: killer.signal,
        onStateWrite: () => ((seen += 1) === at ? killer.abort() : undefined),
      });
      expect(seen).toBeGreaterThanOrEqual(at);
      await expectConvergence(opened);
      await opened.close();
    }
  });
});
