import {
  type Sandbox,
  startSandbox,
  type SupermetricsDenial,
  type SupermetricsScope,
} from "../../../provider/sandbox";
import { call, schemaErrors, supermetricsClient } from "../support";

const TEAM_URL = "/v1/teams/936506/connector_builder";

const CALLS = [
  ["GET", "/connectors", "cb_connectors_read"],
  ["POST", "/connectors", "cb_connectors_write"],
  ["GET", "/connectors/T3S70", "cb_connectors_read"],
  ["PUT", "/connectors/T3S70", "cb_connectors_write"],
  ["DELETE", "/connectors/T3S70", "cb_connectors_write"],
  ["GET", "/connectors/T3S70/logo", "cb_logo_read"],
  ["POST", "/connectors/T3S70/logo", "cb_logo_write"],
  ["GET", "/connectors/T3S70/logs", "cb_logs_read"],
  ["GET", "/connectors/T3S70/logs/1", "cb_logs_read"],
  ["GET", "/connectors/T3S70/secrets", "cb_secrets_read"],
  ["POST", "/connectors/T3S70/secrets", "cb_secrets_write"],
  ["PUT", "/connectors/T3S70/secrets/sec_0", "cb_secrets_write"],
  ["DELETE", "/connectors/T3S70/secrets/sec_0", "cb_secrets_write"],
] as const;

describe("errors of Supermetrics", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
    sandbox.supermetrics.seed({ connector_identifier: "T3S70" });
  });
  afterEach(() => sandbox.close());

  test.each(CALLS)("%s %s without a key is 401 with a challenge", async (method, path) => {
    const refused = await call(`${sandbox.supermetrics.url}${TEAM_URL}${path}`, { method });
    expect([refused.status, refused.body]).toMatchObject([
      401,
      { error: { code: "UNAUTHORIZED", message: "Authentication is required." } },
    ]);
    expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(schemaErrors("supermetricsError", refused.body)).toEqual([]);
    expect(sandbox.supermetrics.connectors).toHaveLength(1);
  });

  test.each(CALLS)("%s %s without its scope is 403", async (method, path, scope) => {
    const all = CALLS.map(([, , name]): SupermetricsScope => name);
    sandbox.supermetrics.settings.scopes = all.filter((name) => name !== scope);
    const refused = await supermetrics(path, { method });
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { error: { code: "ACCESS_DENIED_PERMISSIONS" } },
    ]);
  });

  test.each(["", "Bearer", "Bearer ", "api_1", "Basic api_1"])(
    "the Authorization %j is 401",
    async (authorization) => {
      expect((await supermetrics("/connectors", { headers: { authorization } })).status).toBe(401);
    },
  );

  test("a key that is not accepted is 401 API_KEY_INVALID for any team", async () => {
    sandbox.supermetrics.settings.keys = ["api_1"];
    const refused = await supermetricsClient(sandbox.supermetrics.url, { key: "api_2", team: "1" })(
      "/connectors",
    );
    expect([refused.status, refused.body]).toMatchObject([
      401,
      {
        error: {
          code: "API_KEY_INVALID",
          message: "Invalid API key",
          description: "Provided API key was invalid.",
        },
      },
    ]);
    expect((await supermetrics("/connectors")).status).toBe(200);
  });

  test.each<SupermetricsDenial>([
    "ACCESS_DENIED_IP",
    "ACCESS_DENIED_PERMISSIONS",
    "API_KEY_DISABLED",
    "LICENSE_EXPIRED",
    "PERMISSION_ERROR",
  ])("every request is 403 with the denial %s", async (denied) => {
    sandbox.supermetrics.settings.denied = denied;
    const refused = await supermetrics("/connectors/T3S70");
    expect([refused.status, refused.body]).toMatchObject([403, { error: { code: denied } }]);
    expect(schemaErrors("supermetricsError", refused.body)).toEqual([]);
  });

  test("another team is 403, not 404", async () => {
    const refused = await supermetricsClient(sandbox.supermetrics.url, { team: "1" })(
      "/connectors/T3S70",
    );
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { error: { code: "FORBIDDEN", message: "You do not have access to this resource." } },
    ]);
  });

  test("404 has the general code, or the specific one with specificCodes", async () => {
    const missing = await supermetrics("/connectors/NOPE1");
    expect([missing.status, missing.body]).toMatchObject([
      404,
      { error: { code: "NOT_FOUND", message: "The requested resource was not found." } },
    ]);
    sandbox.supermetrics.settings.specificCodes = true;
    expect((await supermetrics("/connectors/NOPE1")).body).toMatchObject({
      error: { code: "CONNECTOR_NOT_FOUND" },
    });
  });

  test.each([
    ["GET", "/"],
    ["GET", `${TEAM_URL}/connectors/`],
    ["GET", `${TEAM_URL}/connectors/T3S70/`],
    ["GET", `/v1${TEAM_URL}/connectors`],
    ["GET", "/v2/teams/936506/connector_builder/connectors"],
    ["PATCH", `${TEAM_URL}/connectors/T3S70`],
    ["DELETE", `${TEAM_URL}/connectors/T3S70/logo`],
  ])("the unknown endpoint %s %s is 404 in the vendor's format", async (method, path) => {
    const answer = await supermetrics(path, { method });
    expect([answer.status, schemaErrors("supermetricsError", answer.body)]).toEqual([404, []]);
  });

  test("documented 4xx have rate-limit and CORS headers; successes have neither", async () => {
    const refused = await supermetrics("/connectors/NOPE1");
    expect([
      refused.headers.get("x-ratelimit-limit"),
      refused.headers.get("x-ratelimit-remaining"),
    ]).toEqual(["5000", "4999"]);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    const fine = await supermetrics("/connectors/T3S70");
    expect([
      fine.headers.get("x-ratelimit-limit"),
      fine.headers.get("access-control-allow-origin"),
    ]).toEqual([null, null]);
  });

  test("requests above the limit per second are 429 with Retry-After", async () => {
    sandbox.supermetrics.settings.requestsPerSecond = 2;
    const replies = await Promise.all([1, 2, 3].map(() => supermetrics("/connectors")));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect([refused[0]?.headers.get("retry-after"), refused[0]?.body]).toMatchObject([
      "1",
      { error: { code: "TOO_MANY_REQUESTS", message: "Rate limit exceeded. Retry later." } },
    ]);
  });

  test("requests above the hourly limit are 429 with the remaining seconds", async () => {
    sandbox.supermetrics.settings.requestsPerHour = 1;
    await supermetrics("/connectors");
    const refused = await supermetrics("/connectors");
    const seconds = Number(refused.headers.get("retry-after"));
    expect([
      refused.status,
      refused.headers.get("x-ratelimit-remaining"),
      seconds > 3590 && seconds <= 3600,
    ]).toEqual([429, "0", true]);
  });

  test.each([
    [400, "BAD_REQUEST", "The request was invalid."],
    [401, "UNAUTHORIZED", "Authentication is required."],
    [403, "FORBIDDEN", "You do not have access to this resource."],
    [404, "NOT_FOUND", "The requested resource was not found."],
    [409, "CONFLICT_ERROR", "The resource already exists."],
    [422, "UNPROCESSABLE_ENTITY", "Validation failed for the request parameters."],
    [429, "TOO_MANY_REQUESTS", "Rate limit exceeded. Retry later."],
    [500, "INTERNAL_SERVER_ERROR", "An unexpected error occurred."],
    [503, "SERVICE_UNAVAILABLE", "The service is temporarily unavailable."],
  ])("a fault with status %s alone answers %s", async (status, code, message) => {
    sandbox.supermetrics.fault({ status });
    const answer = await supermetrics("/connectors");
    expect([answer.status, answer.body]).toMatchObject([status, { error: { code, message } }]);
    expect(schemaErrors("supermetricsError", answer.body)).toEqual([]);
    expect([answer.headers.has("x-ratelimit-limit"), answer.headers.has("retry-after")]).toEqual([
      status < 500,
      status === 429,
    ]);
  });
});
