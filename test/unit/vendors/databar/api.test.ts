/** Databar's calls: what is sent, and what is made of the answer. */
import { type DatabarInputs } from "../../../../provider/vendors/databar/types";
import { DatabarApi } from "../../../../provider/vendors/databar/api";
import { bodyOf } from "../../../../provider/vendors/databar/patch";
import { type CallContext } from "../../../../provider/lifecycle/adapter";
import { type DatabarSandbox } from "../../../../provider/sandbox";
import { connectorErrorOf } from "../../../../harness/errors";
import { closeWorlds, openClient, openSandbox } from "../../../../harness/lifecycle-world";

const context: CallContext = { verb: "read", name: "A", sensitive: [] };
const ref = { scope: "", key: "42" };
const minimal = {
  id: 42,
  name: "A",
  type: "enrichment",
  method: "get",
  url: "https://example.com",
};

afterEach(closeWorlds);

async function open(): Promise<{ vendor: DatabarSandbox; api: DatabarApi }> {
  const { databar } = await openSandbox();
  return {
    vendor: databar,
    api: new DatabarApi(
      openClient({ vendor: "Databar", origin: databar.url, credential: ["x-apikey", "k"] }),
    ),
  };
}

describe("inputs → the body of a request", () => {
  test("sends all ten fields, explicit nulls and empty lists for what is unset: a full replacement resets what is left out", () => {
    expect(bodyOf({ name: "A", method: "get", url: "https://example.com" })).toEqual({
      name: "A",
      method: "get",
      url: "https://example.com",
      type: "enrichment",
      headers: [],
      parameters: [],
      body: [],
      body_template: null,
      rate_limit: null,
      max_concurrency: null,
    });
  });
  test("sends everything that is set, under the vendor's names", () => {
    const inputs: DatabarInputs = {
      name: "A",
      method: "post",
      url: "https://example.com",
      type: "exporter",
      headers: { H: "1" },
      parameters: { p: ["1", "2"] },
      body: { b: "" },
      bodyTemplate: "{{ b }}",
      rateLimit: 60,
      maxConcurrency: 5,
    };
    expect(bodyOf(inputs)).toEqual({
      name: "A",
      method: "post",
      url: "https://example.com",
      type: "exporter",
      headers: [{ name: "H", value: "1" }],
      parameters: [
        { name: "p", value: "1" },
        { name: "p", value: "2" },
      ],
      body: [{ name: "b", value: "" }],
      body_template: "{{ b }}",
      rate_limit: 60,
      max_concurrency: 5,
    });
  });
  test("sends nothing else: no create-only input, no output", () => {
    const keys = Object.keys(
      bodyOf({
        name: "A",
        connectorId: 42,
        onConflict: "adopt",
        effectiveRateLimit: 5,
        claim: "x",
      }),
    );
    expect(keys.sort()).toEqual([
      "body",
      "body_template",
      "headers",
      "max_concurrency",
      "method",
      "name",
      "parameters",
      "rate_limit",
      "type",
      "url",
    ]);
  });
});

describe("paths", () => {
  test("the collection's ends in a slash, a connector's does not", async () => {
    const { vendor, api } = await open();
    const { id } = vendor.seed();
    const one = { scope: "", key: String(id) };
    await api.list();
    await api.create(bodyOf({ name: "A", method: "get", url: "https://example.com" }), context);
    await api.get(one, context);
    await api.replace(
      one,
      bodyOf({ name: "B", method: "get", url: "https://example.com" }),
      context,
    );
    await api.remove(one, context);
    expect(
      vendor.log.map(({ method, path, statusCode }) => `${method} ${path} ${statusCode}`),
    ).toEqual([
      "GET /v1/connectors/ 200",
      "POST /v1/connectors/ 201",
      `GET /v1/connectors/${id} 200`,
      `PUT /v1/connectors/${id} 200`,
      `DELETE /v1/connectors/${id} 204`,
    ]);
  });
  test("an odd id is percent-encoded", async () => {
    const { vendor, api } = await open();
    await api.remove({ scope: "", key: "a/b" }, context).catch(() => undefined);
    expect(vendor.log[0]!.path).toBe("/v1/connectors/a%2Fb");
  });
});

describe("a connector in an answer", () => {
  test("may lack all that the documentation does not require", async () => {
    const { vendor, api } = await open();
    vendor.fault({ body: minimal });
    expect(await api.get(ref, context)).toEqual({
      id: "42",
      name: "A",
      type: "enrichment",
      method: "get",
      url: "https://example.com",
      headers: [],
      parameters: [],
      body: [],
      bodyTemplate: null,
      rateLimit: undefined,
      maxConcurrency: undefined,
      createdAt: null,
    });
  });
  test("is read in all its parts", async () => {
    const { vendor, api } = await open();
    const full = {
      headers: [{ name: "H", value: "1" }],
      parameters: [{ name: "p" }],
      body: [{ name: "b", value: null }],
      body_template: "t",
      rate_limit: 10,
      max_concurrency: 5,
      created_at: "2025-01-15T10:30:00Z",
      unheard_of: 1,
    };
    vendor.fault({ body: { ...minimal, ...full } });
    expect(await api.get(ref, context)).toEqual({
      id: "42",
      name: "A",
      type: "enrichment",
      method: "get",
      url: "https://example.com",
      headers: [{ name: "H", value: "1" }],
      parameters: [{ name: "p", value: "" }],
      body: [{ name: "b", value: "" }],
      bodyTemplate: "t",
      rateLimit: 10,
      maxConcurrency: 5,
      createdAt: "2025-01-15T10:30:00Z",
    });
  });
  test.each([
    [{ id: "42" }, { id: "42" }],
    [
      { rate_limit: "10", max_concurrency: " 5 " },
      { rateLimit: 10, maxConcurrency: 5 },
    ],
    [
      { rate_limit: " ", max_concurrency: "many" },
      { rateLimit: null, maxConcurrency: null },
    ],
    [{ rate_limit: true }, { rateLimit: null }],
    [
      { headers: null, parameters: {}, body: undefined },
      { headers: [], parameters: [], body: [] },
    ],
    [{ headers: [{ name: "n", value: 5 }] }, { headers: [{ name: "n", value: "5" }] }],
    [
      { body_template: 5, created_at: 5 },
      { bodyTemplate: null, createdAt: null },
    ],
  ])("%j is tolerated", async (change, parsed) => {
    const { vendor, api } = await open();
    vendor.fault({ body: { ...minimal, ...change } });
    expect(await api.get(ref, context)).toMatchObject(parsed);
  });
  test("may be wrapped in {data}", async () => {
    const { vendor, api } = await open();
    vendor.fault({ body: { data: minimal } });
    vendor.fault({ body: { data: [minimal] } });
    expect((await api.get(ref, context))!.id).toBe("42");
    expect(await api.list()).toHaveLength(1);
  });
  test.each<[unknown, string]>([
    [{ ...minimal, id: undefined }, "a connector without a whole-number id"],
    [{ ...minimal, id: 1.5 }, "a connector without a whole-number id"],
    [{ ...minimal, id: 0 }, "a connector without a whole-number id"],
    [{ ...minimal, id: 2 ** 53 }, "a connector without a whole-number id"],
    [{ ...minimal, id: "0" }, "a connector without a whole-number id"],
    [{ ...minimal, id: "4x" }, "a connector without a whole-number id"],
    [{ ...minimal, id: "x4" }, "a connector without a whole-number id"],
    [{ ...minimal, id: "142" }, "connector 142 instead of 42"],
    [{ ...minimal, id: 43 }, "connector 43 instead of 42"],
    [{ ...minimal, name: null }, "connector 42 without name"],
    [{ ...minimal, type: 5 }, "connector 42 without type"],
    [{ ...minimal, method: undefined }, "connector 42 without method"],
    [{ ...minimal, url: {} }, "connector 42 without url"],
    [{ ...minimal, headers: "text" }, "connector 42 with headers that are not a list"],
    [{ ...minimal, parameters: { a: 1 } }, "connector 42 with parameters that are not a list"],
    [{ ...minimal, body: [5] }, "connector 42 with a body that is not a list"],
    [{ ...minimal, headers: [{ value: "x" }] }, "connector 42 with headers that are not a list"],
    [
      { ...minimal, headers: [{ name: "x", value: {} }] },
      "connector 42 with headers that are not a list",
    ],
    ["text", 'a connector was expected to read connector "A" (id 42)'],
    [[minimal], 'a connector was expected to read connector "A" (id 42)'],
  ])("%j is none", async (body, problem) => {
    const { vendor, api } = await open();
    vendor.fault({ body: typeof body === "string" ? JSON.stringify(body) : body });
    const error = await connectorErrorOf(api.get(ref, context));
    expect(error).toMatchObject({
      code: "unexpected_response",
      statusCode: 200,
      vendor: "Databar",
    });
    expect(error.message).toContain(
      `: ${problem} [HTTP 200, application/json]. Check the base URL`,
    );
  });
});

test.each([[{ a: 1 }], [null], ["text"]])("a list that is %j is none", async (body) => {
  const { vendor, api } = await open();
  vendor.fault({ body: JSON.stringify(body) });
  expect((await connectorErrorOf(api.list())).message).toContain(
    "a request to list connectors with something else than its API documents: a list was expected",
  );
});

describe("statuses", () => {
  test.each([199 + 1, 201, 202, 299])("%d is success", async (status) => {
    const { vendor, api } = await open();
    vendor.fault({ status, body: minimal });
    vendor.fault({ status, body: { status: "deleted" } });
    expect((await api.create({}, context)).id).toBe("42");
    await expect(api.remove(ref, context)).resolves.toBeUndefined();
  });
  test("a delete may answer with no body", async () => {
    const { vendor, api } = await open();
    vendor.settings.deleteStatus = 200;
    const { id } = vendor.seed();
    await api.remove({ scope: "", key: String(id) }, context);
    expect(vendor.connectors).toEqual([]);
  });
  test("404 in the API's own words is absence for get and delete, and nowhere else", async () => {
    const { api } = await open();
    expect(await api.get(ref, context)).toBeUndefined();
    await expect(api.remove(ref, context)).resolves.toBeUndefined();
    const body = bodyOf({ name: "A", method: "get", url: "https://example.com" });
    expect((await connectorErrorOf(api.replace(ref, body, context))).code).toBe("not_found");
  });
  test("a refusal names the property of the definition", async () => {
    const { vendor, api } = await open();
    vendor.fault({
      status: 422,
      body: {
        detail: [
          {
            loc: ["body", "headers", 0, "value"],
            msg: "Input should be a valid string",
            type: "string_type",
          },
        ],
      },
    });
    const error = await connectorErrorOf(
      api.create(bodyOf({ name: "A", headers: { Accept: "x" } }), { ...context, verb: "create" }),
    );
    expect(error.message).toBe(
      '[invalid] Databar rejected connector "A" (create): headers.Accept: Input should be a valid string [HTTP 422]. Fix headers.Accept in the definition.',
    );
  });
});

test("what the program's definition holds is taken out of every answer", async () => {
  const { vendor, api } = await open();
  vendor.fault({ status: 400, body: { detail: "bad value s3cr3t-value" }, times: 9 });
  const hidden: CallContext = { ...context, sensitive: ["s3cr3t-value"] };
  const errors = await Promise.all(
    [
      api.get(ref, hidden),
      api.create({}, hidden),
      api.replace(ref, {}, hidden),
      api.remove(ref, hidden),
    ].map(connectorErrorOf),
  );
  for (const { message } of errors) {
    expect(message).toMatch(/bad value \[(redacted|secret)\]/);
  }
});
