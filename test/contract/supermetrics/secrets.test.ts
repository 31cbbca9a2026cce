import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { schemaErrors, type Reply, supermetricsClient } from "../support";

const TEAM = "936506";
const AT = "/connectors/T3S70/secrets";

describe("the secrets of a Supermetrics connector", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
    sandbox.supermetrics.seed({ connector_identifier: "T3S70", configuration_json: { a: 1 } });
  });
  afterEach(() => sandbox.close());

  const create = (name: string, value = "v"): Promise<Reply> =>
    supermetrics(AT, { method: "POST", json: { secret_name: name, secret_value: value } });
  const values = (): string[] =>
    sandbox.supermetrics.secrets(TEAM, "T3S70").map(({ name, value }) => `${name}=${value}`);
  const placeholderOf = (name: string): string =>
    sandbox.supermetrics.secrets(TEAM, "T3S70").find((secret) => secret.name === name)!.placeholder;

  test("are listed with name and placeholder, without value", async () => {
    await create("client_id", "my-super-secret-value");
    const list = await supermetrics(AT);
    expect(list.body).toEqual({
      count: 1,
      secrets: [{ secret_placeholder: placeholderOf("client_id"), secret_name: "client_id" }],
    });
    expect(schemaErrors("supermetricsSecrets", list.body)).toEqual([]);
  });

  test("keep their placeholder when the value changes", async () => {
    await create("client_id", "my-super-secret-value");
    const before = placeholderOf("client_id");
    const set = await supermetrics(`${AT}/${before}`, {
      method: "PUT",
      json: { secret_value: "new-secret-value" },
    });
    expect([set.status, set.text, values(), placeholderOf("client_id")]).toEqual([
      204,
      "",
      ["client_id=new-secret-value"],
      before,
    ]);
  });

  test("keep their name: an update of the value ignores it", async () => {
    await create("client_id");
    await supermetrics(`${AT}/${placeholderOf("client_id")}`, {
      method: "PUT",
      json: { secret_value: "w", secret_name: "other" },
    });
    expect(values()).toEqual(["client_id=w"]);
  });

  test("are deleted one by one", async () => {
    await create("a");
    await create("b");
    expect((await supermetrics(`${AT}/${placeholderOf("a")}`, { method: "DELETE" })).status).toBe(
      204,
    );
    expect(values()).toEqual(["b=v"]);
  });

  test("with an existing name are rejected with 409 and not changed", async () => {
    await create("a", "first");
    const refused = await create("a", "second");
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { error: { code: "CONFLICT_ERROR", message: "The resource already exists." } },
    ]);
    expect(values()).toEqual(["a=first"]);
  });

  test("are at most 100", async () => {
    for (let count = 0; count < 100; count += 1) {
      sandbox.supermetrics.changeSecret("T3S70", `s${count}`, "v");
    }
    expect((await create("one too many")).status).toBe(422);
    expect(schemaErrors("supermetricsSecrets", (await supermetrics(AT)).body)).toEqual([]);
  });

  test.each(["PUT", "DELETE"])(
    "that do not exist are 404 for %s; the placeholder is decoded",
    async (method) => {
      const json = method === "PUT" ? { secret_value: "v" } : undefined;
      const missing = await supermetrics(`${AT}/${encodeURIComponent("{{API_KEY}}")}`, {
        method,
        json,
      });
      expect([missing.status, missing.body]).toMatchObject([404, { error: { code: "NOT_FOUND" } }]);
      sandbox.supermetrics.settings.specificCodes = true;
      expect((await supermetrics(`${AT}/sec_000000000`, { method, json })).body).toMatchObject({
        error: { code: "SECRET_NOT_FOUND" },
      });
    },
  );

  test("can be changed and removed without an API call, and keep their placeholder", () => {
    const created = sandbox.supermetrics.changeSecret("T3S70", "a", "1");
    expect(sandbox.supermetrics.changeSecret("T3S70", "a", "2")).toBe(created);
    expect(values()).toEqual(["a=2"]);
    expect([
      sandbox.supermetrics.removeSecret("T3S70", "a"),
      sandbox.supermetrics.removeSecret("T3S70", "a"),
    ]).toEqual([true, false]);
  });

  test("rewrite the root block of the configuration with secretsInConfiguration", async () => {
    const configuration = (): unknown =>
      sandbox.supermetrics.connectors[0]?.configuration.configuration_json;
    await create("before");
    expect(configuration()).toEqual({ a: 1 });
    sandbox.supermetrics.settings.normalize = { secretsInConfiguration: true };
    await create("after");
    const items = ["before", "after"].map((id) => ({
      id,
      classification: "secret",
      source: "encrypted",
      value: placeholderOf(id),
    }));
    expect(configuration()).toEqual({ a: 1, secrets: { items } });
    await supermetrics(`${AT}/${placeholderOf("before")}`, { method: "DELETE" });
    expect(configuration()).toEqual({ a: 1, secrets: { items: items.slice(1) } });
  });
});
