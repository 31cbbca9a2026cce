/**
 * R2 where the engine writes the state once, at the end (`PULUMI_SKIP_CHECKPOINTS`): a killed run
 * has recorded nothing of what it did. Another up must leave the vendors as a run without a kill
 * does. In one process; `kill.test.ts` kills the processes themselves.
 */
import { type Sandbox } from "../../provider/sandbox";
import { provider as databar } from "../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../provider/vendors/supermetrics/runtime";
import { stackConfig } from "../../harness/in-process/config";
import { InProcessStack } from "../../harness/in-process/stack";
import { isolate } from "../../harness/jest/isolate";
import { TEAM } from "../../harness/lifecycle-world";
import { logoOf, PNG, removeLogos } from "../../harness/logos";
import { without } from "../../provider/model/state";
import { DEADLINE, FAULTS } from "./fault-matrix";
import { fleetsOf } from "./fleets";
import { EVERY_ROW, THOROUGH } from "./generated-cases";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Program, type Values, type Vendor } from "./stack";

isolate();
afterEach(closeWorlds);

const OTHER_TEAM = "7002";

/** A connector to copy, which no resource holds. */
const SOURCE = "SRC42";

const LOGO = logoOf("logo.png", PNG);
afterAll(removeLogos);

const LIMITS = { requestTimeoutSeconds: DEADLINE / 1000 };

interface Step {
  readonly name: string;
  /** Deployed and recorded before the run that is killed. */
  readonly before: Program;
  readonly after: Program;
  /** Puts connectors into the sandbox that no stack knows. */
  readonly seed?: (sandbox: Sandbox) => void;
}

const plain = (name: string, more: Values = {}): Program[string] => ({
  vendor: "databar",
  args: { name, method: "get", url: "https://api.example.com/v1", ...more },
});
const awin = (more: Values = {}): Program[string] => ({
  vendor: "supermetrics",
  args: {
    name: "Awin",
    description: "Clicks.",
    configuration: { token: "${secrets.k}" },
    secrets: { k: "secret-canary" },
    ...more,
  },
});
const title = (more: Values = {}): Program[string] => ({
  vendor: "supermetrics",
  args: { name: "Title", ...more },
});

const STEPS: readonly Step[] = [
  {
    name: "creates",
    before: {},
    after: {
      scoring: plain("Scoring", { headers: { Authorization: "Bearer k" }, rateLimit: 5 }),
      twin: plain("Twin"),
      sibling: plain("Twin"),
      awin: awin(),
      title: title(),
    },
  },
  {
    name: "copies and uploads logos",
    before: {},
    after: {
      copy: awin({ duplicateOf: SOURCE }),
      bare: title({ duplicateOf: SOURCE }),
      logo: title({ name: "With a logo", logo: LOGO }),
    },
    seed: ({ supermetrics: other }) => {
      other.seed({ connector_identifier: SOURCE, name: "Source", configuration_json: { a: 1 } });
    },
  },
  {
    name: "updates",
    before: { scoring: plain("Scoring"), awin: awin() },
    after: {
      scoring: plain("Scoring", { headers: { Accept: "json" } }),
      awin: awin({
        configuration: { token: "${secrets.k}", more: "${secrets.l}" },
        secrets: { k: "new-canary", l: "other-canary" },
      }),
    },
  },
  {
    name: "renames at the vendor",
    before: { scoring: plain("Scoring"), title: title() },
    after: { scoring: plain("Rating"), title: title({ name: "Heading" }) },
  },
  {
    name: "renames of resources",
    before: { scoring: plain("Scoring"), awin: awin() },
    after: { rating: plain("Scoring"), clicks: awin() },
  },
  {
    name: "deletes",
    before: { scoring: plain("Scoring"), twin: plain("Twin"), awin: awin(), title: title() },
    after: { twin: plain("Twin"), title: title() },
  },
  {
    name: "moves to another team",
    before: { awin: awin(), scoring: plain("Scoring") },
    after: { awin: awin({ teamId: OTHER_TEAM }), scoring: plain("Scoring", { rateLimit: 9 }) },
  },
  {
    name: "adopts by name",
    before: {},
    after: {
      scoring: plain("Scoring", { onConflict: "adopt" }),
      title: title({ onConflict: "adopt", description: "New." }),
    },
    seed: ({ databar: one, supermetrics: other }) => {
      one.seed({ name: "Scoring", url: "https://old.example.com" });
      other.seed({ name: "Title", description: "Old." });
    },
  },
];

const FORMS = [
  { form: "single resources", shape: (program: Program): Program => program },
  { form: "fleets", shape: fleetsOf },
];

function stackOf(sandbox: Sandbox): InProcessStack {
  sandbox.supermetrics.settings.teams = [TEAM, OTHER_TEAM];
  return new InProcessStack({
    runtimes: { databar, supermetrics },
    config: {
      ...stackConfig("databar", { apiKey: "key-1", baseUrl: sandbox.databar.url, ...LIMITS }),
      ...stackConfig("supermetrics", {
        apiKey: "api_1",
        baseUrl: sandbox.supermetrics.url,
        teamId: TEAM,
        ...LIMITS,
      }),
    },
  });
}

type Shape = (typeof FORMS)[number]["shape"];

/** A stack that has deployed what comes before the step, and is about to deploy the step. */
async function prepared(
  { before, after, seed }: Step,
  shape: Shape,
): Promise<{ sandbox: Sandbox; stack: InProcessStack; state: string }> {
  const sandbox = await openSandbox();
  const stack = stackOf(sandbox);
  seed?.(sandbox);
  expectOk(await stack.program(shape(before)).up());
  sandbox.clearLogs();
  stack.program(shape(after));
  return { sandbox, stack, state: await stack.rawState() };
}

function expectOk({ ok, text }: { ok: boolean; text: string }): void {
  expect({ ok, text }).toEqual({ ok: true, text });
}

/** Supermetrics' connectors but the one to copy, with their teams. */
function supermetricsConnectors({ supermetrics: other }: Sandbox) {
  return [TEAM, OTHER_TEAM].flatMap((team) =>
    other
      .connectorsOf(team)
      .filter(({ connector_identifier: id }) => id !== SOURCE)
      .map((connector) => ({ team, id: connector.connector_identifier, ...connector })),
  );
}

/** What the vendors hold, without what differs from run to run. */
function contents(sandbox: Sandbox): string[] {
  const { databar: one, supermetrics: other } = sandbox;
  const databarTexts = one.connectors.map((each) => without(each, "id", "created_at"));
  const supermetricsTexts = supermetricsConnectors(sandbox).map(
    ({ team, id, name, description, configuration }) => {
      const secrets = other.secrets(team, id);
      const document = secrets.reduce(
        (text, { name: secret, placeholder }) => text.replaceAll(placeholder, `\${${secret}}`),
        JSON.stringify(configuration.configuration_json),
      );
      const logo = other.logo(team, id)?.bytes.toString("hex");
      const values = secrets.map((secret) => [secret.name, secret.value]);
      return { team, name, description, document, values, logo };
    },
  );
  return [...databarTexts, ...supermetricsTexts].map((each) => JSON.stringify(each)).sort();
}

/** Each resource has one connector, and each connector a resource. */
function expectOneEach(sandbox: Sandbox, stack: InProcessStack): void {
  const held = Object.values(stack.resources).flatMap(({ id, outputs }) =>
    "ids" in outputs ? Object.values(outputs["ids"] as Record<string, string>) : [id],
  );
  const found = [
    ...sandbox.databar.connectors.map(({ id }) => String(id)),
    ...supermetricsConnectors(sandbox).map(({ team, id }) => `${team}/${id}`),
  ];
  expect(held.sort()).toEqual(found.sort());
}

/** Kills the run at a request; the state on disk stays that of before. */
async function killedAt(
  { sandbox, stack, state }: Awaited<ReturnType<typeof prepared>>,
  { vendor, index, moment }: Boundary,
): Promise<void> {
  const killer = new AbortController();
  const strike = (): boolean => {
    setTimeout(() => killer.abort(), 10);
    return true;
  };
  sandbox[vendor].fault({ drop: moment, delay: 200, after: index, when: strike });
  await stack.up({ signal: killer.signal, parallel: 1 });
  expect(killer.signal.aborted).toBe(true);
  sandbox.clearFaults();
  stack.importState(state);
}

interface Boundary {
  readonly vendor: Vendor;
  readonly index: number;
  readonly moment: "before" | "after";
}

/** Every request of the step, before and after it takes effect. */
function boundariesOf(sandbox: Sandbox): Boundary[] {
  const all = (["databar", "supermetrics"] as const).flatMap((vendor) =>
    sandbox[vendor].log.flatMap((_, index) =>
      (["before", "after"] as const).map((moment) => ({ vendor, index, moment })),
    ),
  );
  return THOROUGH ? all : all.filter(({ moment }, at) => moment === "after" && at % 3 === 1);
}

describe.each(FORMS)("R2 with the state written once, $form", ({ shape }) => {
  test.each(STEPS)("a killed run that $name: another up does the same as one run", async (step) => {
    const whole = await prepared(step, shape);
    expectOk(await whole.stack.up({ parallel: 1 }));
    const expected = contents(whole.sandbox);
    const boundaries = boundariesOf(whole.sandbox);
    expect(boundaries.length).toBeGreaterThan(0);
    const converges = async ({
      sandbox,
      stack,
    }: Awaited<ReturnType<typeof prepared>>): Promise<void> => {
      expectOk(await stack.up());
      expect(contents(sandbox)).toEqual(expected);
      expectOneEach(sandbox, stack);
      sandbox.clearLogs();
      expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
      expect([...sandbox.databar.log, ...sandbox.supermetrics.log]).toEqual([]);
      expectOk(await stack.destroy());
      expect(contents(sandbox)).toEqual([]);
      await sandbox.close();
    };
    // All was done, and nothing recorded.
    whole.stack.importState(whole.state);
    await converges(whole);
    for (const boundary of boundaries) {
      const each = await prepared(step, shape);
      await killedAt(each, boundary);
      await converges(each);
    }
  });
});

describe.each(FORMS)("R1 with the state written once, $form", ({ shape }) => {
  const creates = STEPS[0]!;
  const cases = FAULTS.flatMap((row, index) =>
    (["databar", "supermetrics"] as const).map((vendor) => ({ ...row, vendor, index })),
  );
  const few = (_: unknown, at: number): boolean => THOROUGH || at % (EVERY_ROW ? 9 : 27) === 0;

  test.each(cases.filter(few))(
    "$vendor: $name on a POST of a run that is forgotten",
    async ({ vendor, fault, index }) => {
      const whole = await prepared(creates, shape);
      expectOk(await whole.stack.up());
      const expected = contents(whole.sandbox);
      const posts = whole.sandbox[vendor].log.filter(({ method }) => method === "POST").length;
      const all = Array.from({ length: posts }, (_, turn) => turn);
      for (const turn of THOROUGH ? all : [index % posts]) {
        const { sandbox, stack, state } = await prepared(creates, shape);
        sandbox[vendor].fault({ ...fault, method: "POST", after: turn });
        await stack.up();
        stack.importState(state);
        sandbox.clearFaults();
        expectOk(await stack.up());
        expect(contents(sandbox)).toEqual(expected);
        expectOneEach(sandbox, stack);
        await sandbox.close();
      }
    },
  );
});

describe.each(FORMS)("What the state written once cannot repair, $form", ({ shape }) => {
  /** Everything was done, and nothing recorded. */
  async function forgotten(program: Program): Promise<Awaited<ReturnType<typeof prepared>>> {
    const done = await prepared({ name: "", before: {}, after: program }, shape);
    expectOk(await done.stack.up());
    done.stack.importState(done.state);
    done.sandbox.clearLogs();
    return done;
  }
  const writes = ({ databar: one, supermetrics: other }: Sandbox): string[] =>
    [...one.log, ...other.log].flatMap(({ method }) => (method === "GET" ? [] : [method]));
  const both = (onConflict: string): Program => ({
    scoring: plain("Scoring", { onConflict }),
    title: title({ onConflict }),
  });

  test("a destroy before the next up leaves the connectors", async () => {
    const { sandbox, stack } = await forgotten({ scoring: plain("Scoring"), title: title() });
    expectOk(await stack.destroy());
    expect([writes(sandbox), contents(sandbox).length]).toEqual([[], 2]);
  });
  test('onConflict: "create" makes a second connector', async () => {
    const { sandbox, stack } = await forgotten(both("create"));
    expectOk(await stack.up());
    expect(sandbox.databar.connectors.map(({ name }) => name)).toEqual(["Scoring", "Scoring"]);
    expect(sandbox.supermetrics.connectors.map(({ name }) => name)).toEqual(["Title", "Title"]);
  });
  test('onConflict: "fail" fails until the id is written, and makes none', async () => {
    const { sandbox, stack } = await forgotten(both("fail"));
    const { ok, text } = await stack.up();
    expect(ok).toBe(false);
    expect(text).toContain(`connectorId: ${sandbox.databar.connectors[0]!.id}`);
    expect(writes(sandbox)).toEqual([]);
  });
  test("a program that was edited in between fails until the id is written, and makes none", async () => {
    const { sandbox, stack } = await forgotten({ scoring: plain("Scoring"), title: title() });
    const edited = {
      scoring: plain("Scoring", { rateLimit: 7 }),
      title: title({ description: "New." }),
    };
    const { ok, text } = await stack.program(shape(edited)).up();
    expect(ok).toBe(false);
    expect(text).toContain(`connectorId: ${sandbox.databar.connectors[0]!.id}`);
    expect(writes(sandbox)).toEqual([]);
  });
});
