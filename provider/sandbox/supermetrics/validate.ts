/** Validates requests. An error is a sentence for the `description` of the answer. */
import { type RequestBody } from "../http-message";
import { type JsonObject, isObject, textLength } from "../json";

/** A valid value, or the status and description of the error. */
export type Validated<T> =
  { readonly value: T } | { readonly statusCode: 400 | 422; readonly description: string };

/** The form of a create. */
export interface CreateForm {
  readonly title: string;
  readonly description: string | null;
  /** The connector to duplicate. */
  readonly source: string | undefined;
}

/** The blocks of an update, optional and independent. */
export interface UpdateBlocks {
  readonly connector?: { readonly name: string; readonly description: string };
  readonly configuration?: JsonObject;
}

interface Bounds {
  readonly maxLength: number;
  readonly allowEmpty?: boolean;
}

const NAME: Bounds = { maxLength: 255 };
const DESCRIPTION: Bounds = { maxLength: 1000, allowEmpty: true };
const SOURCE: Bounds = { maxLength: 100, allowEmpty: true };
const SECRET_VALUE: Bounds = { maxLength: 10_000 };

/** True for a positive int64. Uses BigInt, because the range exceeds that of a number. */
export function isTeamId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= 9223372036854775807n;
}

/** True for `^[A-Za-z0-9_-]+$`, at most 100 characters. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(text);
}

/** Parses the body of a create, which must be a form. */
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
  const errors = [
    ...stringErrors("title", form["title"], NAME),
    ...("description" in form ? stringErrors("description", form["description"], DESCRIPTION) : []),
    ...("connector_identifier" in form
      ? stringErrors("connector_identifier", form["connector_identifier"], SOURCE)
      : []),
  ];
  const source = form["connector_identifier"] === "" ? undefined : form["connector_identifier"];
  return validated(errors, {
    title: form["title"] ?? "",
    description: form["description"] ?? null,
    source,
  });
}

/** Parses the body of an update. */
export function parseUpdate(body: RequestBody): Validated<UpdateBlocks> {
  const document = parseObject(body);
  if (!("value" in document)) {
    return document;
  }
  const { connector, configuration } = document.value;
  const errors = [
    ...("connector" in document.value ? connectorErrors(connector) : []),
    ...("configuration" in document.value ? configurationErrors(configuration) : []),
  ];
  return validated(errors, {
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

/** Parses the body of a new secret, or, with `named` false, of a new value. */
export function parseSecret(
  body: RequestBody,
  named: boolean,
): Validated<{ readonly name: string; readonly value: string }> {
  const document = parseObject(body);
  if (!("value" in document)) {
    return document;
  }
  const { secret_name: name, secret_value: value } = document.value;
  const errors = [
    ...(named ? stringErrors("secret_name", name, NAME) : []),
    ...stringErrors("secret_value", value, SECRET_VALUE),
  ];
  return validated(errors, { name: String(name), value: String(value) });
}

/** Parses the `limit` parameter of the log entries. */
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

/** Parses a boolean query parameter. Default: false. */
export function parseFlag(name: string, text: string | null): Validated<boolean> {
  if (text === null || text === "false" || text === "0") {
    return { value: false };
  }
  if (text === "true" || text === "1") {
    return { value: true };
  }
  return { statusCode: 400, description: `The field '${name}' must be a boolean.` };
}

/** Parses a date-time query parameter. */
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

function connectorErrors(block: unknown): string[] {
  if (!isObject(block)) {
    return ["The field 'connector' must be an object."];
  }
  return [
    ...stringErrors("connector.name", block["name"], NAME),
    ...stringErrors("connector.description", block["description"], DESCRIPTION),
  ];
}

function configurationErrors(block: unknown): string[] {
  if (!isObject(block)) {
    return ["The field 'configuration' must be an object."];
  }
  const json = block["configuration_json"];
  if (json === null || json === undefined) {
    return ["The field 'configuration.configuration_json' must not be null."];
  }
  return isObject(json) ? [] : ["The field 'configuration.configuration_json' must be an object."];
}

function stringErrors(
  field: string,
  value: unknown,
  { maxLength, allowEmpty = false }: Bounds,
): string[] {
  if (value === null || value === undefined) {
    return [`The field '${field}' must not be null.`];
  }
  if (typeof value !== "string") {
    return [`The field '${field}' must be a string.`];
  }
  if (value === "" && !allowEmpty) {
    return [`The field '${field}' must not be empty.`];
  }
  return textLength(value) <= maxLength
    ? []
    : [`The field '${field}' must not be longer than ${maxLength} characters.`];
}

function validated<T>(errors: readonly string[], value: T): Validated<T> {
  return errors.length === 0 ? { value } : { statusCode: 422, description: errors.join(" ") };
}
