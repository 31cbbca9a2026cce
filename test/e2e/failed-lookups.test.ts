/** A look-up that fails is no absence, and a delete that fails is no success. */
import { type FaultOptions } from "pulumi-connectors/sandbox";
import { type StateResource } from "../../harness/engine/types";
import { count, databar, managed, messageOf, PAGE, supermetrics } from "./failures";
import { type Gate, openGate } from "./gate";
import { engineLine, expectOk, startWorld, type World } from "../../harness/e2e/world";

describe(`${engineLine}. A look-up or a delete fails`, () => {
  let world: World;
  let gate: Gate;
  let before: readonly StateResource[];

  beforeAll(async () => {
    world = await startWorld();
    gate = await openGate(world);
    world.program({ scoring: databar("Scoring", "1"), awin: supermetrics("Awin", "1") });
    expectOk(await world.stack.up());
    before = await managed(world);
  });
  afterEach(() => world.sandbox.clearFaults());
  afterAll(async () => {
    await gate.close();
    await world.close();
  });

  async function expectKept(): Promise<void> {
    expect(before).toHaveLength(2);
    expect(await managed(world)).toEqual(before);
    expect(world.sandbox.databar.connectors).toHaveLength(1);
    expect(world.sandbox.supermetrics.connectors).toHaveLength(1);
  }

  const lookUps: [string, FaultOptions, string, string][] = [
    [
      "a fault on the vendor's side",
      { status: 500 },
      "[unavailable] Databar failed to list connectors: ",
      "[unavailable] Supermetrics failed to list connectors: ",
    ],
    [
      "a refused key",
      { status: 403 },
      "[forbidden] Databar refused to list connectors: ",
      "[forbidden] Supermetrics refused to list connectors: ",
    ],
    [
      "a page that says 404",
      { status: 404, html: PAGE },
      "[unexpected_response] Databar ",
      "[unexpected_response] Supermetrics ",
    ],
    [
      "a list that is cut off",
      { truncate: true },
      "[network] Could not list connectors: The answer of Databar to GET /v1/connectors/ was cut off",
      "[network] Could not list connectors: The answer of Supermetrics to GET ",
    ],
  ];

  test.each(lookUps)(
    "%s is not absence: a refresh fails and keeps the state",
    async (_, answer, databarSays, supermetricsSays) => {
      for (const vendor of [world.sandbox.databar, world.sandbox.supermetrics]) {
        vendor.fault({ method: "GET", ...answer, times: Infinity });
      }
      gate.hold("GET", 2);
      const failed = await world.stack.refresh({ parallel: 8 });
      expect(failed.ok).toBe(false);
      expect(messageOf(failed, "scoring")).toContain(databarSays);
      expect(messageOf(failed, "awin")).toContain(supermetricsSays);
      await expectKept();
    },
  );

  test("a connector that a list lacks is asked for by its id, and a page in place of that answer is not absence", async () => {
    world.sandbox.databar.fault({
      method: "GET",
      path: "/v1/connectors/",
      body: [],
      times: Infinity,
    });
    world.sandbox.databar.fault({ method: "GET", status: 404, html: PAGE, times: Infinity });
    world.sandbox.supermetrics.fault({
      method: "GET",
      path: /connectors$/,
      body: { count: 1, connectors: [] },
      times: Infinity,
    });
    world.sandbox.supermetrics.fault({ method: "GET", status: 404, html: PAGE, times: Infinity });
    gate.hold("GET", 2);
    const failed = await world.stack.refresh({ parallel: 8 });
    expect(failed.ok).toBe(false);
    expect(messageOf(failed, "scoring")).toContain(
      'Databar answered a request to read connector "Scoring" (id ',
    );
    expect(messageOf(failed, "awin")).toContain(
      'Supermetrics answered a request to read connector "Awin" (id ',
    );
    await expectKept();
  });

  test.each([
    ["refresh", "GET"],
    ["destroy", "DELETE"],
  ] as const)(
    "a key refused in a %s names --run-program, because Pulumi uses the stored configuration there",
    async (command, method) => {
      world.sandbox.databar.fault({ method, status: 401, times: Infinity });
      world.sandbox.supermetrics.fault({ method, status: 403, times: Infinity });
      gate.hold(method, 2);
      const failed = await world.stack[command]({ parallel: 8 });
      expect(failed.ok).toBe(false);
      expect(messageOf(failed, "scoring")).toMatch(
        /\[unauthorized\] Databar did not accept the credential .*databar:apiKey.*--run-program/s,
      );
      expect(messageOf(failed, "awin")).toMatch(
        /\[forbidden\] Supermetrics refused .*--run-program/s,
      );
      await expectKept();
    },
  );

  test("a wait that the vendor asks for and that does not fit is named", async () => {
    world.program({ scoring: databar("Scoring", "2"), awin: supermetrics("Awin", "2") });
    world.sandbox.databar.fault({
      method: "PUT",
      status: 429,
      headers: { "retry-after": "30" },
      times: Infinity,
    });
    world.sandbox.supermetrics.fault({
      method: "PUT",
      status: 503,
      headers: { "retry-after": "7200" },
      times: Infinity,
    });
    await world.stack.setConfig({
      "databar:operationTimeoutSeconds": "5",
      "supermetrics:operationTimeoutSeconds": "5",
    });
    world.sandbox.clearLogs();
    gate.hold("PUT", 2);
    const failed = await world.stack.up({ parallel: 8 });
    expect(failed.ok).toBe(false);
    expect(messageOf(failed, "scoring")).toMatch(
      /\[rate_limited\] Databar refused to update connector "Scoring" \(id 1\): .* \[HTTP 429\]\. Databar asks to wait 30 s\. Run pulumi up again later/,
    );
    expect(messageOf(failed, "awin")).toMatch(
      /\[unavailable\] Supermetrics failed to update connector ".*" \(id .*\): .* \[HTTP 503, SERVICE_UNAVAILABLE, request .*\]\. Supermetrics asks to wait 7200 s\. Run pulumi up again later/,
    );
    expect(count(world.sandbox, "PUT")).toBe(2);
    expect(world.sandbox.databar.connectors[0]?.url).toContain("/1/");
  });
});
