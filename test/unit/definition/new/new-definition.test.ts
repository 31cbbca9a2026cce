/** Definitions that are made of requests: they are valid, and make the same request. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { definitionsOf, load } from "../../../../provider/definition/load";
import { requestOfCurl } from "../../../../provider/definition/new/from-curl";
import { requestOfOpenApi } from "../../../../provider/definition/new/from-openapi";
import {
  type NewDefinition,
  newDefinition,
} from "../../../../provider/definition/new/new-definition";
import { renderRequests } from "../../../../provider/definition/request/render-requests";
import { validateFiles } from "../../../../provider/definition/validate/validate";
import { type RenderedRequest, type Row } from "../../../../provider/model/rendered-request";
import { type WrittenRequest } from "../../../../provider/model/written-request";
import { VENDORS } from "../../../../provider/vendors/index";
import { type VendorName } from "../../../../provider/vendors/resources";
import { folderOf, removeFolders } from "../../../../harness/definition-folder";

afterEach(removeFolders);

interface Made extends NewDefinition {
  readonly request: RenderedRequest;
}

/** Makes a definition, validates its file, and renders its request for a row. */
function make(
  written: WrittenRequest,
  vendor: VendorName,
  { setRow = [], row = {} }: { setRow?: readonly string[]; row?: Row } = {},
): Made {
  const from = folderOf({ "Pulumi.yaml": "name: x\n", "connectors/x.txt": "" });
  const options = { name: "my-api", path: "connectors/a.yaml", schema: "s.json", cwd: from };
  const made = newDefinition(written, { ...options, vendor: VENDORS[vendor], setRow });
  expect(made.diagnostics).toEqual([]);
  writeFileSync(join(from, "connectors/a.yaml"), made.text);
  expect(validateFiles(["connectors"], { from }).diagnostics).toEqual([]);
  const [definition] = definitionsOf(load(["connectors"], { from }), undefined).definitions;
  const { requests } = renderRequests(definition!, row, () => undefined, from);
  return { ...made, request: requests[0]! };
}

const curl = (options: string): WrittenRequest =>
  requestOfCurl(`curl https://api.example.com/v1 ${options}`);

test("credentials become references, and no value of theirs is in the file", () => {
  const made = make(
    requestOfCurl(
      `curl 'https://user:hunter2@api.example.com/v1?api_key=sk-111111&lang=en' -H 'Authorization: Bearer sk-222222' -H 'X-Api-Key: \${KEY}' -d '{"client_secret": "sk-333333", "a": 1}'`,
    ),
    "databar",
  );
  expect(made.text).not.toMatch(/sk-\d|hunter2|KEY\}/);
  expect(made.credentials.map(({ key }) => key)).toEqual([
    "myApiAuthorization",
    "myApiAuthorization2",
    "myApiXApiKey",
    "myApiApiKey",
    "myApiClientSecret",
  ]);
  expect(made.notes).toEqual([
    "The value of myApiAuthorization is user:password in base64.",
    "The value of myApiAuthorization2 does not start with Bearer: the file has that.",
  ]);
});
test("values per row are empty fields, or stand in the template", () => {
  const { request, perRow, text } = make(
    curl(
      `-H 'X-A: {{X-A}}' -H 'Content-Type: application/json' -d '{"domain": "{{domain}}", "n": 1, "note": "hi {{name}}"}'`,
    ),
    "databar",
    { row: { "X-A": "1", domain: 'a "b"', name: "Ann" } },
  );
  expect(perRow).toEqual(["X-A", "domain", "name"]);
  expect(text).toContain('X-A: ""');
  expect(request).toMatchObject({
    headers: [
      ["X-A", "1"],
      ["Content-Type", "application/json"],
    ],
  });
  expect(JSON.parse(request.body!)).toEqual({ domain: 'a "b"', n: 1, note: "hi Ann" });
});
test("--set-row names fields by name, or by path in a body", () => {
  const { request } = make(
    curl(`-H 'Content-Type: application/json' -d '{"m": [{"content": "a"}, {"content": "b"}]}'`),
    "databar",
    { setRow: ["m.1.content"], row: { content: "x" } },
  );
  expect(JSON.parse(request.body!)).toEqual({ m: [{ content: "a" }, { content: "x" }] });
  expect(() => make(curl("-d a=1"), "databar", { setRow: ["b"] })).toThrow(
    "the request has no parameter, header or body field b (--set-row)",
  );
});
test("a flat body is body fields; a form is a template that encodes", () => {
  const flat = make(curl(`-d '{"domain": "{{domain}}", "kind": "full"}'`), "databar", {
    row: { domain: "acme.com" },
  });
  expect(flat.text).toContain('body:\n        domain: ""\n        kind: full\n');
  expect(flat.request.body).toBe('{"domain":"acme.com","kind":"full"}');
  const form = make(curl("-d 'a=x y' -d 'email={{email}}'"), "databar", {
    row: { email: "a@b.c&d" },
  });
  expect(form.request.body).toBe("a=x%20y&email=a%40b.c%26d");
});
test("a text with Jinja's signs or a reference's stays what it is", () => {
  const { request } = make(
    curl(`-H 'Content-Type: application/json' -d '{"a": "{% x %}", "b": "\${y}", "c": 1}'`),
    "databar",
  );
  expect(JSON.parse(request.body!)).toEqual({ a: "{% x %}", b: "${y}", c: 1 });
});
test("of a Supermetrics connector, a report type with placeholders and secrets", () => {
  const { request, text } = make(
    requestOfCurl(
      "curl 'https://api.example.com/:account/orders?from={{query.start_date.date}}&token=abc' -H 'Authorization: Token xyz'",
    ),
    "supermetrics",
    { row: { account: "7" } },
  );
  expect(request).toMatchObject({
    name: "my_api",
    method: "GET",
    url: "https://api.example.com/7/orders?from={{query.start_date.date}}&token=${config.myApiToken}",
    headers: [["Authorization", "Token ${config.myApiAuthorization}"]],
    open: ["query.start_date.date"],
  });
  expect(text).not.toMatch(/abc|xyz/);
});
test("a method that no connector has is refused with the property", () => {
  const options = { name: "a", path: "a.yaml", schema: "s", cwd: "/", setRow: [] };
  const { diagnostics } = newDefinition(curl("-X DELETE"), { ...options, vendor: VENDORS.databar });
  expect(diagnostics.map(({ rule, path }) => [rule, path])).toEqual([
    ["property/choice", "connectors.a.properties.method"],
  ]);
});

describe("of an OpenAPI document", () => {
  const DOCUMENT = `
openapi: 3.1.0
servers: [{url: "https://{region}.example.com/v2/", variables: {region: {default: eu}}}]
security: [{key: []}]
paths:
  /companies/{id}/score:
    parameters: [{name: id, in: path, required: true}]
    post:
      operationId: score
      parameters:
        - $ref: '#/components/parameters/lang'
        - {name: verbose, in: query}
        - {name: domain, in: query, required: true, schema: {type: string}}
        - {name: X-Version, in: header, required: true, schema: {const: "2"}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Score'}}
  /plain:
    get: {security: [{login: []}]}
components:
  parameters:
    lang: {name: lang, in: query, required: true, schema: {enum: [en]}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: http, scheme: basic}
  schemas:
    Score:
      allOf: [{$ref: '#/components/schemas/Base'}]
      required: [person, list]
      properties:
        person: {type: object, properties: {first_name: {type: string}, self: {$ref: '#/components/schemas/Score'}}}
        list: {type: array}
        ignored: {type: string}
    Base: {required: [kind], properties: {kind: {default: full}}}
`;
  test("what is required, or has one value", () => {
    const { request: written, leftOut } = requestOfOpenApi(DOCUMENT, "score");
    expect(leftOut).toEqual(["verbose", "ignored"]);
    expect(written).toMatchObject({
      method: "POST",
      url: "https://eu.example.com/v2/companies/{id}/score",
      parameters: [
        ["lang", "en"],
        ["domain", "{{domain}}"],
      ],
    });
    const { request, credentials, text } = make(written, "databar", {
      row: { domain: "acme.com", first_name: "Ann", list: [1], self: null },
    });
    expect(credentials.map(({ key }) => key)).toEqual(["myApiXKey"]);
    expect(request.url).toBe(
      "https://eu.example.com/v2/companies/{{id}}/score?lang=en&domain=acme.com",
    );
    expect(request.headers).toEqual([
      ["X-Version", "2"],
      ["X-Key", "${config.myApiXKey}"],
      ["Content-Type", "application/json"],
    ]);
    expect(text).toContain('"list": {{ list | tojson }}');
    expect(JSON.parse(request.body!)).toMatchObject({ kind: "full", list: [1] });
  });
  test("an operation without an id is called by method and path", () =>
    expect(requestOfOpenApi(DOCUMENT, "get /plain").request).toMatchObject({
      method: "GET",
      url: "https://eu.example.com/v2/plain",
      headers: [["Authorization", "Basic KEY"]],
    }));
  test.each<[string, string, string | undefined, RegExp]>([
    ["no operation named", DOCUMENT, undefined, /--operation\. Operations: score, get \/plain/],
    ["a name that is close", DOCUMENT, "scores", /no operation scores\. Did you mean score\?/],
    ["no OpenAPI", "a: b", "a", /neither an OpenAPI 3 nor a Swagger 2 document/],
    ["no YAML", "a: [", "a", /not valid YAML or JSON/],
    ["no server", "openapi: 3.0.0\npaths: {/a: {get: {operationId: a}}}", "a", /no server/],
    [
      "a reference to another file",
      "openapi: 3.0.0\npaths: {/a: {get: {operationId: a, parameters: [{$ref: b.yaml}]}}}",
      "a",
      /refers to b\.yaml/,
    ],
  ])("is refused in words: %s", (_, text, operation, message) =>
    expect(() => requestOfOpenApi(text, operation)).toThrow(message),
  );
});
