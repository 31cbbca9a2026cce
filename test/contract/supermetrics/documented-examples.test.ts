import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { schemaErrors, supermetricsClient } from "../support";

const DEFAULT_LOGO = "https://assets.supermetrics.com/images/dsLogos/Custom_Connector_Default.png";
const TIME = "2025-01-01T00:00:00+00:00";

describe("the documented examples of Supermetrics", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeEach(async () => {
    sandbox = await startSandbox({
      supermetrics: { now: () => new Date("2025-01-01T00:00:00Z"), nextIdentifiers: ["T3S70"] },
    });
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
  });
  afterEach(() => sandbox.close());

  test("a team without connectors lists none", async () => {
    const list = await supermetrics("/connectors");
    expect([list.status, list.text]).toEqual([200, '{"count":0,"connectors":[]}']);
  });

  test("a list has a count and no configurations", async () => {
    sandbox.supermetrics.seed({ name: "Test Connector", description: "A custom connector" });
    const list = await supermetrics("/connectors?include_configs=false");
    expect(list.body).toEqual({
      count: 1,
      connectors: [
        {
          connector_identifier: "T3S70",
          name: "Test Connector",
          description: "A custom connector",
          logo_url: DEFAULT_LOGO,
          created_at: TIME,
          updated_at: TIME,
        },
      ],
    });
    expect(schemaErrors("supermetricsList", list.body)).toEqual([]);
  });

  test("create accepts title and description as a form and answers 201 with a boilerplate configuration", async () => {
    const form = {
      title: "My Custom Connector",
      description: "Fetches marketing data from a custom API",
    };
    const created = await supermetrics("/connectors", { method: "POST", form });
    expect(created.status).toBe(201);
    expect(schemaErrors("supermetricsConnector", created.body)).toEqual([]);
    expect(created.body).toMatchObject({
      connector_identifier: "T3S70",
      name: form.title,
      description: form.description,
      logo_url: DEFAULT_LOGO,
      created_at: TIME,
      updated_at: TIME,
      configuration: {
        version: "1.0.0",
        created_at: TIME,
        updated_at: TIME,
        configuration_json: { authentication: { type: "user_input" } },
      },
    });
  });

  test("a minimal create has only a title", async () => {
    const created = await supermetrics("/connectors", {
      method: "POST",
      form: { title: "Test Connector" },
    });
    expect([created.status, created.body]).toMatchObject([
      201,
      { name: "Test Connector", description: null },
    ]);
  });

  test("create from another connector copies its configuration under a new identifier", async () => {
    const configuration_json = { base_url: "https://api.example.com", auth: "oauth2" };
    sandbox.supermetrics.seed({ connector_identifier: "SRC42", configuration_json });
    const form = {
      title: "Test Connector",
      description: "A custom connector",
      connector_identifier: "SRC42",
    };
    const created = await supermetrics("/connectors", { method: "POST", form });
    expect([created.status, created.body]).toMatchObject([
      201,
      {
        connector_identifier: "T3S70",
        name: "Test Connector",
        configuration: { configuration_json },
      },
    ]);
    expect(sandbox.supermetrics.connectors.map(({ connector_identifier: id }) => id)).toEqual([
      "SRC42",
      "T3S70",
    ]);
  });

  test("get returns the connector with its configuration without an envelope", async () => {
    const seed = {
      connector_identifier: "T3S70",
      name: "Test Connector",
      description: "A custom connector for fetching marketing data",
      created_at: "2026-01-01T00:00:00+00:00",
      updated_at: "2026-01-02T00:00:00+00:00",
    };
    const configuration_json = { base_url: "https://api.example.com", auth: "oauth2" };
    sandbox.supermetrics.seed({ ...seed, configuration_json });
    const got = await supermetrics("/connectors/T3S70");
    expect(got.status).toBe(200);
    expect(got.body).toMatchObject({
      ...seed,
      configuration: { version: "1.0.0", configuration_json },
    });
    expect(schemaErrors("supermetricsConnector", got.body)).toEqual([]);
  });

  test("update accepts both blocks as JSON and answers 204 without a body", async () => {
    sandbox.supermetrics.seed();
    const json = {
      connector: {
        name: "Updated Connector Name",
        description: "Updated description for the connector",
      },
      configuration: { configuration_json: { auth: { type: "oauth2" } } },
    };
    const updated = await supermetrics("/connectors/T3S70", { method: "PUT", json });
    expect([updated.status, updated.text]).toEqual([204, ""]);
    expect((await supermetrics("/connectors/T3S70")).body).toMatchObject({
      ...json.connector,
      configuration: json.configuration,
    });
  });

  test("delete answers 204, and afterwards the connector is 404", async () => {
    sandbox.supermetrics.seed();
    expect((await supermetrics("/connectors/T3S70", { method: "DELETE" })).status).toBe(204);
    expect((await supermetrics("/connectors/T3S70")).status).toBe(404);
  });

  test("a new secret answers 201 with the whole list, names and placeholders only", async () => {
    sandbox.supermetrics.seed({ secrets: { other: "value" } });
    const json = { secret_name: "client_id", secret_value: "my-super-secret-value" };
    const created = await supermetrics("/connectors/T3S70/secrets", { method: "POST", json });
    expect(created.status).toBe(201);
    expect(schemaErrors("supermetricsSecrets", created.body)).toEqual([]);
    expect(created.body).toMatchObject({
      count: 2,
      secrets: [{ secret_name: "other" }, { secret_name: "client_id" }],
    });
    expect(created.text).not.toContain(json.secret_value);
    for (const { placeholder } of sandbox.supermetrics.secrets("936506", "T3S70")) {
      expect(placeholder).toMatch(/^sec_[0-9a-f]{9}$/);
    }
  });

  test("a connector without an uploaded logo has the default logo", async () => {
    sandbox.supermetrics.seed();
    expect((await supermetrics("/connectors/T3S70/logo")).body).toEqual({ logo_url: DEFAULT_LOGO });
  });

  test("a log entry is returned as documented", async () => {
    sandbox.supermetrics.seed();
    const entry = {
      id: "123-foo",
      log_time: "2025-01-01T00:00:00Z",
      status: 200,
      event: "auth.token.refresh",
      request: "POST /api/oauth/token_refresh",
      duration_ms: 253,
      request_id: "8dc24bc2-8a17-4188-a509-217cb8799929",
    };
    sandbox.supermetrics.addLog("T3S70", entry);
    expect((await supermetrics("/connectors/T3S70/logs")).body).toEqual({ logs: [entry] });
    expect((await supermetrics("/connectors/T3S70/logs/123-foo")).body).toEqual(entry);
  });

  test("the configuration schema needs no key or team, and has no envelope", async () => {
    const schema = await fetch(`${sandbox.supermetrics.url}/connector_builder/v1/schema/v1`);
    expect(schema.status).toBe(200);
    expect(await schema.json()).toMatchObject({
      $id: "https://api.supermetrics.com/cc/v1/schema/connector",
      type: "object",
    });
    expect((await supermetrics("/connector_builder/v1/schema/1")).status).toBe(400);
    expect((await supermetrics("/connector_builder/v1/schema/v2")).status).toBe(404);
  });

  test("identifiers are five characters of A-Z and 0-9", async () => {
    sandbox.supermetrics.settings.nextIdentifiers = [];
    for (let count = 0; count < 20; count += 1) {
      await supermetrics("/connectors", { method: "POST", form: { title: "t" } });
    }
    const identifiers = sandbox.supermetrics.connectors.map(({ connector_identifier: id }) => id);
    expect(new Set(identifiers).size).toBe(20);
    for (const identifier of identifiers) {
      expect(identifier).toMatch(/^[A-Z0-9]{5}$/);
    }
  });
});
