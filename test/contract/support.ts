/** A minimal HTTP client, and JSON Schemas for the vendors' answers. */
import Ajv, { type ValidateFunction } from "ajv";

/** Options of a request. Only one of `json`, `form` and `raw` can be set. */
export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly form?: Record<string, string>;
  readonly raw?: string | Uint8Array<ArrayBuffer> | FormData;
  readonly timeout?: number;
}

/** An answer. `body` is the parsed JSON, or undefined. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** Sends a request without redirects or retries. */
export async function call(
  url: string,
  { method = "GET", headers = {}, json, form, raw, timeout = 30_000 }: CallOptions = {},
): Promise<Reply> {
  const type: Record<string, string> =
    json === undefined ? {} : { "content-type": "application/json" };
  const encoded = json === undefined ? raw : JSON.stringify(json);
  const response = await fetch(url, {
    method,
    headers: { ...type, ...headers },
    body: form === undefined ? encoded : new URLSearchParams(form),
    redirect: "manual",
    signal: AbortSignal.timeout(timeout),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

/** A client that sends Databar's key header. */
export function databarClient(
  url: string,
  key = "key-1",
): (path: string, options?: CallOptions) => Promise<Reply> {
  return (path, options = {}) =>
    call(`${url}${path}`, { ...options, headers: { "x-apikey": key, ...options.headers } });
}

/**
 * A client that sends Supermetrics' key header. Adds the team's prefix to a path that starts with
 * `/connectors`.
 */
export function supermetricsClient(
  url: string,
  { key = "api_1", team = "936506" } = {},
): (path: string, options?: CallOptions) => Promise<Reply> {
  return (path, options = {}) => {
    const full = path.startsWith("/connectors")
      ? `/v1/teams/${team}/connector_builder${path}`
      : path;
    return call(`${url}${full}`, {
      ...options,
      headers: { authorization: `Bearer ${key}`, ...options.headers },
    });
  };
}

const nameValues = {
  type: "array",
  items: {
    type: "object",
    required: ["name", "value"],
    additionalProperties: false,
    properties: { name: { type: "string" }, value: { type: "string" } },
  },
};
const nullableInteger = { type: ["integer", "null"] };

const databarConnector = {
  type: "object",
  required: ["id", "name", "type", "method", "url"],
  additionalProperties: false,
  properties: {
    id: { type: "integer" },
    name: { type: "string" },
    type: { type: "string" },
    method: { type: "string" },
    url: { type: "string" },
    headers: nameValues,
    parameters: nameValues,
    body: nameValues,
    body_template: { type: ["string", "null"] },
    rate_limit: nullableInteger,
    max_concurrency: nullableInteger,
    created_at: { type: ["string", "null"] },
  },
};

const time = { type: "string", maxLength: 30, pattern: "^\\d{4}-\\d{2}-\\d{2}" };
const connectorFields = {
  connector_identifier: { type: "string", maxLength: 100 },
  name: { type: "string", maxLength: 255 },
  description: { type: ["string", "null"], maxLength: 1000 },
  logo_url: { type: ["string", "null"], maxLength: 2048 },
  created_at: time,
  updated_at: time,
};
const configuration = {
  type: "object",
  additionalProperties: false,
  properties: {
    version: { type: "string", maxLength: 20 },
    configuration_json: { type: "object" },
    created_at: time,
    updated_at: time,
  },
};
const listed = { type: "object", additionalProperties: false, properties: connectorFields };
const withConfiguration = {
  type: "object",
  additionalProperties: false,
  properties: { ...connectorFields, configuration },
  required: ["configuration"],
};
const secret = {
  type: "object",
  required: ["secret_placeholder", "secret_name"],
  additionalProperties: false,
  properties: {
    secret_placeholder: { type: "string", maxLength: 100 },
    secret_name: { type: "string", maxLength: 255 },
  },
};
const counted = (name: string, items: object, maxItems: number): object => ({
  type: "object",
  required: ["count", name],
  additionalProperties: false,
  properties: {
    count: { type: "integer", minimum: 0 },
    [name]: { type: "array", maxItems, items },
  },
});

/** Schemas of the documented answers. Unknown fields are errors. */
export const SCHEMAS = {
  databarConnector,
  databarList: { type: "array", items: databarConnector },
  databarError: {
    type: "object",
    required: ["detail"],
    properties: { detail: { type: "string" } },
  },
  databarInvalid: {
    type: "object",
    required: ["detail"],
    additionalProperties: false,
    properties: {
      detail: {
        type: "array",
        minItems: 1,
        items: {
          type: "object",
          required: ["loc", "msg", "type", "input"],
          properties: {
            loc: { type: "array", items: { type: ["string", "integer"] } },
            msg: { type: "string" },
            type: { type: "string" },
          },
        },
      },
    },
  },
  supermetricsConnector: withConfiguration,
  supermetricsList: counted("connectors", listed, 1000),
  supermetricsListWithConfigurations: counted("connectors", withConfiguration, 1000),
  supermetricsSecrets: counted("secrets", secret, 100),
  supermetricsError: {
    type: "object",
    required: ["meta", "error"],
    additionalProperties: false,
    properties: {
      meta: {
        type: "object",
        required: ["request_id"],
        additionalProperties: false,
        properties: {
          request_id: { type: "string", minLength: 8, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
        },
      },
      error: {
        type: "object",
        required: ["code", "message"],
        additionalProperties: false,
        properties: {
          code: { type: "string", maxLength: 100, pattern: "^[A-Z][A-Z0-9_]*$" },
          message: { type: "string", maxLength: 255, pattern: "^.+$" },
          description: { type: "string", maxLength: 2048 },
        },
      },
    },
  },
} as const;

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const compiled = new Map<string, ValidateFunction>();

/** Validates a value against one of the {@link SCHEMAS} and returns the errors. */
export function schemaErrors(name: keyof typeof SCHEMAS, value: unknown): string[] {
  const validate = compiled.get(name) ?? ajv.compile(SCHEMAS[name]);
  compiled.set(name, validate);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath} ${message ?? ""}`,
      );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
