/**
 * R8: no secret appears in a message or in plain text in a state, for any answer of the vendor.
 * `test/e2e/secrets.test.ts` tests the engine's part: previews, diffs and the state file.
 */
import { isolate } from "../../harness/jest/isolate";
import { canary } from "../../harness/canary";
import { echoing, KEY, program, Watch } from "./canaries";
import { WRONG, WRONG_SETTINGS } from "./invalid-definitions";
import { EVERY_ROW, THOROUGH } from "./generated-cases";
import { FAULTS, type FaultRow } from "./fault-matrix";
import { type DeployedStack, FORMS } from "./fleets";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Run } from "./stack";

const { said } = isolate();
let watch: Watch;

beforeEach(() => {
  watch = new Watch();
  // Also logs each request to standard error.
  process.env["PULUMI_CONNECTORS_LOG"] = "debug";
  jest.spyOn(process.stdout, "write").mockImplementation((text) => (watch.say(String(text)), true));
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    jest.spyOn(console, method).mockImplementation((...texts) => watch.say(...texts));
  }
});
afterEach(closeWorlds);

const VENDORS = ["databar", "supermetrics"] as const;
const SETTINGS = { apiKey: KEY, operationTimeoutSeconds: 1 };

/** Errors that quote the rejected request, in addition to the fault matrix. */
const REFUSALS: readonly FaultRow[] = [400, 401, 403, 404, 406, 409, 413, 422].map((status) => ({
  name: `${status} that quotes`,
  fault: { status },
}));
const ROWS = [...REFUSALS, ...FAULTS];

/**
 * The failing operation, and the generations of values written so far, which a vendor can repeat.
 */
const PHASES: readonly {
  readonly name: string;
  readonly method: string;
  readonly path?: RegExp;
  readonly after?: number;
  readonly generations: readonly number[];
  readonly act: (stack: DeployedStack) => Promise<Run>;
}[] = [
  { name: "create", method: "POST", generations: [1], act: (stack) => stack.up(program(1)) },
  {
    name: "the second secret",
    method: "POST",
    path: /secrets$/,
    after: 1,
    generations: [1],
    act: (stack) => stack.up(program(1)),
  },
  {
    name: "the configuration of a new connector",
    method: "PUT",
    generations: [1],
    act: (stack) => stack.up(program(1)),
  },
  {
    name: "look-up before a create",
    method: "GET",
    generations: [1],
    act: (stack) => stack.up(program(1)),
  },
  { name: "update", method: "PUT", generations: [1, 2], act: (stack) => stack.up(program(2)) },
  { name: "refresh", method: "GET", generations: [1], act: (stack) => stack.refresh() },
  { name: "delete", method: "DELETE", generations: [1], act: (stack) => stack.destroy() },
];
const EXISTS = ["update", "refresh", "delete"];

function expectNothingShown(...others: readonly string[]): void {
  watch.say(...said);
  expect(watch.shown([1, 2], others)).toEqual([]);
}

async function done(run: Promise<Run>): Promise<Run> {
  const result = await run;
  watch.say(...Object.values(result.failures));
  return result;
}

describe.each(FORMS)("R8 no secret appears$form", ({ form, open }) => {
  /**
   * A normal run combines each fault with one phase, in rotation, and each rejection with all
   * phases; fleets only rejections.
   */
  const everywhere = ["400 that quotes", "422 that quotes"];
  const isWhole = THOROUGH || (form === "" && EVERY_ROW);
  const rows = ROWS.filter(({ name }) => isWhole || everywhere.includes(name));
  const cases = rows.flatMap((row, index) =>
    PHASES.filter(
      (_, phase) => THOROUGH || everywhere.includes(row.name) || phase === index % PHASES.length,
    ).map((phase) => [row.name, phase.name, row, phase] as const),
  );

  test.each(cases)(
    "%s, on %s",
    async (_, __, row, { name, method, path, after, generations, act }) => {
      const sandbox = await openSandbox();
      const stack = open(sandbox, SETTINGS, watch.see);
      if (EXISTS.includes(name)) {
        expect((await done(stack.up(program(1)))).failures).toEqual({});
      }
      for (const vendor of VENDORS) {
        sandbox[vendor].fault(
          echoing(vendor, row, generations, { method, path, after, times: Infinity }),
        );
      }
      await done(act(stack));
      sandbox.clearFaults();
      await done(stack.refresh());
      await done(stack.up(program(2)));
      expect((await done(stack.destroy())).failures).toEqual({});
      expectNothingShown();
    },
  );

  test("messages exist in which secrets could appear", async () => {
    const sandbox = await openSandbox();
    const stack = open(sandbox, SETTINGS, watch.see);
    for (const vendor of VENDORS) {
      sandbox[vendor].fault(
        echoing(vendor, { name: "422", fault: { status: 422 } }, [1], {
          method: "POST",
          times: Infinity,
        }),
      );
    }
    const { failures } = await done(stack.up(program(1)));
    for (const vendor of VENDORS) {
      expect(failures[vendor]).toMatch(/rejected connector "Canaries".*\[redacted\].*\[redacted\]/);
    }
    expect(said.join("")).toMatch(
      / Databar POST \/v1\/connectors\/ 422 \d+ ms \(create "Canaries", (queued \d+ ms, )?request \[redacted\].*\)\n/,
    );
    expect(said.join("")).toMatch(
      / Supermetrics POST \S+ 422 \d+ ms \(create "Canaries", (queued \d+ ms, )?request \[redacted\].*\)\n/,
    );
  });

  test.each(WRONG)("in diagnostics of an invalid definition: %s", async (_, resource) => {
    const stack = open(await openSandbox(), SETTINGS, watch.see);
    const { failures } = await done(stack.up({ wrong: resource }));
    expect(failures["wrong"]).toMatch(/./);
    // The engine discards the inputs of a failed check, so only the messages matter.
    const messages = new Watch();
    messages.say(watch.said, ...said);
    expect(messages.shown([1], [canary("wrong")])).toEqual([]);
  });

  test.each(WRONG_SETTINGS)("in errors about invalid settings: %s", async (_, settings) => {
    const stack = open(await openSandbox(), { ...SETTINGS, ...settings }, watch.see);
    expect(Object.keys((await done(stack.up(program(1)))).failures)).toEqual([
      "databar",
      "supermetrics",
    ]);
    expectNothingShown(canary("wrong"));
  });

  test("of another connector with the same name, or of outside changes", async () => {
    const sandbox = await openSandbox();
    const stack = open(sandbox, SETTINGS, watch.see);
    const theirs = canary("theirs");
    const { id } = sandbox.databar.seed({
      name: "Canaries",
      headers: [{ name: "Authorization", value: theirs }],
      url: `https://api.example.com/?token=${encodeURIComponent(theirs)}`,
    });
    const { connector_identifier: key } = sandbox.supermetrics.seed({
      name: "Canaries",
      configuration_json: { oauth: { clientSecret: theirs } },
      secrets: { key: theirs },
    });
    const { failures } = await done(stack.up(program(1)));
    expect([failures["databar"], failures["supermetrics"]]).toEqual([
      expect.stringContaining("[conflict]"),
      expect.stringContaining("[conflict]"),
    ]);

    const adopting = program(1);
    const adopted = Object.fromEntries(
      VENDORS.map((vendor) => [
        vendor,
        { vendor, args: { ...adopting[vendor].args, onConflict: "adopt" } },
      ]),
    );
    expect((await done(stack.up(adopted))).failures).toEqual({});
    sandbox.databar.change(id, {
      headers: [
        { name: "Authorization", value: theirs },
        { name: "X-New-Token", value: theirs },
      ],
      body_template: `token=${JSON.stringify(theirs)}`,
    });
    sandbox.supermetrics.change(key, {
      configuration_json: {
        oauth: { clientSecret: theirs, nested: { a: [{ password: theirs }] } },
        request: { headers: [{ name: "X-Api-Key", value: theirs }] },
      },
    });
    expect((await done(stack.refresh())).ops).toEqual({ databar: "drift", supermetrics: "drift" });
    await done(stack.up(adopted));
    expect((await done(stack.destroy())).failures).toEqual({});
    expectNothingShown(theirs);
  });
});
