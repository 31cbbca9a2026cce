/** What ends an operation of the native provider early: the user, and customTimeouts. */
import { getMaxListeners } from "node:events";
import { failureOf } from "../../../harness/errors";
import { type PluginClient, PluginFailure, type Values } from "../../../harness/plugin/client";
import { until } from "../../../harness/until";
import { boundsOf } from "../../../provider/http/bounds";
import { Operations } from "../../../provider/plugin/operations";
import { type VendorSandbox } from "../../../provider/sandbox";
import { closePlugins, pluginWorld } from "./plugin-world";

afterEach(closePlugins);

const SCORING = { name: "Scoring", method: "get", url: "https://api.example.com/v1/score" };

const writes = ({ log }: VendorSandbox<unknown>): number =>
  log.filter(({ method }) => method !== "GET").length;

async function creates(plugin: PluginClient, count: number): Promise<Promise<unknown>[]> {
  const all: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    const { inputs } = await plugin.check({ ...SCORING, name: `Scoring ${index}` });
    const created = plugin.create(inputs);
    created.catch(() => undefined);
    all.push(created);
  }
  return all;
}

test("a cancelled deployment sends nothing that is queued, and records what was sent", async () => {
  const { sandbox, deploy } = await pluginWorld("databar");
  const plugin = await deploy({ requestsPerSecond: "3" });
  const all = await creates(plugin, 12);
  await until(() => writes(sandbox.databar) >= 2);
  const cancelled = performance.now();
  await plugin.cancel();
  const ended = await Promise.allSettled(all);
  expect(performance.now() - cancelled).toBeLessThan(1_000);
  const done = ended.filter(({ status }) => status === "fulfilled").length;
  expect(done).toBe(sandbox.databar.connectors.length);
  expect(done).toBe(writes(sandbox.databar));
  expect(done).toBeLessThan(12);
  const [failed] = ended.flatMap((each) =>
    each.status === "rejected" ? [each.reason as unknown] : [],
  );
  expect((failed as Error).message).toMatch(
    /^\[cancelled\] .* because the deployment was cancelled/,
  );

  // The next deployment creates exactly the rest.
  const next = await deploy();
  await Promise.all(await creates(next, 12));
  expect(sandbox.databar.connectors).toHaveLength(12);
});

test("a cancelled deployment does not wait for the next attempt", async () => {
  const { sandbox, deploy } = await pluginWorld("databar");
  sandbox.databar.fault({ method: "DELETE", status: 503, times: Infinity });
  const plugin = await deploy({ backoffSeconds: "15" });
  const { inputs } = await plugin.check(SCORING);
  const stored = await plugin.create(inputs);
  const deleted = failureOf(plugin.delete(stored));
  await until(() => sandbox.databar.log.some(({ method }) => method === "DELETE"));
  const cancelled = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await plugin.cancel();
  expect(await deleted).toBeInstanceOf(PluginFailure);
  expect(performance.now() - cancelled).toBeLessThan(2_000);
  expect(sandbox.databar.connectors).toHaveLength(1);
});

test("a create that was sent when the user cancels is waited for, and recorded", async () => {
  const { sandbox, deploy } = await pluginWorld("databar");
  sandbox.databar.fault({ method: "POST", delay: 200, commit: true });
  const plugin = await deploy();
  const [created] = await creates(plugin, 1);
  await until(() => sandbox.databar.log.some(({ method }) => method === "POST"));
  await plugin.cancel();
  expect(await created).toMatchObject({ id: String(sandbox.databar.connectors[0]?.id) });
});

test("a create that is cancelled half-way is recorded", async () => {
  const { sandbox, deploy } = await pluginWorld("supermetrics");
  sandbox.supermetrics.fault({ method: "POST", delay: 200, commit: true });
  const plugin = await deploy();
  const { inputs } = await plugin.check({
    name: "Awin",
    description: "Clicks",
    configuration: { a: 1 },
  });
  const created = failureOf(plugin.create(inputs));
  await until(() => sandbox.supermetrics.log.some(({ method }) => method === "POST"));
  await plugin.cancel();
  const { recorded, message } = (await created) as PluginFailure;
  expect(message).toMatch(/^\[cancelled\]/);
  const { id, properties } = recorded!;
  const next = await deploy();
  await next.update({ id, inputs, outputs: properties }, inputs);
  expect(sandbox.supermetrics.connectors).toMatchObject([{ name: "Awin", description: "Clicks" }]);
});

test("customTimeouts bound an operation that has not been sent, and no other", async () => {
  const { sandbox, deploy } = await pluginWorld("databar");
  const plugin = await deploy({ requestsPerSecond: "1" });
  const inputsOf = async (name: string): Promise<Values> =>
    (await plugin.check({ ...SCORING, name })).inputs;
  const first = plugin.create(await inputsOf("First"));
  const bounded = failureOf(plugin.create(await inputsOf("Second"), { timeout: 0.3 }));
  const third = plugin.create(await inputsOf("Third"));
  expect((await bounded) as Error).toMatchObject({
    message: expect.stringMatching(
      /^\[timeout\] .* the 0\.3 s that customTimeouts allow/,
    ) as unknown,
  });
  await Promise.all([first, third]);
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(["First", "Third"]);
});

test("an operation may have any number of requests: Node.js warns of no leak", async () => {
  const most = await new Operations().run("Databar", 0, () =>
    Promise.resolve(getMaxListeners(boundsOf(false)!.signal)),
  );
  expect(most).toBe(Infinity);
});
