import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, schemaErrors } from "../support";

const DOCUMENTED = {
  name: "My Scoring API",
  type: "enrichment",
  method: "post",
  url: "https://api.example.com/v1/score",
  headers: [
    { name: "Authorization", value: "Bearer sk-xxx" },
    { name: "Content-Type", value: "application/json" },
  ],
  parameters: [{ name: "company_domain", value: "" }],
  body: [
    { name: "domain", value: "" },
    { name: "enrichment_type", value: "full" },
  ],
  rate_limit: 60,
  max_concurrency: 5,
};

describe("the documented examples of Databar", () => {
  let sandbox: Sandbox;
  let databar: ReturnType<typeof databarClient>;

  beforeEach(async () => {
    sandbox = await startSandbox({
      databar: {
        now: () => new Date("2025-01-15T10:30:00Z"),
        firstId: 42,
        plan: { rateLimit: 10 },
      },
    });
    databar = databarClient(sandbox.databar.url);
  });
  afterEach(() => sandbox.close());

  test("create answers 201 with the capped limit, an id, a time, and no body_template", async () => {
    const created = await databar("/v1/connectors/", { method: "POST", json: DOCUMENTED });
    expect(created.status).toBe(201);
    expect(created.headers.get("content-type")).toBe("application/json");
    expect(created.body).toEqual({
      ...DOCUMENTED,
      id: 42,
      rate_limit: 10,
      max_concurrency: 5,
      created_at: "2025-01-15T10:30:00Z",
    });
    expect(created.body).not.toHaveProperty("body_template");
  });

  test("create returns a body_template that is set", async () => {
    const created = await databar("/v1/connectors/", {
      method: "POST",
      json: { ...DOCUMENTED, body_template: '{"d": "{{ domain }}"}' },
    });
    expect(created.body).toMatchObject({ body_template: '{"d": "{{ domain }}"}' });
  });

  test("list is an array without envelope or pagination", async () => {
    expect((await databar("/v1/connectors/")).body).toEqual([]);
    sandbox.databar.seed({ id: 1, name: "My Scoring API" });
    const list = await databar("/v1/connectors/");
    expect(list.status).toBe(200);
    expect(list.body).toMatchObject([{ id: 1, name: "My Scoring API" }]);
    expect(schemaErrors("databarList", list.body)).toEqual([]);
  });

  test("get matches the SDK's fixture, with explicit nulls", async () => {
    const fixture = {
      name: "My Scoring API",
      type: "enrichment",
      method: "post",
      url: "https://api.example.com/v1/score",
      headers: [{ name: "Authorization", value: "Bearer sk-xxx" }],
      parameters: [],
      body: [{ name: "domain", value: "" }],
      body_template: null,
      rate_limit: 60,
      max_concurrency: 5,
    };
    sandbox.databar.settings.plan = {};
    sandbox.databar.seed({ id: 1, ...fixture });
    expect((await databar("/v1/connectors/1")).body).toEqual({
      id: 1,
      ...fixture,
      created_at: "2025-01-15T10:30:00Z",
    });
  });

  test("update answers 200 with the stored connector and its limits", async () => {
    sandbox.databar.seed({ id: 123, body_template: "old" });
    const update = {
      name: "Updated API",
      method: "get",
      url: "https://api.example.com",
      type: "enrichment",
      rate_limit: 2,
      max_concurrency: 2,
    };
    const updated = await databar("/v1/connectors/123", { method: "PUT", json: update });
    expect(updated.status).toBe(200);
    expect(updated.body).toEqual({
      ...update,
      id: 123,
      headers: [],
      parameters: [],
      body: [],
      body_template: null,
      created_at: "2025-01-15T10:30:00Z",
    });
  });

  test("delete answers 204 without a body", async () => {
    sandbox.databar.seed({ id: 7 });
    const deleted = await databar("/v1/connectors/7", { method: "DELETE" });
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect(sandbox.databar.connectors).toEqual([]);
  });

  test("the check of a key returns its owner", async () => {
    const probe = await databar("/v1/user/me");
    expect(probe.status).toBe(200);
    expect(Object.keys(probe.body as object).sort()).toEqual([
      "balance",
      "email",
      "first_name",
      "plan",
      "workspace",
    ]);
  });
});
