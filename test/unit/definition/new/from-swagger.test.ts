/** Swagger 2 documents, written as vendors publish them. */
import { requestOfOpenApi } from "../../../../provider/definition/new/from-openapi";
import { newDefinition } from "../../../../provider/definition/new/new-definition";
import { VENDORS } from "../../../../provider/vendors/index";

const PET_STORE = JSON.stringify({
  swagger: "2.0",
  info: { title: "Pet store", version: "1.0.7" },
  host: "petstore.example.com",
  basePath: "/v2",
  schemes: ["http", "https"],
  paths: {
    "/pet": {
      post: {
        operationId: "addPet",
        consumes: ["application/xml", "application/json"],
        parameters: [
          { in: "body", name: "body", required: true, schema: { $ref: "#/definitions/Pet" } },
        ],
        security: [{ petstore_auth: ["write:pets"] }],
      },
    },
    "/pet/{petId}": {
      get: {
        operationId: "getPetById",
        parameters: [
          { name: "petId", in: "path", required: true, type: "integer", format: "int64" },
          { name: "fields", in: "query", type: "string" },
        ],
        security: [{ api_key: [] }],
      },
    },
    "/pet/{petId}/uploadImage": {
      post: {
        operationId: "uploadFile",
        consumes: ["multipart/form-data"],
        parameters: [{ name: "file", in: "formData", type: "file" }],
      },
    },
  },
  securityDefinitions: {
    api_key: { type: "apiKey", name: "api_key", in: "header" },
    petstore_auth: {
      type: "oauth2",
      authorizationUrl: "https://petstore.example.com/oauth/authorize",
      flow: "implicit",
      scopes: { "write:pets": "modify pets" },
    },
  },
  definitions: {
    Category: {
      type: "object",
      required: ["name"],
      properties: { id: { type: "integer", readOnly: true }, name: { type: "string" } },
    },
    Pet: {
      type: "object",
      required: ["id", "name", "category", "photoUrls"],
      properties: {
        id: { type: "integer", readOnly: true },
        category: { $ref: "#/definitions/Category" },
        name: { type: "string", example: "doggie" },
        photoUrls: { type: "array", items: { type: "string" } },
        status: { type: "string", enum: ["available", "sold"] },
      },
    },
  },
});

const MESSAGES = `
swagger: 2.0
host: chat.example.com
basePath: /api/
schemes: [https]
consumes: [application/x-www-form-urlencoded]
securityDefinitions:
  token: {type: apiKey, in: query, name: token}
  login: {type: basic}
security: [{token: []}]
parameters:
  channel: {name: channel, in: formData, required: true, type: string}
paths:
  /chat.postMessage:
    post:
      operationId: chat_postMessage
      consumes: [application/json, application/x-www-form-urlencoded]
      parameters:
        - $ref: '#/parameters/channel'
        - {name: text, in: formData, required: true, type: string}
        - {name: parse, in: formData, required: true, type: string, enum: [full]}
        - {name: thread_ts, in: formData, type: string}
        - {name: Content-Type, in: header, required: true, type: string}
  /users/{user}:
    parameters:
      - {name: user, in: path, required: true, type: string}
      - {name: locale, in: query, required: true, type: string}
    get:
      operationId: users_info
      security: [{login: []}]
      parameters:
        - {name: locale, in: query, required: true, type: string, default: en}
        - {name: X-Version, in: header, required: true, type: string, enum: ["2"]}
`;

const of = (document: string, operation: string) => requestOfOpenApi(document, operation).request;

describe("of a Swagger 2 document", () => {
  test("host, base path and the safer of the schemes; a body of JSON by its definition", () =>
    expect(of(PET_STORE, "addPet")).toEqual({
      method: "POST",
      url: "https://petstore.example.com/v2/pet",
      parameters: [],
      headers: [
        ["Authorization", "Bearer KEY"],
        ["Content-Type", "application/json"],
      ],
      body: {
        kind: "json",
        value: {
          category: { name: "{{name}}" },
          name: "{{name}}",
          photoUrls: "{{photoUrls}}",
        },
      },
    }));
  test("a path parameter, a key in a header, and optional parameters left out", () => {
    expect(requestOfOpenApi(PET_STORE, "getPetById")).toEqual({
      request: {
        method: "GET",
        url: "https://petstore.example.com/v2/pet/{petId}",
        parameters: [],
        headers: [["api_key", "KEY"]],
      },
      leftOut: ["fields"],
    });
  });
  test("form fields, of which one names a shared parameter; the content type once", () =>
    expect(of(MESSAGES, "chat_postMessage")).toEqual({
      method: "POST",
      url: "https://chat.example.com/api/chat.postMessage",
      parameters: [["token", "KEY"]],
      headers: [["Content-Type", "application/x-www-form-urlencoded"]],
      body: {
        kind: "form",
        fields: [
          ["channel", "{{channel}}"],
          ["text", "{{text}}"],
          ["parse", "full"],
        ],
      },
    }));
  test("optional fields of a body or a form are left out, and named", () => {
    expect(requestOfOpenApi(PET_STORE, "addPet").leftOut).toEqual(["status"]);
    expect(requestOfOpenApi(MESSAGES, "chat_postMessage").leftOut).toEqual(["thread_ts"]);
  });
  test("an operation's parameter replaces that of its path; basic login", () =>
    expect(of(MESSAGES, "users_info")).toEqual({
      method: "GET",
      url: "https://chat.example.com/api/users/{user}",
      parameters: [["locale", "en"]],
      headers: [
        ["X-Version", "2"],
        ["Authorization", "Basic KEY"],
      ],
    }));
  test.each(Object.values(VENDORS))(
    "makes a definition that validates, with the credential as a reference: $table.vendor",
    (vendor) => {
      for (const request of [of(PET_STORE, "addPet"), of(MESSAGES, "users_info")]) {
        const made = newDefinition(request, {
          ...{ name: "api", vendor, setRow: [], path: "api.yaml", schema: "s.json", cwd: "/" },
        });
        expect(made.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(made.credentials.map(({ key }) => key)).toEqual(["apiAuthorization"]);
        expect(made.text).not.toContain("KEY");
      }
    },
  );
  test.each<[string, string, string, RegExp]>([
    ["a file upload", PET_STORE, "uploadFile", /takes multipart\/form-data, of which no connector/],
    ["no host", 'swagger: "2.0"\npaths: {/a: {get: {}}}', "get /a", /names no host\. Write host:/],
    ["Swagger 1", "swagger: 1.2", "a", /neither an OpenAPI 3 nor a Swagger 2 document/],
  ])("is refused in words: %s", (_, document, operation, message) =>
    expect(() => of(document, operation)).toThrow(message),
  );
});
