import { performance } from "node:perf_hooks";

import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { call, databarClient, supermetricsClient } from "../support";

describe("the request log", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ databar: { keys: ["key-1", "key-2"] } });
  });
  afterEach(() => sandbox.close());

  test("has method, path, query, body, status and effect in order of arrival", async () => {
    const supermetrics = supermetricsClient(sandbox.supermetrics.url);
    await supermetrics("/connectors?include_configs=true");
    await supermetrics("/connectors", { method: "POST", form: { title: "t" } });
    await supermetrics("/connectors/NOPE1", { method: "PUT", json: { connector: null } });
    const path = "/v1/teams/936506/connector_builder/connectors";
    expect(sandbox.supermetrics.log).toMatchObject([
      {
        method: "GET",
        path,
        query: { include_configs: "true" },
        body: undefined,
        bodyBytes: 0,
        statusCode: 200,
        committed: false,
      },
      {
        method: "POST",
        path,
        query: {},
        body: { title: "t" },
        bodyBytes: 7,
        statusCode: 201,
        committed: true,
      },
      {
        method: "PUT",
        path: `${path}/NOPE1`,
        body: { connector: null },
        statusCode: 404,
        committed: false,
      },
    ]);
    expect(sandbox.databar.log).toEqual([]);
  });

  test("has the path as received", async () => {
    await databarClient(sandbox.databar.url, "key-1")("/v1/connectors/%7B%7Bx%7D%7D/");
    expect(sandbox.databar.log[0]?.path).toBe("/v1/connectors/%7B%7Bx%7D%7D/");
  });

  test("has times from both clocks, and the duration", async () => {
    const [monotonic, wall] = [performance.now(), Date.now()];
    await databarClient(sandbox.databar.url)("/v1/connectors/");
    const [entry] = sandbox.databar.log;
    expect(entry!.time).toBeGreaterThanOrEqual(monotonic);
    expect(entry!.time).toBeLessThanOrEqual(performance.now());
    expect(entry!.wallTime).toBeGreaterThanOrEqual(wall);
    expect(entry!.duration).toBeGreaterThanOrEqual(0);
  });

  test("has the number of requests in progress", async () => {
    sandbox.databar.fault({ times: 3, delay: 100 });
    await Promise.all([1, 2, 3].map(() => databarClient(sandbox.databar.url)("/v1/connectors/")));
    await databarClient(sandbox.databar.url)("/v1/connectors/");
    expect(sandbox.databar.log.map(({ inFlight }) => inFlight)).toEqual([1, 2, 3, 1]);
  });

  test("has the index of the key, but never the key", async () => {
    for (const key of ["key-2", "stranger", "key-1", "key-2"]) {
      await databarClient(sandbox.databar.url, key)("/v1/connectors/");
    }
    await call(`${sandbox.databar.url}/v1/connectors/`, {
      headers: { authorization: "Bearer key-1", cookie: "session=key-1" },
    });
    expect(sandbox.databar.log.map(({ keyIndex }) => keyIndex)).toEqual([1, 2, 0, 1, null]);
    expect(sandbox.databar.log[0]?.headers["x-apikey"]).toBe("[key]");
    expect(sandbox.databar.log[4]?.headers).toMatchObject({
      authorization: "Bearer [key]",
      cookie: "[key]",
    });
    expect(JSON.stringify(sandbox.databar.log)).not.toMatch(/key-1|key-2|stranger/);
  });

  test("has the size of a malformed body, but not the body", async () => {
    const raw = '{"name": ';
    await databarClient(sandbox.databar.url)("/v1/connectors/", {
      method: "POST",
      raw,
      headers: { "content-type": "application/json" },
    });
    expect(sandbox.databar.log[0]).toMatchObject({
      body: undefined,
      bodyBytes: raw.length,
      statusCode: 422,
    });
  });

  test("is a copy, and can be cleared for one vendor or all", async () => {
    await databarClient(sandbox.databar.url)("/v1/connectors/");
    const { log } = sandbox.databar;
    log.pop();
    expect(sandbox.databar.log).toHaveLength(1);
    sandbox.databar.clearLog();
    expect(sandbox.databar.log).toEqual([]);
    await supermetricsClient(sandbox.supermetrics.url)("/connectors");
    sandbox.clearLogs();
    expect(sandbox.supermetrics.log).toEqual([]);
  });
});
