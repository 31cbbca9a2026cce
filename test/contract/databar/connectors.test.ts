import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, schemaErrors } from "../support";

const MINIMAL = { name: "n", method: "get", url: "https://api.example.com" };
const FULL = {
  ...MINIMAL,
  type: "exporter",
  headers: [{ name: "H", value: "1" }],
  parameters: [{ name: "P", value: "2" }],
  body: [{ name: "B", value: "3" }],
  body_template: "{{ B }}",
  rate_limit: 5,
  max_concurrency: 6,
};

describe("connectors of Databar", () => {
  let sandbox: Sandbox;
  let databar: ReturnType<typeof databarClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    databar = databarClient(sandbox.databar.url);
  });
  afterEach(() => sandbox.close());

  const create = async (fields: object = {}): Promise<number> =>
    (
      (await databar("/v1/connectors/", { method: "POST", json: { ...MINIMAL, ...fields } }))
        .body as { id: number }
    ).id;

  test("omitted fields of a create get their defaults", async () => {
    const id = await create();
    const got = await databar(`/v1/connectors/${id}`);
    expect(got.body).toMatchObject({
      type: "enrichment",
      headers: [],
      parameters: [],
      body: [],
      body_template: null,
      rate_limit: null,
      max_concurrency: null,
    });
    expect(schemaErrors("databarConnector", got.body)).toEqual([]);
  });

  test("an update replaces all fields: an omitted field is reset to its default", async () => {
    const id = await create(FULL);
    const before = sandbox.databar.connectors[0];
    const updated = await databar(`/v1/connectors/${id}`, { method: "PUT", json: MINIMAL });
    const expected = {
      ...MINIMAL,
      id,
      type: "enrichment",
      headers: [],
      parameters: [],
      body: [],
      body_template: null,
      rate_limit: null,
      max_concurrency: null,
    };
    expect(updated.body).toEqual({ ...expected, created_at: before?.created_at });
    expect((await databar(`/v1/connectors/${id}`)).body).toEqual(updated.body);
  });

  test("type can be changed in place", async () => {
    const id = await create(FULL);
    await databar(`/v1/connectors/${id}`, { method: "PUT", json: { ...FULL, type: "simple" } });
    expect(sandbox.databar.connectors[0]?.type).toBe("simple");
  });

  test("header values are returned in clear text, in the order written", async () => {
    const headers = [
      { name: "Z", value: "Bearer sk-xxx" },
      { name: "A", value: "" },
    ];
    const id = await create({ headers });
    expect((await databar(`/v1/connectors/${id}`)).body).toMatchObject({ headers });
  });

  test("names can repeat, and ids increase without reuse", async () => {
    const first = await create();
    const second = await create();
    await databar(`/v1/connectors/${second}`, { method: "DELETE" });
    const third = await create();
    expect([second > first, third > second]).toEqual([true, true]);
    expect(sandbox.databar.connectors.map(({ id }) => id)).toEqual([first, third]);
  });

  test("the plan lowers higher limits silently, but does not change unset limits", async () => {
    sandbox.databar.settings.plan = { rateLimit: 10, maxConcurrency: 3 };
    const id = await create({ rate_limit: 60, max_concurrency: 2 });
    expect((await databar(`/v1/connectors/${id}`)).body).toMatchObject({
      rate_limit: 10,
      max_concurrency: 2,
    });
    expect((await databar(`/v1/connectors/${await create()}`)).body).toMatchObject({
      rate_limit: null,
      max_concurrency: null,
    });
  });

  test("a smaller plan lowers the limits of existing connectors", async () => {
    const id = await create({ rate_limit: 60 });
    sandbox.databar.settings.plan = { rateLimit: 10 };
    expect((await databar(`/v1/connectors/${id}`)).body).toMatchObject({ rate_limit: 10 });
  });

  test.each([
    [false, 10, 60],
    [true, 60, 60],
  ])(
    "a lowered limit rises with the plan, limitsFollowPlan %s: to %s, and after a write to %s",
    async (limitsFollowPlan, risen, written) => {
      Object.assign(sandbox.databar.settings, { limitsFollowPlan, plan: { rateLimit: 10 } });
      const id = await create({ rate_limit: 60, max_concurrency: 2 });
      const limit = async (): Promise<unknown> =>
        ((await databar(`/v1/connectors/${id}`)).body as { rate_limit: unknown }).rate_limit;
      expect(await limit()).toBe(10);
      sandbox.databar.change(id, { name: "changed" });
      sandbox.databar.settings.plan = {};
      expect(await limit()).toBe(risen);
      await databar(`/v1/connectors/${id}`, {
        method: "PUT",
        json: { ...MINIMAL, rate_limit: 60 },
      });
      expect(await limit()).toBe(written);
    },
  );

  test("a deleted connector is 404 for every operation", async () => {
    const id = await create();
    expect((await databar(`/v1/connectors/${id}`, { method: "DELETE" })).status).toBe(204);
    for (const options of [{}, { method: "PUT", json: MINIMAL }, { method: "DELETE" }]) {
      const gone = await databar(`/v1/connectors/${id}`, options);
      expect([gone.status, gone.body]).toEqual([404, { detail: "not found" }]);
    }
  });

  test("keys share a workspace, unless each key has its own", async () => {
    const other = databarClient(sandbox.databar.url, "key-2");
    const id = await create();
    expect((await other(`/v1/connectors/${id}`)).status).toBe(200);
    sandbox.databar.settings.workspacePerKey = true;
    const own = await create({ name: "mine" });
    expect((await other(`/v1/connectors/${own}`)).status).toBe(404);
    expect((await other("/v1/connectors/")).body).toEqual([]);
    expect((await other(`/v1/connectors/${own}`, { method: "DELETE" })).status).toBe(404);
    expect(sandbox.databar.connectorsOf("key-1").map(({ name }) => name)).toEqual(["mine"]);
  });

  test("the API returns changes made without an API call", async () => {
    const { id } = sandbox.databar.seed({ name: "seeded", method: "put" });
    expect((await databar(`/v1/connectors/${id}`)).body).toMatchObject({
      name: "seeded",
      method: "put",
    });
    sandbox.databar.change(id, { name: "changed", rate_limit: 3 });
    expect((await databar(`/v1/connectors/${id}`)).body).toMatchObject({
      name: "changed",
      method: "put",
      rate_limit: 3,
    });
    expect(sandbox.databar.remove(id)).toBe(true);
    expect(sandbox.databar.remove(id)).toBe(false);
    expect(() => sandbox.databar.change(id, {})).toThrow(`has no connector ${id}`);
  });

  test("snapshots are copies", async () => {
    await create(FULL);
    const [snapshot] = sandbox.databar.connectors;
    snapshot!.headers[0]!.value = "tampered";
    expect(sandbox.databar.connectors[0]?.headers).toEqual(FULL.headers);
  });
});
