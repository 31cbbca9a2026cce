import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, type Reply, supermetricsClient } from "../support";

const LAG = { listLag: 2, readLag: 1 };
const CONNECTOR = { name: "n", method: "get", url: "https://api.example.com" };

describe("reads that lag behind a create", () => {
  let sandbox: Sandbox;
  let databar: ReturnType<typeof databarClient>;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeEach(async () => {
    sandbox = await startSandbox({
      databar: LAG,
      supermetrics: { ...LAG, nextIdentifiers: ["T3S70"] },
    });
    databar = databarClient(sandbox.databar.url);
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
  });
  afterEach(() => sandbox.close());

  const createDatabar = (): Promise<Reply> =>
    databar("/v1/connectors/", { method: "POST", json: CONNECTOR });
  const listDatabar = async (): Promise<number> =>
    ((await databar("/v1/connectors/")).body as unknown[]).length;
  const createSupermetrics = (form: Record<string, string> = {}): Promise<Reply> =>
    supermetrics("/connectors", { method: "POST", form: { title: "t", ...form } });
  const listSupermetrics = async (): Promise<number> =>
    ((await supermetrics("/connectors")).body as { count: number }).count;

  test("Databar's lists omit a new connector, and gets answer 404, as often as set", async () => {
    sandbox.databar.seed({ id: 7 });
    await createDatabar();
    expect([await listDatabar(), await listDatabar(), await listDatabar()]).toEqual([1, 1, 2]);
    const get = async (): Promise<number> => (await databar("/v1/connectors/8")).status;
    expect([await get(), await get()]).toEqual([404, 200]);
    expect((await databar("/v1/connectors/7")).status).toBe(200);
  });

  test("Supermetrics' lists omit a new connector, and gets answer 404, as often as set", async () => {
    await createSupermetrics();
    expect([await listSupermetrics(), await listSupermetrics(), await listSupermetrics()]).toEqual([
      0, 0, 1,
    ]);
    const get = async (): Promise<number> => (await supermetrics("/connectors/T3S70")).status;
    expect([await get(), await get()]).toEqual([404, 200]);
  });

  test("a duplicate lags, too", async () => {
    sandbox.supermetrics.seed({ connector_identifier: "SRC42" });
    await createSupermetrics({ connector_identifier: "SRC42" });
    expect(await listSupermetrics()).toBe(1);
    expect((await supermetrics("/connectors/T3S70")).status).toBe(404);
  });

  test("writes find a new connector at once", async () => {
    await createDatabar();
    await createSupermetrics();
    expect((await databar("/v1/connectors/1", { method: "PUT", json: CONNECTOR })).status).toBe(
      200,
    );
    expect((await supermetrics("/connectors/T3S70", { method: "PUT", json: {} })).status).toBe(204);
    expect((await databar("/v1/connectors/1", { method: "DELETE" })).status).toBe(204);
    expect((await supermetrics("/connectors/T3S70", { method: "DELETE" })).status).toBe(204);
  });

  test("a create can commit, answer the vendor's 500, and be missing from the list", async () => {
    sandbox.databar.fault({ method: "POST", status: 500, commit: true });
    const created = await createDatabar();
    expect([created.status, created.body]).toEqual([500, { detail: "Internal Server Error" }]);
    expect([await listDatabar(), sandbox.databar.connectors.length]).toEqual([0, 1]);
  });
});
