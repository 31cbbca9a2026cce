/** Fleets: the preview, the recorded state, and the vendor's connectors. */
import { randomBytes } from "node:crypto";
import { byName, callCount, calls, writes } from "../../harness/e2e/calls";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  type Declared,
  engineLine,
  expectOk,
  ops,
  startWorld,
  step,
} from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

type Values = Readonly<Record<string, unknown>>;
type Definitions = Readonly<Record<string, Values>>;

const args = (definitions: Definitions, of: (args: Values) => Declared): Values =>
  Object.fromEntries(
    Object.entries(definitions).map(([key, each]) => [key, of({ name: key, ...each }).args]),
  );
const databarFleet = (
  definitions: Definitions,
  more: Values = {},
  options?: Declared["options"],
): Declared => ({
  type: "DatabarFleet",
  args: { connectors: args(definitions, databar), ...more },
  ...(options && { options }),
});
const supermetricsFleet = (definitions: Definitions): Declared => ({
  type: "SupermetricsFleet",
  args: { connectors: args(definitions, supermetrics) },
});

const many = (count: number, plain = "p"): Definitions =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `c${index}`,
      { headers: { Authorization: { $secret: `Bearer canary-${index}` }, plain } },
    ]),
  );
const idsOf = (
  connectors: readonly { readonly id: number; readonly name: string }[],
): Record<string, string> =>
  Object.fromEntries(connectors.map(({ id, name }) => [name, String(id)]));

describe(`${engineLine}. A fleet`, () => {
  test("is created with the fewest requests and deploys again without any; a change is shown by its key and is one list and one write", async () => {
    const { sandbox, stack, program } = await startWorld();
    const social = supermetricsFleet({
      awin: {
        configuration: { version: 1, key: "${secrets.key}" },
        secrets: { key: { $secret: "canary-secret" } },
      },
      bare: {},
    });
    program({ marketing: databarFleet(many(12)), social }, { ids: { $output: "marketing.ids" } });
    const preview = expectOk(await stack.preview());
    expect(ops(preview)).toEqual({ marketing: "create", social: "create" });
    expect(callCount(sandbox)).toBe(0);
    const created = expectOk(await stack.up());
    expect(created.outputs["ids"]!.value).toEqual(idsOf(sandbox.databar.connectors));
    expect(calls(sandbox.databar).sort()).toEqual(
      ["GET /v1/connectors/", ...Array.from({ length: 12 }, () => "POST /v1/connectors/")].sort(),
    );
    expect(Object.keys(byName(sandbox.supermetrics.connectors)).sort()).toEqual(["awin", "bare"]);

    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toEqual({ marketing: "same", social: "same" });
    expect(callCount(sandbox)).toBe(0);

    program({ marketing: databarFleet({ ...many(12), c7: many(8, "q")["c7"]! }), social });
    const changed = expectOk(await stack.preview());
    expect(step(changed, "marketing").diff).toEqual({ "connectors.c7.headers.plain": "update" });
    expect(ops(changed)).toEqual({ marketing: "update", social: "same" });
    expect(callCount(sandbox)).toBe(0);
    expectOk(await stack.up());
    const { c7 } = byName(sandbox.databar.connectors);
    // The list says which limits the vendor holds, because the definition sets none.
    expect([...calls(sandbox.databar), ...calls(sandbox.supermetrics)]).toEqual([
      "GET /v1/connectors/",
      `PUT /v1/connectors/${c7!.id}`,
    ]);
    expect(c7!.headers).toContainEqual({ name: "plain", value: "q" });
    expect(`${preview.text}${created.text}${changed.text}${await stack.rawState()}`).not.toContain(
      "canary",
    );
    expectOk(await stack.destroy());
    expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
  });

  test("refuses to delete more than maxDeletes; a renamed key keeps its connector", async () => {
    const { sandbox, stack, program } = await startWorld();
    program({ marketing: databarFleet(many(14)) });
    expectOk(await stack.up());
    const before = idsOf(sandbox.databar.connectors);
    sandbox.clearLogs();

    program({ marketing: databarFleet({}) });
    for (const refused of [await stack.preview(), await stack.up()]) {
      expect(refused.ok).toBe(false);
      expect(refused.text).toContain(
        "connectors: 14 of 14 connectors left the fleet, and would be deleted: c0, c1, c10,",
      );
      expect(refused.text).toContain("write maxDeletes: 14");
    }
    const { c1: renamed, ...rest } = many(14);
    program({ marketing: databarFleet({ ...rest, other: { name: "c1", ...renamed } }) });
    expect(step(expectOk(await stack.preview()), "marketing").diff).toEqual({
      "connectors.c1": "delete",
      "connectors.other": "add",
    });
    const moved = expectOk(await stack.up());
    expect(moved.text).toContain(
      `Adopting the existing Databar connector "c1" (id ${before["c1"]!})`,
    );
    expect([writes(sandbox.databar), idsOf(sandbox.databar.connectors)]).toEqual([[], before]);

    program({ marketing: databarFleet(many(1), { maxDeletes: 13 }) });
    expectOk(await stack.up());
    expect(idsOf(sandbox.databar.connectors)).toEqual({ c0: before["c0"] });
  });

  test("reports drift and deletion for each connector, and repairs both", async () => {
    const { sandbox, stack, program } = await startWorld();
    program({
      marketing: databarFleet(many(5)),
      social: supermetricsFleet({ awin: { configuration: { a: { b: 1 } } } }),
    });
    expectOk(await stack.up());
    const { c1, c3 } = idsOf(sandbox.databar.connectors);
    sandbox.databar.change(Number(c1), { url: "https://elsewhere.example.com/" });
    sandbox.databar.remove(c3!);
    sandbox.supermetrics.change(sandbox.supermetrics.connectors[0]!.connector_identifier, {
      configuration_json: { a: { b: 2 } },
    });
    sandbox.clearLogs();
    const refreshed = expectOk(await stack.refresh());
    expect(step(refreshed, "marketing").diff).toEqual({
      "connectors.c1.url": "update",
      "connectors.c3": "delete",
    });
    expect(step(refreshed, "social").diff).toEqual({
      "connectors.awin.configuration.a.b": "update",
    });
    expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/", `GET /v1/connectors/${c3}`]);
    expectOk(await stack.up());
    expect(writes(sandbox.databar).sort()).toEqual([
      "POST /v1/connectors/",
      `PUT /v1/connectors/${c1}`,
    ]);
    expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(Object.keys(many(5)));
    expect(sandbox.supermetrics.connectors[0]!.configuration.configuration_json).toEqual({
      a: { b: 1 },
    });
    sandbox.clearLogs();
    expect(ops(expectOk(await stack.refresh()))).toEqual({ marketing: "same", social: "same" });
  });

  test("records completed work if some connectors fail; the next up does exactly the rest", async () => {
    const count = 150;
    const { sandbox, stack, program } = await startWorld();
    sandbox.databar.fault({
      method: "POST",
      status: 422,
      times: 2,
      when: ({ body }) => /"name":"(c3|c7)"/.test(JSON.stringify(body)),
    });
    program({ marketing: databarFleet(many(count)) });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(failed.text).toContain(`2 of ${count} connectors failed:`);
    expect(failed.text).toMatch(
      /\n {2,}c3: \[invalid\] Databar rejected connector "c3"[^]*\n {2,}c7: \[invalid\] /,
    );
    expect(failed.text).toContain(
      "What was done so far is recorded; the next pulumi up does the rest.",
    );
    expect(failed.text).not.toContain("canary");
    expect(sandbox.databar.connectors).toHaveLength(count - 2);

    sandbox.clearLogs();
    program({ marketing: databarFleet({ ...many(count), c1: many(2, "q")["c1"]! }) });
    expectOk(await stack.up());
    const ids = idsOf(sandbox.databar.connectors);
    expect(writes(sandbox.databar).sort()).toEqual([
      "POST /v1/connectors/",
      "POST /v1/connectors/",
      `PUT /v1/connectors/${ids["c1"]!}`,
    ]);
    expect(Object.keys(ids).sort()).toEqual(Object.keys(many(count)).sort());
    expect(resource(await stack.exportState(), "marketing").initErrors).toEqual([]);
    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toEqual({ marketing: "same" });
    expect(ops(expectOk(await stack.refresh()))).toEqual({ marketing: "same" });
    expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/"]);
    expect(await stack.rawState()).not.toContain("canary");
  });

  test("killed during its creation is completed with the same look-up as single connectors", async () => {
    const { sandbox, stack, program } = await startWorld();
    const killed = new AbortController();
    sandbox.databar.fault({
      method: "POST",
      after: 5,
      delay: 300,
      when: () => (killed.abort(), true),
    });
    program({ marketing: databarFleet(many(12)) });
    expect((await stack.up({ signal: killed.signal })).ok).toBe(false);
    sandbox.clearFaults();
    await stack.cancel();
    expectOk(await stack.up());
    expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(
      Object.keys(many(12)).sort(),
    );
    expect(resource(await stack.exportState(), "marketing").outputs["ids"]).toEqual(
      idsOf(sandbox.databar.connectors),
    );
  });

  test("records a failure of some, at any size; the next preview says what is left, the next failure what is recorded", async () => {
    const { sandbox, stack, program } = await startWorld();
    const noise = Array.from({ length: 30 }, () => randomBytes(3_000).toString("base64"));
    const declare = (method: string): void =>
      program({
        marketing: databarFleet(
          Object.fromEntries(
            noise.map((Note, index) => [
              `c${index}`,
              { method, onConflict: "create", headers: { Note, Token: { $secret: "canary" } } },
            ]),
          ),
        ),
      });
    const isOfC7 = ({ body }: { readonly body: unknown }): boolean =>
      JSON.stringify(body).includes('"c7"');
    sandbox.databar.fault({ method: "POST", status: 422, when: isOfC7 });
    declare("get");
    const failed = await stack.up();
    expect([failed.ok, failed.text]).toEqual([
      false,
      expect.stringMatching(
        /29 of 30 connectors are as the program says\.\s+What was done so far is recorded; the next pulumi up does the rest/,
      ),
    ]);
    expect((await stack.rawState()).length).toBeGreaterThan(100_000);
    expect(await stack.rawState()).not.toContain("canary");
    sandbox.clearFaults();
    sandbox.clearLogs();
    expect(expectOk(await stack.preview()).text).toContain(
      "the last deployment stopped half-way, and what it did is recorded. Left to do: create c7.",
    );
    expectOk(await stack.up());
    expect(writes(sandbox.databar)).toEqual(["POST /v1/connectors/"]);

    const { c7 } = idsOf(sandbox.databar.connectors);
    const fault = { method: "PUT", status: 422, times: Infinity, when: isOfC7 };
    sandbox.databar.fault(fault);
    declare("post");
    expect((await stack.up()).text).toContain("29 of 30 connectors are as the program says");
    sandbox.clearLogs();
    expect((await stack.preview()).text).toContain("Left to do: update c7.");
    const again = await stack.up();
    expect([again.ok, again.text]).toEqual([
      false,
      expect.stringMatching(/29 of 30 connectors are[^]*What was done before is recorded/),
    ]);
    expect(writes(sandbox.databar)).toEqual([`PUT /v1/connectors/${c7!}`]);
    sandbox.clearFaults();
    expectOk(await stack.refresh());
    const rest = expectOk(await stack.up());
    expect(step(rest, "marketing").diff).toEqual({ "connectors.c7.method": "update" });
    expect(rest.text).not.toContain("stopped half-way");
    sandbox.clearLogs();
    expect(ops(expectOk(await stack.up()))).toEqual({ marketing: "same" });
    expect([callCount(sandbox), sandbox.databar.connectors.length]).toEqual([0, 30]);
  });

  test("takes connectors over from single resources, and gives them back, without a write", async () => {
    const { sandbox, stack, program } = await startWorld();
    const single = (more: Values = {}, options: Values = {}): Declared =>
      databar({ ...many(2)["c1"], name: "c1", ...more }, { retainOnDelete: true, ...options });
    program({ c1: single() });
    expectOk(await stack.up());
    const { id } = sandbox.databar.connectors[0]!;
    sandbox.clearLogs();
    program({
      marketing: databarFleet(
        { c1: { ...many(2)["c1"], connectorId: id } },
        { retainOnDelete: ["c1"] },
      ),
    });
    expect(ops(expectOk(await stack.up()))).toEqual({ marketing: "create", c1: "delete" });
    expect(writes(sandbox.databar)).toEqual([]);
    program({ marketing: databarFleet({}), c1: single({ connectorId: id }) });
    expect(ops(expectOk(await stack.up()))).toEqual({ marketing: "update", c1: "create" });
    expect([writes(sandbox.databar), idsOf(sandbox.databar.connectors)]).toEqual([
      [],
      { c1: String(id) },
    ]);
  });

  test("supports ignoreChanges and protect like any resource", async () => {
    const { sandbox, stack, program } = await startWorld();
    const options = { ignoreChanges: ["connectors.c1.rateLimit"], protect: true };
    program({
      marketing: databarFleet({ c1: { rateLimit: 10 }, c2: { rateLimit: 10 } }, {}, options),
    });
    expectOk(await stack.up());
    sandbox.clearLogs();
    program({
      marketing: databarFleet({ c1: { rateLimit: 20 }, c2: { rateLimit: 20 } }, {}, options),
    });
    const changed = expectOk(await stack.up());
    expect(step(changed, "marketing").diff).toEqual({ "connectors.c2.rateLimit": "update" });
    expect(
      Object.fromEntries(
        sandbox.databar.connectors.map(({ name, rate_limit: limit }) => [name, limit]),
      ),
    ).toEqual({ c1: 10, c2: 20 });
    program({});
    expect((await stack.up()).ok).toBe(false);
    expect(sandbox.databar.connectors).toHaveLength(2);
  });
});
