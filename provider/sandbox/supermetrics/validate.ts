/** What Supermetrics accepts. A fault is a sentence for the error's `description`. */
import { type RequestBody } from "../http-message";
import { type JsonObject, isObject, textLength } from "../json";

/** A value, or why the request is refused. */
export type Validated<T> =
  { readonly value: T } | { readonly statusCode: 400 | 422; readonly description: string };

/** A create's form. */
export interface CreateForm {
  readonly title: string;
  readonly description: string | null;
  /** The connector to duplicate. */
  readonly source: string | undefined;
}

/** An update: both blocks are optional and independent. */
export interface UpdateBlocks {
  readonly connector?: { readonly name: string; readonly description: string };
  readonly configuration?: JsonObject;
}

interface Bounds {
  readonly longest: number;
  readonly mayBeEmpty?: boolean;
}

const NAME: Bounds = { longest: 255 };
const DESCRIPTION: Bounds = { longest: 1000, mayBeEmpty: true };
const SOURCE: Bounds = { longest: 100, mayBeEmpty: true };
const SECRET_VALUE: Bounds = { longest: 10_000 };

/** True for an int64 of 1 and more; compared as text, because it exceeds what a number holds. */
export function isTeamId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= 9223372036854775807n;
}

/** True for `^[A-Za-z0-9_-]+$`, at most 100 characters. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(text);
}

/** Reads a create's body: a form and nothing else. */
export function parseCreate(body: RequestBody): Validated<CreateForm> {
  if (body.kind === "none") {
    return { statusCode: 422, description: "The field 'title' must not be null." };
  }
  if (body.kind !== "form") {
    return {
      statusCode: 400,
      description: "The content type must be application/x-www-form-urlencoded.",
    };
  }
  const form = Object.fromEntries(body.fields);
  const faults = [
    ...textFaults("title", form["title"], NAME),
    ...("description" in form ? textFaults("description", form["description"], DESCRIPTION) : []),
    ...("connector_identifier" in form
      ? textFaults("connector_identifier", form["connector_identifier"], SOURCE)
      : []),
  ];
  const source = form["connector_identifier"] === "" ? undefined : form["connector_identifier"];
  return settle(faults, {
    title: form["title"] ?? "",
    description: form["description"] ?? null,
    source,
  });
}

/** Reads an update's body. */
export function parseUpdate(body: RequestBody): Validated<UpdateBlocks> {
  const document = parseObject(body);
  if (!("value" in document)) {
    return document;
  }
  const { connector, configuration } = document.value;
  const faults = [
    ...("connector" in document.value ? connectorFaults(connector) : []),
    ...("configuration" in document.value ? configurationFaults(configuration) : []),
  ];
  return settle(faults, {
    ...(isObject(connector)
      ? {
          connector: {
            name: String(connector["name"]),
            description: String(connector["description"]),
          },
        }
      : {}),
    ...(isObject(configuration)
      ? { configuration: configuration["configuration_json"] as JsonObject }
      : {}),
  });
}

/** Reads the body of a new secret, or of a new value of one (`named` false). */
export function parseSecret(
  body: RequestBody,
  named: boolean,
): Validated<{ readonly name: string; readonly value: string }> {
  const document = parseObject(body);
  if (!("value" in document)) {
    return document;
  }
  const { secret_name: name, secret_value: value } = document.value;
  const faults = [
    ...(named ? textFaults("secret_name", name, NAME) : []),
    ...textFaults("secret_value", value, SECRET_VALUE),
  ];
  return settle(faults, { name: String(name), value: String(value) });
}

/** Reads a query parameter of a list of log entries. */
export function parseLimit(text: string | null): Validated<number> {
  if (text === null) {
    return { value: 100 };
  }
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 1000) {
    return { value: limit };
  }
  return { statusCode: 400, description: "The field 'limit' must be between 1 and 1000." };
}

/** Reads a boolean query parameter; absent is false. */
export function parseFlag(name: string, text: string | null): Validated<boolean> {
  if (text === null || text === "false" || text === "0") {
    return { value: false };
  }
  if (text === "true" || text === "1") {
    return { value: true };
  }
  return { statusCode: 400, description: `The field '${name}' must be a boolean.` };
}

/** Reads an instant of a query parameter. */
export function parseInstant(name: string, text: string): Validated<number> {
  const time = Date.parse(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time)) {
    return { value: time };
  }
  return { statusCode: 400, description: `The field '${name}' must be a date-time.` };
}

function parseObject(body: RequestBody): Validated<JsonObject> {
  if (body.kind === "json" && isObject(body.value)) {
    return { value: body.value };
  }
  return { statusCode: 400, description: "The request body must be a JSON object." };
}

function connectorFaults(block: unknown): string[] {
  if (!isObject(block)) {
    return ["The field 'connector' must be an object."];
  }
  return [
    ...textFaults("connector.name", block["name"], NAME),
    ...textFaults("connector.description", block["description"], DESCRIPTION),
  ];
}

function configurationFaults(block: unknown): string[] {
  if (!isObject(block)) {
    return ["The field 'configuration' must be an object."];
  }
  const json = block["configuration_json"];
  if (json === null || json === undefined) {
    return ["The field 'configuration.configuration_json' must not be null."];
  }
  return isObject(json) ? [] : ["The field 'configuration.configuration_json' must be an object."];
}

function textFaults(
  field: string,
  value: unknown,
  { longest, mayBeEmpty = false }: Bounds,
): string[] {
  if (value === null || value === undefined) {
    return [`The field '${field}' must not be null.`];
  }
  if (typeof value !== "string") {
    return [`The field '${field}' must be a string.`];
  }
  if (value === "" && !mayBeEmpty) {
    return [`The field '${field}' must not be empty.`];
  }
  return textLength(value) <= longest
    ? []
    : [`The field '${field}' must not be longer than ${longest} characters.`];
}

function settle<T>(faults: readonly string[], value: T): Validated<T> {
  return faults.length === 0 ? { value } : { statusCode: 422, description: faults.join(" ") };
}
