import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, supermetricsClient } from "../support";

const CONNECTOR = { name: "n", method: "get", url: "https://api.example.com" };

describe("the identity of connectors", () => {
  const started: Sandbox[] = [];
  const start = async (...options: Parameters<typeof startSandbox>): Promise<Sandbox> => {
    const sandbox = await startSandbox(...options);
    started.push(sandbox);
    return sandbox;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((sandbox) => sandbox.close()));
  });

  const createDatabar = async (url: string, name = "n", key?: string): Promise<unknown> =>
    (
      await databarClient(url, key)("/v1/connectors/", {
        method: "POST",
        json: { ...CONNECTOR, name },
      })
    ).body;
  const createSupermetrics = async (url: string): Promise<unknown> =>
    (await supermetricsClient(url)("/connectors", { method: "POST", form: { title: "t" } })).body;

  test("Databar reuses the id of a deleted connector with reuseIds, with a new created_at", async () => {
    let now = "2026-01-01T00:00:00Z";
    const { databar } = await start({ databar: { reuseIds: true, now: () => new Date(now) } });
    const first = await createDatabar(databar.url);
    await createDatabar(databar.url);
    expect(first).toMatchObject({ id: 1, created_at: "2026-01-01T00:00:00Z" });
    databar.remove(1);
    now = "2026-01-02T00:00:00Z";
    expect(await createDatabar(databar.url)).toMatchObject({
      id: 1,
      created_at: "2026-01-02T00:00:00Z",
    });
    expect(await createDatabar(databar.url)).toMatchObject({ id: 3 });
  });

  test("Supermetrics reuses the identifier of a deleted connector with reuseIdentifiers, but never an existing one", async () => {
    const { supermetrics } = await start({
      supermetrics: { reuseIdentifiers: true, nextIdentifiers: ["A1", "A1", "A1", "B2"] },
    });
    expect(await createSupermetrics(supermetrics.url)).toMatchObject({
      connector_identifier: "A1",
    });
    supermetrics.remove("A1");
    expect(await createSupermetrics(supermetrics.url)).toMatchObject({
      connector_identifier: "A1",
    });
    expect(await createSupermetrics(supermetrics.url)).toMatchObject({
      connector_identifier: "B2",
    });
  });

  test("two sandboxes have different connectors under the same ids", async () => {
    const options = { supermetrics: { nextIdentifiers: ["T3S70"] } };
    const [one, two] = [
      await start(structuredClone(options)),
      await start(structuredClone(options)),
    ];
    for (const [sandbox, name] of [
      [one, "one"],
      [two, "two"],
    ] as const) {
      expect(await createDatabar(sandbox.databar.url, name)).toMatchObject({ id: 1 });
      sandbox.supermetrics.seed({ name });
    }
    expect([one, two].map(({ databar }) => databar.connectors.map(({ name }) => name))).toEqual([
      ["one"],
      ["two"],
    ]);
    expect(
      [one, two].map(({ supermetrics }) =>
        supermetrics.connectors.map(({ connector_identifier: id, name }) => `${id} ${name}`),
      ),
    ).toEqual([["T3S70 one"], ["T3S70 two"]]);
  });

  test("a restart closes connections, removes everything, and lets ids start again; settings and URLs stay", async () => {
    const sandbox = await start({ databar: { firstId: 5, keys: ["key-1"] } });
    const { databar, supermetrics } = sandbox;
    const urls = [databar.url, supermetrics.url];
    await createDatabar(databar.url);
    supermetrics.seed({ connector_identifier: "T3S70" });
    databar.fault({ delay: 60_000 });
    const open = databarClient(databar.url)("/v1/connectors/");
    const outcome = Promise.allSettled([open]);
    while (databar.log.length < 2) {
      await new Promise(setImmediate);
    }
    sandbox.restart();
    expect((await outcome)[0].status).toBe("rejected");
    expect([databar.connectors, supermetrics.connectors, databar.log]).toEqual([[], [], []]);
    expect([databar.url, supermetrics.url]).toEqual(urls);
    expect(await createDatabar(databar.url)).toMatchObject({ id: 5 });
    supermetrics.settings.nextIdentifiers = ["T3S70"];
    expect(await createSupermetrics(supermetrics.url)).toMatchObject({
      connector_identifier: "T3S70",
    });
    expect((await databarClient(databar.url, "key-2")("/v1/connectors/")).status).toBe(403);
  });

  test("a second URL serves the same connectors, and closes with the first", async () => {
    const { databar } = await start();
    const url = await databar.addUrl();
    expect(url).not.toBe(databar.url);
    await createDatabar(url);
    expect((await databarClient(databar.url)("/v1/connectors/1")).status).toBe(200);
    expect(databar.log).toHaveLength(2);
    await databar.close();
    await expect(databarClient(url)("/v1/connectors/")).rejects.toThrow();
  });

  test("keys can share a Databar workspace, like a key and its replacement, and others not", async () => {
    const { databar } = await start({ databar: { workspaceOf: (key) => key.slice(0, 1) } });
    await createDatabar(databar.url, "mine", "a-old");
    expect((await databarClient(databar.url, "a-new")("/v1/connectors/")).body).toMatchObject([
      { name: "mine" },
    ]);
    expect((await databarClient(databar.url, "b")("/v1/connectors/")).body).toEqual([]);
    expect(databar.connectorsOf("a-new")).toHaveLength(1);
  });

  test.each([
    [undefined, expect.any(String)],
    ["null", null],
    ["missing", undefined],
  ] as const)("Databar's created_at can be null or missing: %s", async (createdAt, expected) => {
    const { databar } = await start({ databar: { normalize: { createdAt } } });
    await createDatabar(databar.url);
    const { body } = await databarClient(databar.url)("/v1/connectors/1");
    expect((body as { created_at?: unknown }).created_at).toEqual(expected);
  });

  test.each([
    [{}, "2025-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"],
    [{ timestamps: "z" }, "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z"],
    [{ listTimestamps: "date" }, "2025-01-01T00:00:00+00:00", "2025-01-01"],
    [{ timestamps: "z", listTimestamps: "date" }, "2025-01-01T00:00:00Z", "2025-01-01"],
  ] as const)("Supermetrics' timestamps can differ in lists: %j", async (normalize, get, list) => {
    const { supermetrics } = await start({
      supermetrics: { normalize, now: () => new Date("2025-01-01T00:00:00Z") },
    });
    const client = supermetricsClient(supermetrics.url);
    supermetrics.seed({ connector_identifier: "T3S70" });
    const times = (time: string): object => ({ created_at: time, updated_at: time });
    expect((await client("/connectors/T3S70")).body).toMatchObject({
      ...times(get),
      configuration: times(get),
    });
    expect((await client("/connectors?include_configs=true")).body).toMatchObject({
      connectors: [{ ...times(list), configuration: times(list) }],
    });
    expect((await client("/connectors")).body).toMatchObject({ connectors: [times(list)] });
  });
});
