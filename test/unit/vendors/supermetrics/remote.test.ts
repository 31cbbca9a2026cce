import {
  parseConnector,
  parseSecrets,
  unwrap,
} from "../../../../provider/vendors/supermetrics/remote";

describe("a connector", () => {
  test("needs nothing but an identifier", () =>
    expect(parseConnector({ connector_identifier: "T3S70" })).toEqual({ identifier: "T3S70" }));
  test("is read in all its parts", () => {
    const configuration = {
      version: "1.0.0",
      configuration_json: { a: 1 },
      created_at: "x",
      updated_at: "y",
    };
    expect(
      parseConnector({
        connector_identifier: "T3S70",
        name: "A",
        description: null,
        logo_url: "https://x",
        created_at: "2025-01-01",
        updated_at: "2025-01-02T00:00:00Z",
        configuration,
        unheard_of: 1,
      }),
    ).toEqual({
      identifier: "T3S70",
      name: "A",
      description: "",
      logoUrl: "https://x",
      createdAt: "2025-01-01",
      updatedAt: "2025-01-02T00:00:00Z",
      configuration: { a: 1 },
      configurationVersion: "1.0.0",
    });
  });
  test.each<[unknown, object]>([
    [{ configuration_json: [] }, { configuration: {} }],
    [{ configuration_json: '{"a":1}' }, { configuration: { a: 1 } }],
    [{ configuration_json: "no JSON", version: 2 }, { configurationVersion: "2" }],
    [{ configuration_json: "[1]" }, {}],
    [{ configuration_json: [1] }, {}],
    [{ configuration_json: null, version: null }, {}],
    ["text", {}],
    [null, {}],
  ])("with the configuration %j", (configuration, parsed) => {
    expect(parseConnector({ connector_identifier: "T", configuration })).toEqual({
      identifier: "T",
      ...parsed,
    });
  });
  test("with parts of other types lacks these parts", () =>
    expect(
      parseConnector({
        connector_identifier: "T",
        name: 5,
        description: {},
        logo_url: null,
        created_at: 1,
        updated_at: [],
      }),
    ).toEqual({ identifier: "T" }));
  test.each([
    undefined,
    null,
    "T3S70",
    [],
    {},
    { connector_identifier: 5 },
    { connector_identifier: "" },
    { connector_identifier: "a b" },
    { connector_identifier: "a/b" },
  ])("%j is none", (value) => expect(parseConnector(value)).toBeUndefined());
});

describe("secrets", () => {
  const one = { secret_name: "k", secret_placeholder: "sec_1" };
  test.each<[unknown]>([
    [{ count: 1, secrets: [one] }],
    [[one]],
    [{ secrets: [{ ...one, more: 1 }] }],
  ])("%j are some", (value) =>
    expect(parseSecrets(value)).toEqual([{ name: "k", placeholder: "sec_1" }]),
  );
  test.each<[unknown]>([
    [undefined],
    [{}],
    [{ secrets: {} }],
    [{ secrets: [one, 5] }],
    [{ secrets: [{ secret_name: "k" }] }],
    [{ secrets: [{ secret_placeholder: "p" }] }],
    ["text"],
  ])("%j are none", (value) => expect(parseSecrets(value)).toBeUndefined());
  test("may be an empty list", () => expect(parseSecrets({ count: 0, secrets: [] })).toEqual([]));
});

describe("unwrap", () => {
  test.each([
    { connector_identifier: "T", data: 1 },
    { connectors: [], data: 1 },
    { secrets: [] },
    "text",
    undefined,
  ])("%j is bare", (value) => expect(unwrap(value)).toBe(value));
  test("takes {meta, data} off", () =>
    expect(unwrap({ meta: {}, data: { secrets: [] } })).toEqual({ secrets: [] }));
});
