/** The rules of examples/policy, without Pulumi. The CLI runs them in test/e2e/policy.test.ts. */
import { connectorsOf, stackOf } from "../../../examples/policy/connectors";
import { credentials } from "../../../examples/policy/credentials";
import { type Rule } from "../../../examples/policy/rule";
import { hosts, naming, protection, rateLimits } from "../../../examples/policy/rules";

const DATABAR = "pulumi-nodejs:dynamic/databar:DatabarConnector";
const DATABAR_FLEET = "pulumi-nodejs:dynamic/databar:DatabarFleet";
const SUPERMETRICS = "pulumi-nodejs:dynamic/supermetrics:SupermetricsConnector";
const SUPERMETRICS_FLEET = "pulumi-nodejs:dynamic/supermetrics:SupermetricsFleet";

/** Shaped like a key of its issuer, and no key. */
const KEY = ["sk", "live", "0123456789abcdefghijkl"].join("_");

type Values = Readonly<Record<string, unknown>>;

function problems<C>(
  rule: Rule<C>,
  type: string,
  props: Values,
  { settings, stack = "dev", protect = false }: Partial<Given<C>> = {},
): readonly string[] {
  const resource = { connectors: connectorsOf(type, props) ?? [], stack, protect, props };
  return rule.problems(resource, { ...rule.defaults, ...settings });
}

interface Given<C> {
  readonly settings: Partial<C>;
  readonly stack: string;
  readonly protect: boolean;
}

/** As the policy SDK shows a value that a preview does not know yet. */
function withUnknown(known: Values, name: string): Values {
  return Object.defineProperty({ ...known }, name, {
    enumerable: true,
    get: () => {
      throw new Error("unknown");
    },
  });
}

describe("resources", () => {
  test.each<[string, Values, string[] | undefined]>([
    [DATABAR, { name: "A" }, [""]],
    [SUPERMETRICS, { name: "A" }, [""]],
    [DATABAR_FLEET, { connectors: { a: {}, b: {} } }, ["connectors.a", "connectors.b"]],
    [SUPERMETRICS_FLEET, { connectors: { a: {} } }, ["connectors.a"]],
    ...["databar", "supermetrics"].flatMap((vendor): [string, Values, string[]][] => [
      [`${vendor}:index:Connector`, { name: "A" }, [""]],
      [`${vendor}:index:Fleet`, { connectors: { a: {} } }, ["connectors.a"]],
    ]),
    ["pulumi:pulumi:Stack", {}, undefined],
  ])("of type %s have these connectors", (type, props, places) =>
    expect(connectorsOf(type, props)?.map(({ at }) => at)).toEqual(places),
  );
  test("of a fleet that is not known yet have none", () =>
    expect(connectorsOf(DATABAR_FLEET, withUnknown({}, "connectors"))).toEqual([]));
  test("belong to the stack in their URN", () =>
    expect(stackOf(`urn:pulumi:prod::shop::${DATABAR}::scoring`)).toBe("prod"));
});

describe("connector-hosts", () => {
  const listed = { settings: { hosts: ["api.example.com", "*.awin.com"] } };

  test.each([
    ["https://api.example.com/v1", []],
    ["https://API.EXAMPLE.COM./v1", []],
    ["https://eu.awin.com/", []],
    ["https://awin.com/", ["url: awin.com is not an allowed host."]],
    ["https://api.example.com.evil.io/", ["url: api.example.com.evil.io is not an allowed host."]],
    ["https://api.example.com@evil.io/", ["url: evil.io is not an allowed host."]],
    ["https://{{ shop }}.awin.com/", ["url: the host is not part of the text."]],
    ["{{ address }}", ["url: the host is not part of the text."]],
  ])("with a list, judges %s", (url, expected) => {
    const found = problems(hosts, DATABAR, { url }, listed);
    expect(found.map((line) => line.replace(/(?<=\.) (Allowed|Write).*/, ""))).toEqual(expected);
  });
  test.each(["10.0.0.8", "[::1]", "localhost", "intranet", "db.internal"])(
    "without a list, refuses %s",
    (host) =>
      expect(problems(hosts, DATABAR, { url: `https://${host}/` })).toEqual([
        `url: ${host} is not a public host name.`,
      ]),
  );
  test("reads every request of a configuration, and no schema or help text", () => {
    const configuration = {
      $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
      help: "See https://help.example.org",
      reports: [{ request: { url: "https://evil.io/x" } }],
    };
    expect(
      problems(hosts, SUPERMETRICS_FLEET, { connectors: { awin: { configuration } } }, listed),
    ).toEqual([
      "connectors.awin.configuration.reports.0.request.url: evil.io is not an allowed host. Allowed: api.example.com, *.awin.com.",
    ]);
  });
  test("judges what is known of a fleet", () => {
    const connectors = {
      a: withUnknown({}, "url"),
      b: { url: "https://evil.io/" },
    };
    expect(problems(hosts, DATABAR_FLEET, { connectors }, listed)).toHaveLength(1);
  });
});

describe("connector-naming", () => {
  test.each([
    ["Scoring (EMEA)", 0],
    ["3D models", 0],
    ["scoring", 1],
    ["A", 1],
    ["Two  spaces", 1],
    ["Scoring ", 1],
  ])("judges %s", (name, count) => expect(problems(naming, DATABAR, { name })).toHaveLength(count));
  test("names the key of a fleet", () =>
    expect(
      problems(naming, SUPERMETRICS_FLEET, { connectors: { awin: { name: "awin" } } }),
    ).toEqual([expect.stringMatching(/^connectors\.awin\.name: "awin" does not match/)]));
});

describe("connector-credentials", () => {
  test.each<[string, Values, string[]]>([
    ["a header with the name of a credential", { headers: { "X-Api-Key": KEY } }, []],
    ["another header", { headers: { "X-Custom": KEY } }, ["headers.X-Custom"]],
    ["one of several values", { parameters: { list: ["a", KEY] } }, ["parameters.list.1"]],
    ["a template", { bodyTemplate: `{"key": "${KEY}"}` }, ["bodyTemplate"]],
    ["a name", { name: KEY }, ["name"]],
    ["user information", { url: "https://user:pass@api.example.com" }, ["url"]],
    ["a query with a key", { url: "https://api.example.com?api_key=abc" }, ["url"]],
    ["a query with a variable", { url: "https://api.example.com?api_key={{ key }}" }, []],
    ["http", { url: "http://api.example.com" }, ["url"]],
  ])("finds %s", (_, props, places) => {
    const found = problems(credentials, DATABAR, props);
    expect(found.map((line) => line.split(":", 1)[0])).toEqual(places);
    expect(found.join()).not.toContain(KEY);
  });
  test("takes further names that the program encrypts", () =>
    expect(
      problems(
        credentials,
        DATABAR,
        { headers: { "X-Custom": KEY } },
        { settings: { encryptedNames: ["X-Custom"] } },
      ),
    ).toEqual([]));
  test("finds literal secrets of a configuration, and none under secrets", () => {
    const item = (value: string): Values => ({ id: "k", classification: "secret", value });
    const configuration = {
      secrets: { items: [item("plain-value"), item("${secrets.k}"), item(KEY)] },
      note: KEY,
    };
    const found = problems(credentials, SUPERMETRICS, { secrets: { k: KEY }, configuration });
    expect(found.map((line) => line.split(":", 1)[0])).toEqual([
      "configuration.secrets.items.2.value",
      "configuration.note",
      "configuration.secrets.items.0.value",
    ]);
    expect(found.join()).not.toMatch(/plain-value|sk_live/);
  });
});

describe("connector-rate-limits", () => {
  test.each<[Values, string[]]>([
    [{ rateLimit: 60 }, []],
    [{ rateLimit: 60, maxConcurrency: 5 }, []],
    [{}, ["rateLimit: is missing. Set it to 1000 or less."]],
    [{ rateLimit: 1001 }, ["rateLimit: 1001 is more than 1000."]],
    [{ rateLimit: 1, maxConcurrency: 21 }, ["maxConcurrency: 21 is more than 20."]],
  ])("judges %j", (props, expected) =>
    expect(problems(rateLimits, DATABAR, props)).toEqual(expected),
  );
  test("waits for a limit that is not known yet", () =>
    expect(problems(rateLimits, DATABAR, withUnknown({}, "rateLimit"))).toEqual([]));
  test("leaves Supermetrics alone", () =>
    expect(problems(rateLimits, SUPERMETRICS, {})).toEqual([]));
});

describe("connector-protection", () => {
  test.each([
    ["prod", false, 1],
    ["prod", true, 0],
    ["emea-prod", false, 1],
    ["dev", false, 0],
    ["product", false, 0],
  ])("in the stack %s with protect: %s", (stack, protect, count) =>
    expect(problems(protection, DATABAR, {}, { stack, protect })).toHaveLength(count),
  );
  test("bounds what a fleet may delete", () =>
    expect(
      problems(
        protection,
        SUPERMETRICS_FLEET,
        { connectors: {}, maxDeletes: 500 },
        { stack: "prod", protect: true },
      ),
    ).toEqual(["maxDeletes: 500 is more than 10."]));
});
