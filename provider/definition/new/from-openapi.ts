import { parse } from "yaml";
import { suggest } from "../../diagnostics";
import { isObject, type Json } from "../../json";
import { type Pairs, type WrittenBody, type WrittenRequest } from "../../model/written-request";
import { isSwagger2, openApiOfSwagger } from "./from-swagger";
import { list, map, type ObjectMap, resolve } from "./json-reference";
import { NewError } from "./new-error";

const METHODS = ["get", "post", "put", "patch", "delete", "head"] as const;

/** Schemas that contain themselves end here. */
const DEEPEST = 6;

/** An operation's request, and what of it is left out. */
export interface OpenApiRequest {
  readonly request: WrittenRequest;
  /** Names of optional parameters, and of optional fields of the body. */
  readonly leftOut: readonly string[];
}

/**
 * The request of an operation of an OpenAPI 3 or Swagger 2 document, in JSON or YAML: what is
 * required, or has only one value. Reads references within the document. Throws {@link NewError}.
 */
export function requestOfOpenApi(text: string, operationId: string | undefined): OpenApiRequest {
  return new OpenApiDocument(text).request(operationId);
}

interface Operation {
  readonly id: string;
  readonly path: string;
  readonly method: string;
  /** Of all operations of the path. */
  readonly shared: ObjectMap;
  readonly operation: ObjectMap;
}

interface OpenApiBody {
  readonly mediaType: string;
  readonly body: WrittenBody;
  readonly leftOut: readonly string[];
}

class OpenApiDocument {
  private readonly document: ObjectMap;

  constructor(text: string) {
    let document: unknown;
    try {
      document = parse(text, { maxAliasCount: 1000 });
    } catch {
      throw new NewError("the file is not valid YAML or JSON");
    }
    if (isObject(document) && isSwagger2(document)) {
      document = openApiOfSwagger(document);
    }
    if (!isObject(document) || !/^3\./.test(String(document["openapi"]))) {
      throw new NewError(
        "the file is neither an OpenAPI 3 nor a Swagger 2 document: it holds neither openapi: 3.… nor swagger: 2.0",
      );
    }
    this.document = document;
  }

  request(operationId: string | undefined): OpenApiRequest {
    const { path, method, shared, operation } = this.find(operationId);
    const parameters = this.parameters(shared, operation);
    const isRequired = (each: ObjectMap): boolean => each["required"] === true;
    const of = (place: string): Pairs =>
      parameters
        .filter((each) => each["in"] === place && isRequired(each))
        .map((each) => [String(each["name"]), this.textOf(each)]);
    const security = this.security(operation);
    const body = this.body(operation);
    const own = [...security.headers, ...(body ? [["Content-Type", body.mediaType] as const] : [])];
    const isOwn = ([name]: readonly [string, string]): boolean =>
      own.some(([each]) => each.toLowerCase() === name.toLowerCase());
    return {
      request: {
        method: method.toUpperCase(),
        url: `${this.server(operation, shared)}${path}`,
        parameters: [...of("query"), ...security.query],
        headers: [...of("header").filter((pair) => !isOwn(pair)), ...own],
        ...(body && { body: body.body }),
      },
      leftOut: [
        ...parameters
          .filter((each) => !isRequired(each) && ["query", "header"].includes(String(each["in"])))
          .map((each) => String(each["name"])),
        ...(body?.leftOut ?? []),
      ],
    };
  }

  private find(operationId: string | undefined): Operation {
    const operations = this.operations();
    const ids = operations.map(({ id }) => id);
    const found = operations.find(({ id }) => id === operationId);
    if (found) {
      return found;
    }
    const meant = operationId === undefined ? undefined : suggest(operationId, ids);
    const known =
      meant === undefined ? `Operations: ${ids.slice(0, 50).join(", ")}` : `Did you mean ${meant}?`;
    throw new NewError(
      operationId === undefined
        ? `name an operation with --operation. ${known}`
        : `there is no operation ${operationId}. ${known}`,
    );
  }

  /** Those of the path, and over them those of the operation. */
  private parameters(shared: ObjectMap, operation: ObjectMap): readonly ObjectMap[] {
    const all = [...list(shared["parameters"]), ...list(operation["parameters"])];
    const resolved = all.map((each) => this.resolve(each));
    return [
      ...new Map(
        resolved.map((each) => [`${String(each["in"])} ${String(each["name"])}`, each]),
      ).values(),
    ];
  }

  /** An operation without an id is called `get /path`. */
  private operations(): Operation[] {
    return Object.entries(map(this.document["paths"])).flatMap(([path, item]) => {
      const shared = this.resolve(item);
      return METHODS.flatMap((method) => {
        const operation = shared[method];
        return isObject(operation)
          ? [
              {
                id:
                  typeof operation["operationId"] === "string"
                    ? operation["operationId"]
                    : `${method} ${path}`,
                ...{ path, method, shared, operation },
              },
            ]
          : [];
      });
    });
  }

  private server(operation: ObjectMap, shared: ObjectMap): string {
    const [server] = [operation, shared, this.document].flatMap((each) => list(each["servers"]));
    const variables = map(map(server)["variables"]);
    const url = textOf(map(server)["url"]).replace(/\{([^{}]+)\}/g, (whole, name: string) => {
      const byDefault = map(variables[name])["default"];
      return byDefault === undefined ? whole : textOf(byDefault);
    });
    if (!/^https?:\/\//.test(url)) {
      throw new NewError(
        "the document names no server with a complete URL. Write servers: [{url: https://…}] into it",
      );
    }
    return url.replace(/\/$/, "");
  }

  /** A credential of the first of the ways to log in. */
  private security(operation: ObjectMap): { readonly headers: Pairs; readonly query: Pairs } {
    const [first] = list(operation["security"] ?? this.document["security"]);
    const schemes = map(map(this.document["components"])["securitySchemes"]);
    const pairs = Object.keys(map(first)).map((name) =>
      this.credential(this.resolve(schemes[name])),
    );
    return {
      headers: pairs.flatMap(([place, ...pair]) => (place === "header" ? [pair] : [])),
      query: pairs.flatMap(([place, ...pair]) => (place === "query" ? [pair] : [])),
    };
  }

  private credential(scheme: ObjectMap): readonly [place: string, name: string, value: string] {
    if (scheme["type"] === "apiKey") {
      const place = String(scheme["in"]);
      const name = String(scheme["name"]);
      return place === "cookie" ? ["header", "Cookie", `${name}=KEY`] : [place, name, "KEY"];
    }
    const isBasic = String(scheme["scheme"]).toLowerCase() === "basic";
    return ["header", "Authorization", isBasic ? "Basic KEY" : "Bearer KEY"];
  }

  private body(operation: ObjectMap): OpenApiBody | undefined {
    const content = map(this.resolve(operation["requestBody"])["content"]);
    const types = Object.keys(content);
    const chosen =
      types.find((type) => /json/i.test(type)) ?? types.find((type) => /urlencoded/i.test(type));
    if (chosen === undefined) {
      if (types.length > 0) {
        throw new NewError(
          `the operation takes ${types.join(", ")}, of which no connector is made`,
        );
      }
      return undefined;
    }
    const schema = map(content[chosen])["schema"];
    const value = this.sample(schema, "body", 0);
    const fields = Object.entries(map(value));
    return {
      mediaType: chosen,
      body: /json/i.test(chosen)
        ? { kind: "json", value }
        : { kind: "form", fields: fields.map(([name, each]) => [name, textOf(each)]) },
      leftOut: this.writable(this.merged(schema).properties).filter(
        (name) => fields.length > 0 && !Object.hasOwn(map(value), name),
      ),
    };
  }

  /** Names of properties that a request may have. */
  private writable(properties: ObjectMap): string[] {
    return Object.keys(properties).filter(
      (name) => this.resolve(properties[name])["readOnly"] !== true,
    );
  }

  /** What is required of an object; without required properties, all. */
  private sample(schema: unknown, name: string, depth: number): Json {
    const { properties, required, ...rest } = this.merged(schema);
    const constant = constantOf(rest);
    if (constant !== undefined) {
      return constant;
    }
    const names = this.writable(properties).filter(
      (each) => required.length === 0 || required.includes(each),
    );
    return names.length === 0 || depth >= DEEPEST
      ? `{{${name.replace(/\W+/g, "_")}}}`
      : Object.fromEntries(
          names.map((each) => [each, this.sample(properties[each], each, depth + 1)]),
        );
  }

  /** A schema with the parts of its `allOf`. */
  private merged(
    schema: unknown,
  ): ObjectMap & { readonly properties: ObjectMap; readonly required: readonly unknown[] } {
    const own = this.resolve(schema);
    const parts = list(own["allOf"]).map((part) => this.merged(part));
    const joined = (maps: readonly ObjectMap[]): ObjectMap =>
      Object.fromEntries(maps.flatMap((each) => Object.entries(each)));
    return {
      ...joined([...parts, own]),
      properties: joined([...parts.map(({ properties }) => properties), map(own["properties"])]),
      required: [...parts.flatMap(({ required }) => required), ...list(own["required"])],
    };
  }

  private textOf(parameter: ObjectMap): string {
    const constant = constantOf(this.resolve(parameter["schema"] ?? parameter));
    return constant === undefined ? `{{${String(parameter["name"])}}}` : textOf(constant);
  }

  private resolve(node: unknown): ObjectMap {
    return resolve(this.document, node);
  }
}

/** A value that is the same in every request. */
function constantOf(schema: ObjectMap): Json | undefined {
  const values = list(schema["enum"]);
  const constant = schema["const"] ?? (values.length === 1 ? values[0] : schema["default"]);
  return constant as Json | undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}
