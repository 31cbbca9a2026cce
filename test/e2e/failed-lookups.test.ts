/**
 * A failed look-up does not mean that a connector is absent, and a failed delete is not a success.
 */
import { type FaultOptions } from "pulumi-connectors/sandbox";
import { type StateResource } from "../../harness/engine/types";
import { count, databar, managed, messageOf, PAGE, supermetrics } from "./failures";
import { type Gate, openGate } from "./gate";
import { engineLine, expectOk, startWorld, type World } from "../../harness/e2e/world";

describe(`${engineLine}. A failed look-up or delete`, () => {
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
      "a server error",
      { status: 500 },
      "[unavailable] Databar failed to list connectors: ",
      "[unavailable] Supermetrics failed to list connectors: ",
    ],
    [
      "a rejected key",
      { status: 403 },
      "[forbidden] Databar refused to list connectors: ",
      "[forbidden] Supermetrics refused to list connectors: ",
    ],
    [
      "an HTML page with 404",
      { status: 404, html: PAGE },
      "[unexpected_response] Databar ",
      "[unexpected_response] Supermetrics ",
    ],
    [
      "a truncated list",
      { truncate: true },
      "[network] Could not list connectors: The answer of Databar to GET /v1/connectors/ was cut off",
      "[network] Could not list connectors: The answer of Supermetrics to GET ",
    ],
  ];

  test.each(lookUps)(
    "%s does not mean absence: a refresh fails and keeps the state",
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

  test("a connector missing from a list is read by its id, and an HTML page as the answer does not mean absence", async () => {
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
    "a key rejected in a %s suggests --run-program, because Pulumi uses the stored configuration there",
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

  test("the error reports a Retry-After that exceeds the retry budget", async () => {
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
