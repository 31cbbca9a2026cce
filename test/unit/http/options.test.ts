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
  const CONTROLS = "holds a control character or a character outside ASCII";
  it.each([
    ["key\n", CONTROLS],
    ["key\r\nx-evil: 1", CONTROLS],
    ["k\u0000y", CONTROLS],
    ["kéy", CONTROLS],
    ["", "is empty"],
    ["   ", "is empty"],
  ])("%j is refused without being repeated: it %s", (value, fault) => {
    const error = errorOf(() => create({ credential: ["x-apikey", value] }));
    expect(error).toMatchObject({ code: "configuration", vendor: "Acme" });
    expect(error.rawMessage).toBe(
      `The Acme credential ${fault}. Copy the key again, without line breaks.`,
    );
  });

  it.each(["", "x api key", "x-apikey:", "x-äpikey", "x-apikey\n"])(
    "goes into no header named %j",
    (name) => {
      const error = errorOf(() => create({ credential: [name, "key"] }));
      expect(error).toMatchObject({
        code: "configuration",
        vendor: "Acme",
        rawMessage: "The name of the credential header is not a header name.",
      });
    },
  );

  it("goes to https or to this machine only", () => {
    expect(errorOf(() => create({ origin: "http://api.example.com" })).code).toBe("configuration");
  });
});

it.each([
  ["requestsPerSecond", 0, "a number"],
  ["requestsPerSecond", NaN, "a number"],
  ["maxConcurrentRequests", 1.5, "a whole number"],
  ["requestTimeout", -1, "a number"],
  ["operationTimeout", Infinity, "a number"],
  ["maxAttempts", 0, "a whole number"],
  ["maxResponseBytes", 0, "a whole number"],
])("%s cannot be %d: it is %s", (setting, value, kind) => {
  const error = errorOf(() => create({ [setting]: value }));
  expect(error).toMatchObject({ code: "configuration", vendor: "Acme" });
  expect(error.rawMessage).toContain(`${setting} must be ${kind} above 0 and at most `);
});
