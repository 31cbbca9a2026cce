import { ConnectorError } from "../../../provider/errors";
import { type FieldTable } from "../../../provider/model/field";
import {
  missingKey,
  readSettings,
  type SettingNames,
  type Settings,
} from "../../../provider/pulumi/provider/stack-settings";

const names: SettingNames = {
  vendor: "Acme",
  namespace: "acme",
  environment: "ACME",
  baseUrl: "https://api.example.com",
  requestsPerSecond: 20,
};
const scope = {
  name: "siteId",
  kind: "text",
  description: "The site.",
  example: "7",
  fromSettings: true,
} as const;
const table: FieldTable = {
  vendor: "Acme",
  resource: "AcmeConnector",
  docs: "https://example.com",
  fields: [scope, { ...scope, name: "name", fromSettings: undefined }],
  computed: [],
  leftOut: [],
};
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const read = (
  config: Record<string, unknown> = {},
  environment: NodeJS.ProcessEnv = {},
): Settings => readSettings({ names, table }, { get: (key) => config[key] }, environment);

test("what nothing is said about", () => {
  const limits = {
    requestsPerSecond: 20,
    maxConcurrentRequests: undefined,
    requestTimeout: undefined,
    operationTimeout: undefined,
    backoff: undefined,
  };
  expect(read()).toEqual({
    provider: undefined,
    apiKey: undefined,
    inputs: {},
    keyUnknown: false,
    originUnknown: false,
    origin: "https://api.example.com",
    looksInPreview: true,
    limits,
  });
  expect(readSettings({ names, table }, undefined, {})).toEqual(read());
});

describe("the stack configuration comes first, the environment second", () => {
  test("apiKey and ACME_API_KEY", () => {
    expect(read({ "acme:apiKey": "one" }, { ACME_API_KEY: "two" }).apiKey).toBe("one");
    expect(read({}, { ACME_API_KEY: "two" }).apiKey).toBe("two");
    expect(read({ apiKey: "one", "other:apiKey": "one" }).apiKey).toBeUndefined();
  });
  test("inputs that the table takes from the settings, and no others", () => {
    expect(
      read({ "acme:siteId": "1", "acme:name": "A" }, { ACME_SITE_ID: "2", ACME_NAME: "B" }).inputs,
    ).toEqual({ siteId: "1" });
    expect(read({}, { ACME_SITE_ID: "2" }).inputs).toEqual({ siteId: "2" });
    expect(read({ siteId: "1", "other:siteId": "1" }).inputs).toEqual({});
  });
  test("baseUrl and ACME_BASE_URL", () => {
    expect(
      read(
        { "acme:baseUrl": "https://one.example.com" },
        { ACME_BASE_URL: "https://two.example.com" },
      ).origin,
    ).toBe("https://one.example.com");
    expect(read({}, { ACME_BASE_URL: "https://two.example.com/v1/" }).origin).toBe(
      "https://two.example.com",
    );
  });
  test.each(["", "  ", null])(
    "a stack setting that is %j does not hide the environment",
    (blank) => {
      const environment = {
        ACME_API_KEY: "two",
        ACME_BASE_URL: "https://two.example.com",
        ACME_BACKOFF_SECONDS: "1",
      };
      const settings = read(
        { "acme:apiKey": blank, "acme:baseUrl": blank, "acme:backoffSeconds": blank },
        environment,
      );
      expect(settings).toMatchObject({
        apiKey: "two",
        origin: "https://two.example.com",
        limits: { backoff: 1000 },
      });
    },
  );
  test("the limits, with their units", () => {
    const config = {
      "acme:requestsPerSecond": "5",
      "acme:maxConcurrentRequests": 3,
      "acme:requestTimeoutSeconds": "1.5",
      "acme:operationTimeoutSeconds": "10",
      "acme:backoffSeconds": "0.25",
    };
    expect(read(config, { ACME_REQUESTS_PER_SECOND: "9" }).limits).toEqual({
      requestsPerSecond: 5,
      maxConcurrentRequests: 3,
      requestTimeout: 1500,
      operationTimeout: 10_000,
      backoff: 250,
    });
    const environment = {
      ACME_REQUESTS_PER_SECOND: "9",
      ACME_MAX_CONCURRENT_REQUESTS: "2",
      ACME_REQUEST_TIMEOUT_SECONDS: "2",
      ACME_OPERATION_TIMEOUT_SECONDS: "3",
      ACME_BACKOFF_SECONDS: "1",
    };
    expect(read({}, environment).limits).toEqual({
      requestsPerSecond: 9,
      maxConcurrentRequests: 2,
      requestTimeout: 2000,
      operationTimeout: 3000,
      backoff: 1000,
    });
  });
});

describe("a key", () => {
  test("loses the space around it and a scheme word", () => {
    expect(read({ "acme:apiKey": " key-1\n" }).apiKey).toBe("key-1");
    expect(read({ "acme:apiKey": "Bearer key-1" }).apiKey).toBe("key-1");
  });
  test.each(["", "  "])("that is %j is none", (apiKey) =>
    expect(read({ "acme:apiKey": apiKey }).apiKey).toBeUndefined(),
  );
  test("that is not known yet is none, and known to be so; the environment's does not stand in", () => {
    expect(read({ "acme:apiKey": UNKNOWN }, { ACME_API_KEY: "other" })).toMatchObject({
      apiKey: undefined,
      keyUnknown: true,
    });
  });
  test("of another kind is none", () =>
    expect(read({ "acme:apiKey": { a: 1 } }).apiKey).toBeUndefined());
});

describe("of an explicit provider", () => {
  const EXPLICIT = { "pulumi-connectors:provider": "acme:emea" };
  const environment = {
    ACME_API_KEY: "two",
    ACME_BASE_URL: "https://two.example.com",
    ACME_SITE_ID: "2",
    ACME_REQUESTS_PER_SECOND: "9",
  };

  test("the environment is never used", () =>
    expect(read(EXPLICIT, environment)).toEqual({ ...read(), provider: "emea" }));
  test("its arguments are used", () =>
    expect(read({ ...EXPLICIT, "acme:apiKey": "one" }, environment).apiKey).toBe("one"));
  test("another vendor's is refused by name", () =>
    expect(() => read({ "pulumi-connectors:provider": "other:a:b" }, environment)).toThrow(
      '[configuration] A resource of Acme cannot use the explicit provider "a:b", which serves another vendor.',
    ));
});

describe("a value that cannot be used names its setting", () => {
  const fault = (config: Record<string, unknown>): string => {
    try {
      read(config);
    } catch (error) {
      if (
        error instanceof ConnectorError &&
        error.code === "configuration" &&
        error.vendor === "Acme"
      ) {
        return error.message;
      }
      throw error;
    }
    throw new Error("It was read.");
  };
  test.each([
    "requestsPerSecond",
    "requestTimeoutSeconds",
    "operationTimeoutSeconds",
    "backoffSeconds",
  ])("%s", (setting) => {
    for (const value of ["0", "-1", "many", "NaN"]) {
      expect(fault({ [`acme:${setting}`]: value })).toBe(
        `[configuration] acme:${setting} must be a number above 0`,
      );
    }
  });
  test("maxConcurrentRequests", () => {
    for (const value of ["0", "-1", "many", "1.5"]) {
      expect(fault({ "acme:maxConcurrentRequests": value })).toBe(
        "[configuration] acme:maxConcurrentRequests must be a whole number above 0",
      );
    }
  });
  test("baseUrl", () => {
    expect(fault({ "acme:baseUrl": "http://api.example.com" })).toMatch(
      /^\[configuration\] acme:baseUrl would send the credential over plain http\. Write the origin of the Acme API, for example https:\/\/api\.example\.com$/,
    );
    expect(read({ "acme:baseUrl": "http://127.0.0.1:8080" }).origin).toBe("http://127.0.0.1:8080");
  });
});

test("a missing key names both ways to give it", () => {
  expect(missingKey(names)).toBe(
    "No Acme API key is configured. Give it with `pulumi config set --secret acme:apiKey …`, or in the environment variable ACME_API_KEY",
  );
});

test("a missing key of an explicit provider names the ways that it has", () => {
  expect(missingKey(names, "emea")).toBe(
    'The explicit provider "emea" has no Acme API key. Give it as apiKey of the provider, or with `pulumi config set --secret acme:apiKey …`; explicit providers do not use the environment',
  );
});
