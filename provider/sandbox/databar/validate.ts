/** Validates requests field by field. Reports all errors together, in the format of pydantic 2. */
import { type RequestBody } from "../http-message";
import { isObject, textLength } from "../json";
import { type Location, type ValidationError } from "./errors";

/** One header, query parameter or body field of a connector. */
export interface DatabarNameValue {
  name: string;
  value: string;
}

/** The ten fields that a client writes. */
export interface DatabarFields {
  name: string;
  type: string;
  method: string;
  url: string;
  headers: DatabarNameValue[];
  parameters: DatabarNameValue[];
  body: DatabarNameValue[];
  body_template: string | null;
  rate_limit: number | null;
  max_concurrency: number | null;
}

/** A valid value, or validation errors. */
export type Validated<T> = { readonly value: T } | { readonly errors: readonly ValidationError[] };

/**
 * Parses one value. On an error, adds it to `errors` and returns a placeholder, so that validation
 * continues.
 */
type Rule<T> = (value: unknown, loc: Location, errors: ValidationError[]) => T;

const METHODS = ["get", "post", "put", "patch"];
const TYPES = ["simple", "enrichment", "exporter"];

/**
 * Parses the body of a create or update. An omitted field gets its default; unknown fields are
 * ignored.
 */
export function parseConnector(body: RequestBody): Validated<DatabarFields> {
  const document = parseDocument(body);
  if ("errors" in document) {
    return document;
  }
  const errors: ValidationError[] = [];
  const required = <T>(name: string, rule: Rule<T | undefined>): T | undefined => {
    if (name in document.value) {
      return rule(document.value[name], ["body", name], errors);
    }
    errors.push({
      type: "missing",
      loc: ["body", name],
      msg: "Field required",
      input: document.value,
    });
    return undefined;
  };
  const optional = <T>(name: string, rule: Rule<T>, fallback: T): T =>
    name in document.value ? rule(document.value[name], ["body", name], errors) : fallback;
  const value: DatabarFields = {
    name: required("name", stringUpTo(256)) ?? "",
    method: required("method", oneOf(METHODS)) ?? "",
    url: required("url", stringUpTo(512)) ?? "",
    type: optional("type", oneOf(TYPES), "enrichment"),
    headers: optional("headers", nameValues, []),
    parameters: optional("parameters", nameValues, []),
    body: optional("body", nameValues, []),
    body_template: optional("body_template", nullable(stringUpTo(2048)), null),
    rate_limit: optional("rate_limit", nullable(atLeastOne), null),
    max_concurrency: optional("max_concurrency", nullable(atLeastOne), null),
  };
  return errors.length > 0 ? { errors } : { value };
}

/** Parses the connector id from the path. */
export function parseId(text: string): Validated<number> {
  if (/^[+-]?\d+$/.test(text)) {
    return { value: Number(text) };
  }
  return { errors: [intParsingError(text, ["path", "connector_id"])] };
}

function parseDocument(body: RequestBody): Validated<Record<string, unknown>> {
  const invalid = (
    type: string,
    loc: Location,
    msg: string,
    input: unknown,
    ctx?: Record<string, unknown>,
  ): Validated<never> => ({
    errors: [{ type, loc, msg, input, ...(ctx && { ctx }) }],
  });
  if (body.kind === "none") {
    return invalid("missing", ["body"], "Field required", null);
  }
  if (body.kind === "broken") {
    return invalid(
      "json_invalid",
      ["body", body.position],
      "JSON decode error",
      {},
      { error: body.reason },
    );
  }
  if (body.kind === "json" && isObject(body.value)) {
    return { value: body.value };
  }
  const input = body.kind === "json" ? body.value : body.kind === "other" ? body.text : null;
  return invalid(
    "model_attributes_type",
    ["body"],
    "Input should be a valid dictionary or object to extract fields from",
    input,
  );
}

function stringUpTo(maxLength: number): Rule<string> {
  return (value, loc, errors) => {
    const parsed = anyString(value, loc, errors);
    if (textLength(parsed) <= maxLength) {
      return parsed;
    }
    const msg = `String should have at most ${maxLength} characters`;
    errors.push({
      type: "string_too_long",
      loc,
      msg,
      input: value,
      ctx: { max_length: maxLength },
    });
    return "";
  };
}

function oneOf(words: readonly string[]): Rule<string> {
  const quoted = words.map((word) => `'${word}'`);
  const expected = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
  return (value, loc, errors) => {
    if (typeof value === "string" && words.includes(value)) {
      return value;
    }
    if (typeof value !== "string") {
      return anyString(value, loc, errors);
    }
    errors.push({
      type: "literal_error",
      loc,
      msg: `Input should be ${expected}`,
      input: value,
      ctx: { expected },
    });
    return "";
  };
}

function nullable<T>(rule: Rule<T>): Rule<T | null> {
  return (value, loc, errors) => (value === null ? null : rule(value, loc, errors));
}

const anyString: Rule<string> = (value, loc, errors) => {
  if (typeof value === "string") {
    return value;
  }
  errors.push({ type: "string_type", loc, msg: "Input should be a valid string", input: value });
  return "";
};

const nameValues: Rule<DatabarNameValue[]> = (value, loc, errors) => {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => nameValue(item, [...loc, index], errors));
  }
  errors.push({ type: "list_type", loc, msg: "Input should be a valid list", input: value });
  return [];
};

const nameValue: Rule<DatabarNameValue> = (item, loc, errors) => {
  if (!isObject(item)) {
    const msg = "Input should be a valid dictionary or object to extract fields from";
    errors.push({ type: "model_attributes_type", loc, msg, input: item });
    return { name: "", value: "" };
  }
  if (!("name" in item)) {
    errors.push({ type: "missing", loc: [...loc, "name"], msg: "Field required", input: item });
  }
  return {
    name: "name" in item ? anyString(item["name"], [...loc, "name"], errors) : "",
    value: "value" in item ? anyString(item["value"], [...loc, "value"], errors) : "",
  };
};

/**
 * Accepts integers, floats without a fraction, and decimal strings, like pydantic outside strict
 * mode.
 */
const atLeastOne: Rule<number> = (value, loc, errors) => {
  const number =
    typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number === "string") {
    errors.push(intParsingError(number, loc));
  } else if (typeof number !== "number") {
    errors.push({ type: "int_type", loc, msg: "Input should be a valid integer", input: value });
  } else if (!Number.isInteger(number)) {
    errors.push({
      type: "int_from_float",
      loc,
      msg: "Input should be a valid integer, got a number with a fractional part",
      input: value,
    });
  } else if (number < 1) {
    errors.push({
      type: "greater_than_equal",
      loc,
      msg: "Input should be greater than or equal to 1",
      input: value,
      ctx: { ge: 1 },
    });
  }
  return typeof number === "number" ? number : 0;
};

function intParsingError(input: string, loc: Location): ValidationError {
  return {
    type: "int_parsing",
    loc,
    msg: "Input should be a valid integer, unable to parse string as an integer",
    input,
  };
}
