import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { performance } from "node:perf_hooks";

import { freePorts } from "../../../harness/free-ports";
import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, supermetricsClient } from "../support";

const portOf = (url: string): number => Number(new URL(url).port);

describe("a sandbox", () => {
  const started: Sandbox[] = [];
  const start = async (...options: Parameters<typeof startSandbox>): Promise<Sandbox> => {
    const sandbox = await startSandbox(...options);
    started.push(sandbox);
    return sandbox;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((sandbox) => sandbox.close()));
  });

  test("listens on 127.0.0.1 only, each vendor on its own port", async () => {
    const { databar, supermetrics } = await start();
    for (const { url } of [databar, supermetrics]) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    }
    expect(portOf(databar.url)).not.toBe(portOf(supermetrics.url));
    for (const address of otherAddresses()) {
      await expect(reach(portOf(databar.url), address)).rejects.toThrow("ECONN");
    }
  });

  test("uses the given port and the next one", async () => {
    const port = await freePorts(2);
    const { databar, supermetrics } = await start({ port });
    expect([portOf(databar.url), portOf(supermetrics.url)]).toEqual([port, port + 1]);
  });

  test("closes the first server if the second port is in use", async () => {
    const port = await freePorts(2);
    const taken = await listen(port + 1);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await close(taken);
    const { databar } = await start({ port });
    expect(portOf(databar.url)).toBe(port);
  });

  test("shares nothing with other sandboxes", async () => {
    const [one, two] = [await start(), await start()];
    one.databar.seed({ name: "one" });
    one.supermetrics.seed({ name: "one" });
    one.databar.settings.plan.rateLimit = 1;
    one.supermetrics.settings.nextIdentifiers.push("T3S70");
    one.databar.fault({ status: 500 });
    expect((await databarClient(two.databar.url)("/v1/connectors/")).body).toEqual([]);
    expect((await supermetricsClient(two.supermetrics.url)("/connectors")).body).toMatchObject({
      count: 0,
    });
    expect([
      two.databar.settings.plan,
      two.supermetrics.settings.nextIdentifiers,
      one.databar.log,
    ]).toEqual([{}, [], []]);
  });

  test("provides stack configuration: accepted keys, base URLs, the first team, and fast retries", async () => {
    const { stackConfig, databar, supermetrics } = await start({
      databar: { keys: ["key-1", "key-2"] },
      supermetrics: { teams: ["7", "8"] },
    });
    const pace = (namespace: string): object => ({
      [`${namespace}:requestsPerSecond`]: { value: "1000" },
      [`${namespace}:backoffSeconds`]: { value: "0.02" },
    });
    expect(stackConfig).toEqual({
      "databar:apiKey": { value: "key-1", secret: true },
      "databar:baseUrl": { value: databar.url },
      "supermetrics:apiKey": { value: "sandbox-key", secret: true },
      "supermetrics:baseUrl": { value: supermetrics.url },
      "supermetrics:teamId": { value: "7" },
      ...pace("databar"),
      ...pace("supermetrics"),
    });
  });

  test("derives the stack configuration from the current settings", async () => {
    const sandbox = await start();
    sandbox.databar.settings.keys = ["key-3"];
    sandbox.supermetrics.settings.teams = [];
    expect(sandbox.stackConfig["databar:apiKey"]).toEqual({ value: "key-3", secret: true });
    expect(sandbox.stackConfig).not.toHaveProperty("supermetrics:teamId");
  });

  test("is empty after a reset and keeps its settings", async () => {
    const sandbox = await start({ databar: { plan: { rateLimit: 3 } } });
    const first = sandbox.databar.seed();
    sandbox.supermetrics.seed();
    sandbox.databar.fault({ status: 500 });
    await supermetricsClient(sandbox.supermetrics.url)("/connectors");
    sandbox.reset();
    expect((await databarClient(sandbox.databar.url)("/v1/connectors/")).body).toEqual([]);
    expect([
      sandbox.supermetrics.connectors,
      sandbox.supermetrics.log,
      sandbox.databar.log.length,
    ]).toEqual([[], [], 1]);
    expect([sandbox.databar.settings.plan.rateLimit, sandbox.databar.seed().id > first.id]).toEqual(
      [3, true],
    );
  });

  test("closes immediately, aborts open requests, and can be closed twice", async () => {
    const sandbox = await start();
    sandbox.databar.fault({ delay: 60_000 });
    sandbox.supermetrics.fault({ endless: true });
    const open = [
      databarClient(sandbox.databar.url)("/v1/connectors/"),
      supermetricsClient(sandbox.supermetrics.url)("/connectors"),
    ];
    const outcomes = Promise.allSettled(open);
    while (sandbox.databar.log.length + sandbox.supermetrics.log.length < 2) {
      await new Promise(setImmediate);
    }
    const before = performance.now();
    await sandbox.close();
    await sandbox.close();
    expect(performance.now() - before).toBeLessThan(20_000);
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(databarClient(sandbox.databar.url)("/v1/connectors/")).rejects.toThrow();
  });

  test("can stop a single vendor", async () => {
    const sandbox = await start();
    await sandbox.databar.close();
    await expect(databarClient(sandbox.databar.url)("/v1/connectors/")).rejects.toThrow();
    expect((await supermetricsClient(sandbox.supermetrics.url)("/connectors")).status).toBe(200);
  });

  test("handles concurrent requests without mixing them up", async () => {
    const sandbox = await start();
    const databar = databarClient(sandbox.databar.url);
    const names = Array.from({ length: 200 }, (_, index) => `c${index}`);
    const replies = await Promise.all(
      names.map((name) =>
        databar("/v1/connectors/", {
          method: "POST",
          json: { name, method: "get", url: "https://api.example.com" },
        }),
      ),
    );
    expect(replies.map(({ body }) => (body as { name: string }).name)).toEqual(names);
    expect(new Set(sandbox.databar.connectors.map(({ id }) => id)).size).toBe(200);
  });

  test("logs a client that disconnects during a request, and continues", async () => {
    const sandbox = await start();
    const socket = connect(portOf(sandbox.databar.url), "127.0.0.1");
    socket.write(
      'POST /v1/connectors/ HTTP/1.1\r\nHost: x\r\nx-apikey: k\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"',
    );
    while (sandbox.databar.log.length === 0) {
      await new Promise(setImmediate);
    }
    socket.destroy();
    while (sandbox.databar.log[0]?.duration === null) {
      await new Promise(setImmediate);
    }
    expect(sandbox.databar.log).toMatchObject([{ statusCode: null, committed: false }]);
    expect((await databarClient(sandbox.databar.url)("/v1/connectors/")).body).toEqual([]);
  });

  test("rejects an oversized body with 413", async () => {
    const sandbox = await start();
    const raw = "x".repeat(33 * 1024 * 1024);
    expect(
      (await databarClient(sandbox.databar.url)("/v1/connectors/", { method: "POST", raw })).status,
    ).toBe(413);
  });
});

/** Addresses of this machine that the outside can reach. */
function otherAddresses(): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return interfaces
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
}

function reach(port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address, () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map(close)));

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    servers.push(server);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
