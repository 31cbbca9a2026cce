/** How the process of a native provider ends: by a signal of the engine, or with the engine. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { failureOf } from "../../harness/errors";
import { closeWorlds, openSandbox } from "../../harness/lifecycle-world";
import { PluginClient, type Values } from "../../harness/plugin/client";
import { type Sandbox } from "../../provider/sandbox";
import { Gate } from "../e2e/gate";

const PLUGIN = join(__dirname, "../../bin/pulumi-resource-databar");

/** A process that starts the provider, as an engine does, and then does nothing. */
const ENGINE = `require("node:child_process").spawn(process.execPath, [process.argv[1]], { stdio: "inherit" });
setInterval(() => undefined, 1e6);`;

/** Who is started, and what ends it. */
const ENDINGS = [
  { by: "SIGINT", args: [PLUGIN], signal: "SIGINT" },
  { by: "SIGTERM", args: [PLUGIN], signal: "SIGTERM" },
  { by: "the end of its engine", args: ["-e", ENGINE, PLUGIN], signal: "SIGKILL" },
] as const;

let sandbox: Sandbox;
let gate: Gate;
let child: ChildProcessByStdio<null, Readable, Readable>;
let plugin: PluginClient;

async function start(args: readonly string[]): Promise<{ ended: Promise<unknown> }> {
  sandbox = await openSandbox();
  gate = new Gate();
  child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  // What the provider inherits stays open until it ends.
  const ended = once(child.stdout, "close");
  const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  plugin = PluginClient.connect("databar", Number(port));
  await plugin.configure({
    apiKey: "key-1",
    baseUrl: await gate.open(sandbox.databar.url),
    maxConcurrentRequests: "1",
  });
  return { ended };
}

afterEach(async () => {
  plugin.close();
  child.kill("SIGKILL");
  child.stdout.destroy();
  gate.release();
  await gate.close();
  await closeWorlds();
});

async function inputsOf(name: string): Promise<Values> {
  return (await plugin.check({ name, method: "get", url: "https://api.example.com/" })).inputs;
}

test.each(ENDINGS)(
  "by $by: nothing more is sent, and what was sent is answered before",
  async ({ args, signal }) => {
    const { ended } = await start(args);
    gate.hold("POST", Infinity);
    const sent = plugin.create(await inputsOf("Sent"));
    sent.catch(() => undefined);
    while (gate.waiting === 0) {
      await delay(5);
    }
    const queued = failureOf(plugin.create(await inputsOf("Queued")));
    child.kill(signal);
    expect(String(await queued)).toMatch(/\[cancelled\] Nothing was written to Databar/);
    gate.release();
    expect(await sent).toMatchObject({ id: String(sandbox.databar.connectors[0]?.id) });
    await ended;
    expect(sandbox.databar.connectors.map(({ name }) => name)).toEqual(["Sent"]);
  },
);

test.each(ENDINGS)("by $by: at once when nothing runs", async ({ args, signal }) => {
  const { ended } = await start(args);
  await plugin.create(await inputsOf("Done"));
  child.kill(signal);
  await ended;
});
