import {
  type Sandbox,
  startSandbox,
  type SupermetricsNormalization,
} from "../../../provider/sandbox";
import { supermetricsClient } from "../support";

const WRITTEN = { z: {}, a: [{ y: 1, b: {} }, []], third: 0.1 + 0.2 };

describe("normalization by Supermetrics", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
    sandbox.supermetrics.seed({ connector_identifier: "T3S70", configuration_json: WRITTEN });
  });
  afterEach(() => sandbox.close());

  const read = async (normalize: SupermetricsNormalization): Promise<string> => {
    sandbox.supermetrics.settings.normalize = normalize;
    const { body } = await supermetrics("/connectors/T3S70");
    return JSON.stringify(
      (body as { configuration: { configuration_json: unknown } }).configuration.configuration_json,
    );
  };

  test.each<[string, SupermetricsNormalization, string]>([
    ["nothing by default", {}, '{"z":{},"a":[{"y":1,"b":{}},[]],"third":0.30000000000000004}'],
    [
      "empty objects to arrays",
      { emptyObjectsAsLists: true },
      '{"z":[],"a":[{"y":1,"b":[]},[]],"third":0.30000000000000004}',
    ],
    [
      "the order of keys",
      { sortKeys: true },
      '{"a":[{"b":{},"y":1},[]],"third":0.30000000000000004,"z":{}}',
    ],
    [
      "empty values to null",
      { emptyValues: "null" },
      '{"z":null,"a":[{"y":1,"b":null},[]],"third":0.30000000000000004}',
    ],
    [
      "empty values to missing keys",
      { emptyValues: "missing" },
      '{"a":[{"y":1},[]],"third":0.30000000000000004}',
    ],
    [
      "numbers to strings",
      { numbersAsText: true },
      '{"z":{},"a":[{"y":"1","b":{}},[]],"third":"0.30000000000000004"}',
    ],
    ["numbers", { roundNumbers: true }, '{"z":{},"a":[{"y":1,"b":{}},[]],"third":0.3}'],
    [
      "omitted defaults",
      { configurationDefaults: { z: { on: true }, third: 1, new: [] } },
      '{"z":{"on":true},"a":[{"y":1,"b":{}},[]],"third":0.30000000000000004,"new":[]}',
    ],
  ])("%s", async (_, normalize, expected) => {
    expect(await read(normalize)).toBe(expected);
    expect(sandbox.supermetrics.connectors[0]?.configuration.configuration_json).toEqual(WRITTEN);
  });

  test("an empty configuration becomes an array, too", async () => {
    sandbox.supermetrics.change("T3S70", { configuration_json: {} });
    expect(await read({ emptyObjectsAsLists: true })).toBe("[]");
  });

  test("strings are trimmed, keys are not", async () => {
    sandbox.supermetrics.change("T3S70", {
      configuration_json: { " key ": [" a ", { b: "\tb\n" }] },
    });
    expect(await read({ trimTexts: true })).toBe('{" key ":["a",{"b":"b"}]}');
  });

  test("a list with configurations normalizes them, too", async () => {
    sandbox.supermetrics.settings.normalize = { emptyObjectsAsLists: true };
    const list = await supermetrics("/connectors?include_configs=true");
    expect(list.body).toMatchObject({
      connectors: [{ configuration: { configuration_json: { z: [] } } }],
    });
  });

  test("successful bodies are wrapped in meta and data, errors are not", async () => {
    sandbox.supermetrics.settings.normalize = { wrapData: true };
    expect((await supermetrics("/connectors")).body).toMatchObject({
      meta: { request_id: expect.any(String) as string },
      data: { count: 1 },
    });
    expect(
      (await supermetrics("/connectors", { method: "POST", form: { title: "t" } })).body,
    ).toMatchObject({ data: { name: "t" } });
    expect((await supermetrics("/connectors/T3S70/secrets")).body).toMatchObject({
      data: { count: 0 },
    });
    expect((await supermetrics("/connectors/NOPE1")).body).toHaveProperty("error");
  });

  test("unknown fields are added", async () => {
    sandbox.supermetrics.settings.normalize = { extraFields: { status: "live" } };
    expect((await supermetrics("/connectors/T3S70")).body).toMatchObject({ status: "live" });
    expect((await supermetrics("/connectors")).body).toMatchObject({
      connectors: [{ status: "live" }],
    });
  });

  test("names are trimmed and empty descriptions stored as null", async () => {
    sandbox.supermetrics.settings.normalize = { trimNames: true, emptyDescriptionAsNull: true };
    const created = await supermetrics("/connectors", {
      method: "POST",
      form: { title: "  t ", description: "" },
    });
    expect(created.body).toMatchObject({ name: "t", description: null });
    await supermetrics("/connectors/T3S70", {
      method: "PUT",
      json: { connector: { name: " n ", description: "" } },
    });
    expect((await supermetrics("/connectors/T3S70")).body).toMatchObject({
      name: "n",
      description: null,
    });
  });
});
