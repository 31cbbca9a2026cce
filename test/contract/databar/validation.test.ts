import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, schemaErrors, type Reply } from "../support";

const VALID = { name: "n", method: "get", url: "https://api.example.com" };

interface ValidationError {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
}

const errors = (reply: Reply): ValidationError[] =>
  (reply.body as { detail: ValidationError[] }).detail;

describe("validation of Databar connectors", () => {
  let sandbox: Sandbox;
  let databar: ReturnType<typeof databarClient>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    databar = databarClient(sandbox.databar.url);
  });
  afterAll(() => sandbox.close());

  const create = (json: unknown): Promise<Reply> =>
    databar("/v1/connectors/", { method: "POST", json });

  test.each<[string, object]>([
    ["a name of 256 characters", { name: "n".repeat(256) }],
    ["a name of 256 emojis, counted as characters", { name: "🔌".repeat(256) }],
    ["a url of 512 characters", { url: "u".repeat(512) }],
    ["a template of 2,048 characters", { body_template: "t".repeat(2048) }],
    ["a null template", { body_template: null }],
    ["a rate limit of 1", { rate_limit: 1 }],
    ["a null rate limit", { rate_limit: null }],
    ["a null concurrency", { max_concurrency: null }],
    ["a rate limit as a string", { rate_limit: "60" }],
    ["the type simple", { type: "simple" }],
    ["the type exporter", { type: "exporter" }],
    ["the method put", { method: "put" }],
    ["the method patch", { method: "patch" }],
    [
      "two headers with the same name",
      {
        headers: [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ],
      },
    ],
    ["an existing name", { name: "n" }],
    ["unknown fields", { id: 5, colour: "blue" }],
  ])("accepts %s", async (_, fields) => {
    const created = await create({ ...VALID, ...fields });
    expect(created.status).toBe(201);
    expect(schemaErrors("databarConnector", created.body)).toEqual([]);
  });

  test.each<[string, object, string, (string | number)[]]>([
    ["a name of 257 characters", { name: "n".repeat(257) }, "string_too_long", ["body", "name"]],
    ["a url of 513 characters", { url: "u".repeat(513) }, "string_too_long", ["body", "url"]],
    [
      "a template of 2,049 characters",
      { body_template: "t".repeat(2049) },
      "string_too_long",
      ["body", "body_template"],
    ],
    ["a rate limit of 0", { rate_limit: 0 }, "greater_than_equal", ["body", "rate_limit"]],
    ["a rate limit of -1", { rate_limit: -1 }, "greater_than_equal", ["body", "rate_limit"]],
    [
      "a concurrency of 0",
      { max_concurrency: 0 },
      "greater_than_equal",
      ["body", "max_concurrency"],
    ],
    ["a rate limit of 1.5", { rate_limit: 1.5 }, "int_from_float", ["body", "rate_limit"]],
    ["a rate limit of true", { rate_limit: true }, "int_type", ["body", "rate_limit"]],
    ["a rate limit that is a word", { rate_limit: "many" }, "int_parsing", ["body", "rate_limit"]],
    ["a number as name", { name: 5 }, "string_type", ["body", "name"]],
    ["a null name", { name: null }, "string_type", ["body", "name"]],
    ["a null type", { type: null }, "string_type", ["body", "type"]],
    ["the method delete", { method: "delete" }, "literal_error", ["body", "method"]],
    ["a method in upper case", { method: "GET" }, "literal_error", ["body", "method"]],
    ["an unknown type", { type: "importer" }, "literal_error", ["body", "type"]],
    ["headers as a map", { headers: { A: "1" } }, "list_type", ["body", "headers"]],
    ["null headers", { headers: null }, "list_type", ["body", "headers"]],
    [
      "a header that is a string",
      { headers: ["A: 1"] },
      "model_attributes_type",
      ["body", "headers", 0],
    ],
    [
      "a header without a name",
      { headers: [{ name: "A" }, { value: "1" }] },
      "missing",
      ["body", "headers", 1, "name"],
    ],
    [
      "a number as header value",
      { headers: [{ name: "A", value: 1 }] },
      "string_type",
      ["body", "headers", 0, "value"],
    ],
    [
      "a null parameter value",
      { parameters: [{ name: "A", value: null }] },
      "string_type",
      ["body", "parameters", 0, "value"],
    ],
  ])("rejects %s", async (_, fields, type, loc) => {
    const refused = await create({ ...VALID, ...fields });
    expect(refused.status).toBe(422);
    expect(schemaErrors("databarInvalid", refused.body)).toEqual([]);
    expect(errors(refused)).toHaveLength(1);
    expect(errors(refused)[0]).toMatchObject({ type, loc });
  });

  test.each(["name", "method", "url"])(
    "requires %s and returns the whole body as input, like pydantic",
    async (field) => {
      const body = Object.fromEntries(Object.entries(VALID).filter(([name]) => name !== field));
      const refused = await create(body);
      expect(errors(refused)).toEqual([
        { type: "missing", loc: ["body", field], msg: "Field required", input: body },
      ]);
    },
  );

  test("a header without a value has an empty value", async () => {
    expect((await create({ ...VALID, headers: [{ name: "A" }] })).body).toMatchObject({
      headers: [{ name: "A", value: "" }],
    });
  });

  test("all errors are reported together", async () => {
    const refused = await create({
      method: "delete",
      url: 5,
      rate_limit: 0,
      body: [{ value: "x" }, { name: 1 }],
    });
    expect(errors(refused).map(({ type, loc }) => `${type} ${loc.join(".")}`)).toEqual([
      "missing body.name",
      "literal_error body.method",
      "string_type body.url",
      "missing body.body.0.name",
      "string_type body.body.1.name",
      "greater_than_equal body.rate_limit",
    ]);
  });

  test("a rejected create stores nothing", async () => {
    const before = sandbox.databar.connectors.length;
    await create({ ...VALID, name: 5 });
    expect(sandbox.databar.connectors).toHaveLength(before);
    expect(sandbox.databar.log.at(-1)).toMatchObject({ statusCode: 422, committed: false });
  });

  test.each<
    [string, { headers?: Record<string, string>; raw?: string }, string, (string | number)[]]
  >([
    ["no body", {}, "missing", ["body"]],
    [
      "broken JSON",
      { headers: { "content-type": "application/json" }, raw: '{"name": ' },
      "json_invalid",
      ["body", 9],
    ],
    [
      "an array",
      { headers: { "content-type": "application/json" }, raw: "[]" },
      "model_attributes_type",
      ["body"],
    ],
    [
      "JSON with a text content type",
      { headers: { "content-type": "text/plain" }, raw: JSON.stringify(VALID) },
      "model_attributes_type",
      ["body"],
    ],
    [
      "a form",
      { headers: { "content-type": "application/x-www-form-urlencoded" }, raw: "name=n" },
      "model_attributes_type",
      ["body"],
    ],
  ])("rejects the body: %s", async (_, options, type, loc) => {
    const refused = await databar("/v1/connectors/", { method: "POST", ...options });
    expect(refused.status).toBe(422);
    expect(errors(refused)[0]).toMatchObject({ type, loc });
  });

  test.each(["abc", "1.5", "0x1", "%20"])(
    "rejects the non-integer id %s before the lookup",
    async (id) => {
      for (const method of ["GET", "DELETE"]) {
        const refused = await databar(`/v1/connectors/${id}`, { method });
        expect(refused.status).toBe(422);
        expect(errors(refused)).toMatchObject([
          { type: "int_parsing", loc: ["path", "connector_id"], input: decodeURIComponent(id) },
        ]);
      }
    },
  );

  test("an update reports errors in path and body together", async () => {
    const refused = await databar("/v1/connectors/abc", {
      method: "PUT",
      json: { ...VALID, name: 1 },
    });
    expect(errors(refused).map(({ loc }) => loc.join("."))).toEqual([
      "path.connector_id",
      "body.name",
    ]);
  });
});
