import { ConnectorError } from "../../../provider/errors";
import { createHttpClient, type HttpClientOptions, parseBaseUrl } from "../../../provider/http";

const context = {
  vendor: "Databar",
  setting: "databar:baseUrl",
  example: "https://api.databar.ai",
};

function errorOf(action: () => unknown): ConnectorError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConnectorError) {
      return error;
    }
  }
  throw new Error("It did not throw a ConnectorError.");
}

function create(options: Partial<HttpClientOptions>): unknown {
  return createHttpClient({
    vendor: "Acme",
    origin: "https://api.example.com",
    credential: ["x-apikey", "key"],
    ...options,
  });
}

describe("a base URL", () => {
  it.each([
    ["https://api.databar.ai", "https://api.databar.ai"],
    ["https://api.databar.ai/", "https://api.databar.ai"],
    ["https://api.databar.ai/v1", "https://api.databar.ai"],
    [" https://API.databar.ai:443/v1/\n", "https://api.databar.ai"],
    ["https://proxy.example.com:8443", "https://proxy.example.com:8443"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
    ["http://127.8.9.1/v1", "http://127.8.9.1"],
    ["http://localhost:4000/", "http://localhost:4000"],
    ["http://[::1]:4000", "http://[::1]:4000"],
  ])("%j is the origin %s", (value, origin) => expect(parseBaseUrl(value, context)).toBe(origin));

  it.each([
    ["", "is not a URL"],
    ["api.databar.ai", "is not a URL"],
    ["ftp://api.databar.ai", "does not begin with https://"],
    ["https://user:p4ss@api.databar.ai", "holds a user name or a password"],
    ["https://api.databar.ai/?key=p4ss", "holds a query"],
    ["https://api.databar.ai/#p4ss", "holds a query or a fragment"],
    ["https://api.databar.ai/v2", "holds a path"],
    ["https://api.databar.ai/v1/connectors", "holds a path"],
    ["http://api.databar.ai", "over plain http"],
    ["http://127.0.0.1.example.com", "over plain http"],
    ["http://localhost.example.com", "over plain http"],
    ["http://10.0.0.1", "over plain http"],
  ])("%j is refused: it %s", (value, fault) => {
    const error = errorOf(() => parseBaseUrl(value, context));
    expect(error).toMatchObject({ code: "configuration", vendor: "Databar" });
    expect(error.message).toContain("databar:baseUrl");
    expect(error.message).toContain(fault);
    expect(error.message).toContain("for example https://api.databar.ai");
    expect(error.message).not.toContain("p4ss");
  });
});

describe("a credential", () => {
  it.each(["key\n", "key\r\nx-evil: 1", "k\u0000y", "kéy", "", "   "])(
    "%j is refused without being repeated",
    (value) => {
      const error = errorOf(() => create({ credential: ["x-apikey", value] }));
      expect(error.code).toBe("configuration");
      expect(error.message).toContain("Acme credential");
      if (value.trim() !== "") {
        expect(error.message).not.toContain(value);
      }
    },
  );

  it("goes to https or to this machine only", () => {
    expect(errorOf(() => create({ origin: "http://api.example.com" })).code).toBe("configuration");
  });
});

it.each([
  ["requestsPerSecond", 0],
  ["requestsPerSecond", NaN],
  ["maxConcurrentRequests", 1.5],
  ["requestTimeout", -1],
  ["operationTimeout", Infinity],
  ["maxAttempts", 0],
  ["maxResponseBytes", 0],
])("%s cannot be %d", (setting, value) => {
  expect(errorOf(() => create({ [setting]: value }))).toMatchObject({
    code: "configuration",
    rawMessage: expect.stringContaining(setting) as string,
  });
});
