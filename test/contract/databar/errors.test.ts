import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { call, databarClient, schemaErrors } from "../support";

const MINIMAL = { name: "n", method: "get", url: "https://api.example.com" };

describe("errors of Databar", () => {
  let sandbox: Sandbox;
  let databar: ReturnType<typeof databarClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    databar = databarClient(sandbox.databar.url);
    sandbox.databar.seed({ id: 1 });
  });
  afterEach(() => sandbox.close());

  const CALLS = [
    ["GET", "/v1/connectors/"],
    ["POST", "/v1/connectors/"],
    ["GET", "/v1/connectors/1"],
    ["PUT", "/v1/connectors/1"],
    ["DELETE", "/v1/connectors/1"],
    ["GET", "/v1/user/me"],
  ] as const;

  test.each(CALLS)("%s %s without a key is 403 with a message", async (method, path) => {
    const json = method === "POST" || method === "PUT" ? MINIMAL : undefined;
    const refused = await call(`${sandbox.databar.url}${path}`, { method, json });
    expect(refused.status).toBe(403);
    expect(schemaErrors("databarError", refused.body)).toEqual([]);
    expect(sandbox.databar.connectors).toHaveLength(1);
  });

  test.each(CALLS)(
    "%s %s without a key is FastAPI's 422 with missingKeyStatus",
    async (method, path) => {
      sandbox.databar.settings.missingKeyStatus = 422;
      const json = method === "POST" || method === "PUT" ? MINIMAL : undefined;
      const refused = await call(`${sandbox.databar.url}${path}`, { method, json });
      expect(refused.status).toBe(422);
      expect(refused.body).toEqual({
        detail: [
          { type: "missing", loc: ["header", "x-apikey"], msg: "Field required", input: null },
        ],
      });
      expect(sandbox.databar.connectors).toHaveLength(1);
    },
  );

  test("an empty key or a bearer token is a missing key", async () => {
    expect(
      (await call(`${sandbox.databar.url}/v1/connectors/`, { headers: { "x-apikey": "" } })).status,
    ).toBe(403);
    expect(
      (
        await call(`${sandbox.databar.url}/v1/connectors/`, {
          headers: { authorization: "Bearer k" },
        })
      ).status,
    ).toBe(403);
  });

  test.each([401, 403] as const)(
    "a key that is not accepted is %s, before validation",
    async (status) => {
      Object.assign(sandbox.databar.settings, { keys: ["key-1"], rejectedKeyStatus: status });
      const stranger = databarClient(sandbox.databar.url, "key-2");
      expect((await stranger("/v1/connectors/", { method: "POST", json: {} })).status).toBe(status);
      expect((await databar("/v1/connectors/")).status).toBe(200);
    },
  );

  test.each([
    ["GET", "/v1/connectors", "/v1/connectors/"],
    ["POST", "/v1/connectors", "/v1/connectors/"],
    ["GET", "/v1/connectors?a=b", "/v1/connectors/?a=b"],
    ["GET", "/v1/connectors/1/", "/v1/connectors/1"],
    ["PUT", "/v1/connectors/1/", "/v1/connectors/1"],
    ["DELETE", "/v1/connectors/1/", "/v1/connectors/1"],
  ])("%s %s is redirected with 307 to the absolute URL of %s", async (method, path, target) => {
    const answer = await databar(path, { method });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      307,
      `${sandbox.databar.url}${target}`,
    ]);
    expect(sandbox.databar.connectors).toHaveLength(1);
  });

  test("a redirect with redirectOrigin downgrades to http, like a TLS proxy", async () => {
    sandbox.databar.settings.redirectOrigin = "http://api.databar.ai";
    expect((await databar("/v1/connectors")).headers.get("location")).toBe(
      "http://api.databar.ai/v1/connectors/",
    );
  });

  test.each([
    "/",
    "/v1",
    "/connectors/",
    "/v1/v1/connectors/",
    "/v1//connectors/",
    "/v1/connectors/1/2",
    "/v2/connectors/",
  ])("the unknown path %s is 404", async (path) => {
    const answer = await databar(path);
    expect([answer.status, answer.body]).toEqual([404, { detail: "Not Found" }]);
  });

  test("an unsupported method is 405 with the supported ones", async () => {
    const answer = await databar("/v1/connectors/1", { method: "PATCH" });
    expect([answer.status, answer.body, answer.headers.get("allow")]).toEqual([
      405,
      { detail: "Method Not Allowed" },
      "GET, PUT, DELETE",
    ]);
  });

  test("a delete of a connector in use is 409 with the reason", async () => {
    sandbox.databar.inUse(1, "Connector is used by table 5");
    const refused = await databar("/v1/connectors/1", { method: "DELETE" });
    expect([refused.status, refused.body]).toEqual([
      409,
      { detail: "Connector is used by table 5" },
    ]);
    sandbox.databar.inUse(1, null);
    expect((await databar("/v1/connectors/1", { method: "DELETE" })).status).toBe(204);
  });

  test("requests above the limit per second are 429 with Retry-After", async () => {
    sandbox.databar.settings.requestsPerSecond = 2;
    const replies = await Promise.all([1, 2, 3, 4].map(() => databar("/v1/connectors/")));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429]);
    const refused = replies.find(({ status }) => status === 429)!;
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(schemaErrors("databarError", refused.body)).toEqual([]);
  });

  test.each([400, 401, 403, 404, 406, 409, 429, 500, 503])(
    "a fault with status %s alone answers with detail",
    async (status) => {
      sandbox.databar.fault({ status });
      const answer = await databar("/v1/connectors/");
      expect(answer.status).toBe(status);
      expect(schemaErrors("databarError", answer.body)).toEqual([]);
    },
  );
});
