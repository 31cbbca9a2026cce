import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { schemaErrors, type Reply, supermetricsClient } from "../support";

const TEAM = "936506";

describe("connectors of Supermetrics", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;
  let now: string;

  beforeEach(async () => {
    now = "2026-01-01T00:00:00Z";
    sandbox = await startSandbox({ supermetrics: { now: () => new Date(now) } });
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
  });
  afterEach(() => sandbox.close());

  const put = (id: string, json: unknown): Promise<Reply> =>
    supermetrics(`/connectors/${id}`, { method: "PUT", json });
  const get = async (id: string): Promise<unknown> =>
    (await supermetrics(`/connectors/${id}`)).body;

  test("an omitted block of an update does not change", async () => {
    const { connector_identifier: id } = sandbox.supermetrics.seed({
      name: "old",
      description: "d",
      configuration_json: { a: 1 },
    });
    await put(id, { connector: { name: "new", description: "" } });
    expect(await get(id)).toMatchObject({
      name: "new",
      description: "",
      configuration: { configuration_json: { a: 1 } },
    });
    await put(id, { configuration: { configuration_json: { b: 2 } } });
    expect(await get(id)).toMatchObject({ name: "new", description: "" });
  });

  test("a configuration is replaced as one document, never merged", async () => {
    const { connector_identifier: id } = sandbox.supermetrics.seed({
      configuration_json: { a: 1, b: { c: 2 } },
    });
    await put(id, { configuration: { configuration_json: { b: {} } } });
    expect(sandbox.supermetrics.connectors[0]?.configuration.configuration_json).toEqual({ b: {} });
  });

  test("an update changes updated_at, but not created_at or the version", async () => {
    const { connector_identifier: id } = sandbox.supermetrics.seed();
    now = "2026-01-02T00:00:00Z";
    await put(id, { configuration: { configuration_json: {} } });
    expect(await get(id)).toMatchObject({
      created_at: "2026-01-01T00:00:00+00:00",
      updated_at: "2026-01-02T00:00:00+00:00",
      configuration: {
        version: "1.0.0",
        created_at: "2026-01-01T00:00:00+00:00",
        updated_at: "2026-01-02T00:00:00+00:00",
      },
    });
  });

  test.each([
    ["write", ["01-02", "01-02"]],
    ["metadata", ["01-01", "01-01"]],
    ["read", ["01-02", "01-03"]],
  ] as const)("updated_at changes on %s", async (updatedAtMovesOn, expected) => {
    sandbox.supermetrics.settings.updatedAtMovesOn = updatedAtMovesOn;
    const { connector_identifier: id } = sandbox.supermetrics.seed();
    now = "2026-01-02T00:00:00Z";
    await put(id, { configuration: { configuration_json: {} } });
    const days = [await get(id)];
    now = "2026-01-03T00:00:00Z";
    days.push(await get(id));
    expect(days.map((day) => (day as { updated_at: string }).updated_at.slice(5, 10))).toEqual(
      expected,
    );
  });

  test("the version increases with versionCountsUp", async () => {
    sandbox.supermetrics.settings.versionCountsUp = true;
    const { connector_identifier: id } = sandbox.supermetrics.seed();
    await put(id, { configuration: { configuration_json: {} } });
    await put(id, { connector: { name: "n", description: "" } });
    expect(await get(id)).toMatchObject({ configuration: { version: "1.0.1" } });
  });

  test("list has configurations only with include_configs and listCarriesConfigurations", async () => {
    sandbox.supermetrics.seed();
    expect(schemaErrors("supermetricsList", (await supermetrics("/connectors")).body)).toEqual([]);
    expect(
      schemaErrors(
        "supermetricsListWithConfigurations",
        (await supermetrics("/connectors?include_configs=true")).body,
      ),
    ).toEqual([]);
    sandbox.supermetrics.settings.listCarriesConfigurations = false;
    expect(
      schemaErrors(
        "supermetricsList",
        (await supermetrics("/connectors?include_configs=true")).body,
      ),
    ).toEqual([]);
  });

  test("list returns the oldest 1,000 connectors", async () => {
    for (let count = 0; count < 1001; count += 1) {
      sandbox.supermetrics.seed({ connector_identifier: `C${count}` });
    }
    const { count, connectors } = (await supermetrics("/connectors")).body as {
      count: number;
      connectors: { connector_identifier: string }[];
    };
    expect([count, connectors.length, connectors.at(-1)?.connector_identifier]).toEqual([
      1000,
      1000,
      "C999",
    ]);
    expect((await supermetrics("/connectors/C1000")).status).toBe(200);
  });

  test("a delete removes all data of a connector, and its identifier is not reused", async () => {
    sandbox.supermetrics.settings.nextIdentifiers = ["T3S70", "T3S70", "NEXT1"];
    const create = (): Promise<Reply> =>
      supermetrics("/connectors", { method: "POST", form: { title: "t" } });
    expect((await create()).body).toMatchObject({ connector_identifier: "T3S70" });
    await supermetrics("/connectors/T3S70", { method: "DELETE" });
    const answers = await Promise.all([
      supermetrics("/connectors/T3S70"),
      put("T3S70", {}),
      supermetrics("/connectors/T3S70", { method: "DELETE" }),
      supermetrics("/connectors/T3S70/secrets"),
      supermetrics("/connectors/T3S70/logo"),
      supermetrics("/connectors/T3S70/logs/1"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    expect((await create()).body).toMatchObject({ connector_identifier: "NEXT1" });
  });

  test("a team cannot see or duplicate another team's connectors", async () => {
    sandbox.supermetrics.settings.teams = [TEAM, "7"];
    const { connector_identifier: id } = sandbox.supermetrics.seed({ teamId: "7" });
    expect((await supermetrics("/connectors")).body).toEqual({ count: 0, connectors: [] });
    expect((await supermetrics(`/connectors/${id}`)).status).toBe(404);
    expect(
      (
        await supermetrics("/connectors", {
          method: "POST",
          form: { title: "t", connector_identifier: id },
        })
      ).status,
    ).toBe(404);
    expect(
      (await supermetricsClient(sandbox.supermetrics.url, { team: "7" })(`/connectors/${id}`))
        .status,
    ).toBe(200);
    expect(sandbox.supermetrics.connectorsOf(TEAM)).toEqual([]);
  });

  test.each([false, true])(
    "a duplicate has its source's description by default; secrets are copied: %s",
    async (copied) => {
      sandbox.supermetrics.settings.duplicateCopiesSecrets = copied;
      const { connector_identifier: source } = sandbox.supermetrics.seed({
        description: "original",
        secrets: { key: "v" },
      });
      const created = await supermetrics("/connectors", {
        method: "POST",
        form: { title: "t", connector_identifier: source },
      });
      expect(created.body).toMatchObject({ name: "t", description: "original" });
      const { connector_identifier: id } = created.body as { connector_identifier: string };
      expect(sandbox.supermetrics.secrets(TEAM, id)).toEqual(
        copied ? sandbox.supermetrics.secrets(TEAM, source) : [],
      );
    },
  );

  test("the API returns changes made without an API call", async () => {
    const { connector_identifier: id } = sandbox.supermetrics.seed({ name: "seeded" });
    sandbox.supermetrics.change(id, { name: "changed", configuration_json: { x: 1 } });
    expect(await get(id)).toMatchObject({
      name: "changed",
      configuration: { configuration_json: { x: 1 } },
    });
    expect(sandbox.supermetrics.remove(id)).toBe(true);
    expect((await supermetrics(`/connectors/${id}`)).status).toBe(404);
    expect(() => sandbox.supermetrics.change(id, {})).toThrow(`has no connector ${id}`);
  });

  test("keys that somebody else adds to a document are merged at any depth", async () => {
    const { connector_identifier: id } = sandbox.supermetrics.seed({
      configuration_json: { a: { b: 1 }, list: [1] },
    });
    const added = { a: { c: 2 }, list: [2], new: { d: {} } };
    sandbox.supermetrics.addToConfiguration(id, added);
    expect(await get(id)).toMatchObject({
      configuration: { configuration_json: { a: { b: 1, c: 2 }, list: [2], new: { d: {} } } },
    });
    await put(id, { configuration: { configuration_json: { a: { b: 1 } } } });
    expect(sandbox.supermetrics.connectors[0]?.configuration.configuration_json).toEqual({
      a: { b: 1 },
    });
    expect(() => sandbox.supermetrics.addToConfiguration("NOPE1", {})).toThrow(
      "no connector NOPE1",
    );
  });

  test("snapshots are copies", async () => {
    const seeded = sandbox.supermetrics.seed({ configuration_json: { a: { b: 1 } } });
    seeded.configuration.configuration_json["a"] = "tampered";
    sandbox.supermetrics.connectors[0]!.name = "tampered";
    expect(await get(seeded.connector_identifier)).toMatchObject({
      name: "Test Connector",
      configuration: { configuration_json: { a: { b: 1 } } },
    });
  });
});
