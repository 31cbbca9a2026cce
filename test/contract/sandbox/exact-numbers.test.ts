import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, supermetricsClient } from "../support";

const HUGE = "12345678901234567890";

describe("numbers that JavaScript cannot represent exactly", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
    sandbox.supermetrics.seed({ connector_identifier: "T3S70", configuration_json: {} });
  });
  afterEach(() => sandbox.close());

  const put = (configuration: string): Promise<unknown> =>
    supermetrics("/connectors/T3S70", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      raw: `{"configuration":{"configuration_json":${configuration}}}`,
    });
  const get = async (): Promise<string> => (await supermetrics("/connectors/T3S70")).text;

  test.each([
    HUGE,
    `-${HUGE}`,
    "9007199254740993.0",
    "0.1234567890123456789",
    "1e400",
    "9007199254740993",
  ])("%s is stored and returned with its digits", async (number) => {
    await put(`{"n":${number},"list":[${number}]}`);
    expect(await get()).toContain(`{"n":${number},"list":[${number}]}`);
    expect(sandbox.supermetrics.connectors[0]?.configuration.configuration_json).toEqual({
      n: { $number: number },
      list: [{ $number: number }],
    });
    expect(sandbox.supermetrics.log[0]?.body).toMatchObject({
      configuration: { configuration_json: { n: { $number: number } } },
    });
  });

  test("other numbers, and digits in strings, are plain values", async () => {
    const values = {
      numbers: [0, -0.5, 0.1 + 0.2, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE],
      string: HUGE,
      [HUGE]: `"${HUGE}\\`,
    };
    await put(JSON.stringify(values));
    expect(sandbox.supermetrics.connectors[0]?.configuration.configuration_json).toEqual(values);
    expect(await get()).toContain(JSON.stringify(values));
  });

  test("can be seeded, changed, and added to any answer", async () => {
    const number = { $number: HUGE };
    sandbox.supermetrics.change("T3S70", { configuration_json: { n: number } });
    expect(await get()).toContain(`"n":${HUGE}`);
    sandbox.databar.settings.normalize = { extraFields: { owner: number } };
    sandbox.databar.seed();
    const databar = databarClient(sandbox.databar.url);
    expect((await databar("/v1/connectors/")).text).toContain(`"owner":${HUGE}`);
    sandbox.databar.fault({ body: { id: number } });
    expect((await databar("/v1/connectors/1")).text).toBe(`{"id":${HUGE}}`);
  });

  test.each([
    [{}, HUGE],
    [{ numbersAsText: true }, `"${HUGE}"`],
    [{ roundNumbers: true }, "12345678901235000000"],
    [{ roundNumbers: true, numbersAsText: true }, '"12345678901235000000"'],
    [{ sortKeys: true, emptyObjectsAsLists: true }, HUGE],
  ])("are normalized like other numbers: %j", async (normalize, expected) => {
    await put(`{"n":${HUGE}}`);
    sandbox.supermetrics.settings.normalize = normalize;
    expect(await get()).toContain(`{"n":${expected}}`);
  });
});
