import { isObject } from "../../json";
import { without } from "../../model/state";
import { list, map, type ObjectMap, resolve } from "./json-reference";
import { NewError } from "./new-error";

const URLENCODED = "application/x-www-form-urlencoded";

/** True for a document of Swagger 2, which YAML may read as a number. */
export function isSwagger2(document: ObjectMap): boolean {
  return /^2(\.\d)?$/.test(String(document["swagger"]));
}

/**
 * A Swagger 2 document as OpenAPI 3, as far as a request needs it. What references name stays where
 * it is. Throws {@link NewError}.
 */
export function openApiOfSwagger(document: ObjectMap): ObjectMap {
  return {
    ...document,
    openapi: "3.0.3",
    servers: [{ url: serverOf(document) }],
    components: { securitySchemes: mapped(document["securityDefinitions"], securityScheme) },
    paths: mapped(document["paths"], (item) => pathOf(document, resolve(document, item))),
  };
}

function serverOf({ host, basePath = "", schemes }: ObjectMap): string {
  if (typeof host !== "string" || host === "") {
    throw new NewError("the document names no host. Write host: api.example.com into it");
  }
  const given = list(schemes).map(String);
  const scheme = given.includes("https") ? "https" : (given[0] ?? "https");
  return `${scheme}://${host}${String(basePath)}`;
}

function securityScheme(scheme: unknown): unknown {
  return map(scheme)["type"] === "basic" ? { type: "http", scheme: "basic" } : scheme;
}

/** A path with its operations; what is no operation stays as it is. */
function pathOf(document: ObjectMap, { parameters, ...operations }: ObjectMap): ObjectMap {
  return mapped(operations, (operation) =>
    isObject(operation) ? operationOf(document, list(parameters), operation) : operation,
  );
}

function operationOf(
  document: ObjectMap,
  shared: readonly unknown[],
  operation: ObjectMap,
): ObjectMap {
  const parameters = [...shared, ...list(operation["parameters"])].map((each) =>
    resolve(document, each),
  );
  const placed = (place: string): ObjectMap[] => parameters.filter((each) => each["in"] === place);
  const consumes = list(operation["consumes"] ?? document["consumes"]).map(String);
  const [body] = placed("body");
  const form = placed("formData");
  const content = body
    ? contentOf(consumes, "application/json", body["schema"])
    : form.length > 0
      ? contentOf(consumes.filter(isForm), formType(form), formSchema(form))
      : undefined;
  return { ...operation, parameters, ...(content && { requestBody: { content } }) };
}

function contentOf(types: readonly string[], byDefault: string, schema: unknown): ObjectMap {
  return Object.fromEntries(
    (types.length > 0 ? types : [byDefault]).map((type) => [type, { schema }]),
  );
}

function isForm(type: string): boolean {
  return /urlencoded|multipart/i.test(type);
}

function formType(form: readonly ObjectMap[]): string {
  return form.some(({ type }) => type === "file") ? "multipart/form-data" : URLENCODED;
}

/** What a field requires of itself is a boolean in Swagger, and a list in a schema. */
function formSchema(form: readonly ObjectMap[]): ObjectMap {
  return {
    required: form.filter((each) => each["required"] === true).map((each) => each["name"]),
    properties: Object.fromEntries(
      form.map((each) => [String(each["name"]), without(each, "required")]),
    ),
  };
}

function mapped(values: unknown, change: (value: unknown) => unknown): ObjectMap {
  return Object.fromEntries(
    Object.entries(map(values)).map(([key, value]) => [key, change(value)]),
  );
}
