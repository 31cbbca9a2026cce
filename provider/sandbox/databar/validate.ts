/** What Databar accepts, field by field, refusing as pydantic 2 does: all faults at once. */
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

/** A value, or the faults that kept it from being one. */
export type Validated<T> = { readonly value: T } | { readonly faults: readonly ValidationError[] };

/** Reads one value; on a fault notes it and gives a stand-in, so that the other fields are judged too. */
type Rule<T> = (value: unknown, loc: Location, faults: ValidationError[]) => T;

const METHODS = ["get", "post", "put", "patch"];
const TYPES = ["simple", "enrichment", "exporter"];

/** Reads a create's or update's body. A field left out takes its default; unknown ones are ignored. */
export function parseConnector(body: RequestBody): Validated<DatabarFields> {
  const document = parseDocument(body);
  if ("faults" in document) {
    return document;
  }
  const faults: ValidationError[] = [];
  const required = <T>(name: string, rule: Rule<T | undefined>): T | undefined => {
    if (name in document.value) {
      return rule(document.value[name], ["body", name], faults);
    }
    faults.push({
      type: "missing",
      loc: ["body", name],
      msg: "Field required",
      input: document.value,
    });
    return undefined;
  };
  const optional = <T>(name: string, rule: Rule<T>, fallback: T): T =>
    name in document.value ? rule(document.value[name], ["body", name], faults) : fallback;
  const value: DatabarFields = {
    name: required("name", text(256)) ?? "",
    method: required("method", oneOf(METHODS)) ?? "",
    url: required("url", text(512)) ?? "",
    type: optional("type", oneOf(TYPES), "enrichment"),
    headers: optional("headers", nameValues, []),
    parameters: optional("parameters", nameValues, []),
    body: optional("body", nameValues, []),
    body_template: optional("body_template", nullable(text(2048)), null),
    rate_limit: optional("rate_limit", nullable(atLeastOne), null),
    max_concurrency: optional("max_concurrency", nullable(atLeastOne), null),
  };
  return faults.length > 0 ? { faults } : { value };
}

/** Reads the path's connector id. */
export function parseId(text: string): Validated<number> {
  if (/^[+-]?\d+$/.test(text)) {
    return { value: Number(text) };
  }
  return { faults: [notParsed(text, ["path", "connector_id"])] };
}

function parseDocument(body: RequestBody): Validated<Record<string, unknown>> {
  const fault = (
    type: string,
    loc: Location,
    msg: string,
    input: unknown,
    ctx?: Record<string, unknown>,
  ): Validated<never> => ({
    faults: [{ type, loc, msg, input, ...(ctx && { ctx }) }],
  });
  if (body.kind === "none") {
    return fault("missing", ["body"], "Field required", null);
  }
  if (body.kind === "broken") {
    return fault(
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
  return fault(
    "model_attributes_type",
    ["body"],
    "Input should be a valid dictionary or object to extract fields from",
    input,
  );
}

function text(longest: number): Rule<string> {
  return (value, loc, faults) => {
    const parsed = anyText(value, loc, faults);
    if (textLength(parsed) <= longest) {
      return parsed;
    }
    const msg = `String should have at most ${longest} characters`;
    faults.push({ type: "string_too_long", loc, msg, input: value, ctx: { max_length: longest } });
    return "";
  };
}

function oneOf(words: readonly string[]): Rule<string> {
  const quoted = words.map((word) => `'${word}'`);
  const expected = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
  return (value, loc, faults) => {
    if (typeof value === "string" && words.includes(value)) {
      return value;
    }
    if (typeof value !== "string") {
      return anyText(value, loc, faults);
    }
    faults.push({
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
  return (value, loc, faults) => (value === null ? null : rule(value, loc, faults));
}

const anyText: Rule<string> = (value, loc, faults) => {
  if (typeof value === "string") {
    return value;
  }
  faults.push({ type: "string_type", loc, msg: "Input should be a valid string", input: value });
  return "";
};

const nameValues: Rule<DatabarNameValue[]> = (value, loc, faults) => {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => nameValue(item, [...loc, index], faults));
  }
  faults.push({ type: "list_type", loc, msg: "Input should be a valid list", input: value });
  return [];
};

const nameValue: Rule<DatabarNameValue> = (item, loc, faults) => {
  if (!isObject(item)) {
    const msg = "Input should be a valid dictionary or object to extract fields from";
    faults.push({ type: "model_attributes_type", loc, msg, input: item });
    return { name: "", value: "" };
  }
  if (!("name" in item)) {
    faults.push({ type: "missing", loc: [...loc, "name"], msg: "Field required", input: item });
  }
  return {
    name: "name" in item ? anyText(item["name"], [...loc, "name"], faults) : "",
    value: "value" in item ? anyText(item["value"], [...loc, "value"], faults) : "",
  };
};

/** Integers, whole floats and their decimal texts, as pydantic takes them outside strict mode. */
const atLeastOne: Rule<number> = (value, loc, faults) => {
  const number =
    typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number === "string") {
    faults.push(notParsed(number, loc));
  } else if (typeof number !== "number") {
    faults.push({ type: "int_type", loc, msg: "Input should be a valid integer", input: value });
  } else if (!Number.isInteger(number)) {
    faults.push({
      type: "int_from_float",
      loc,
      msg: "Input should be a valid integer, got a number with a fractional part",
      input: value,
    });
  } else if (number < 1) {
    faults.push({
      type: "greater_than_equal",
      loc,
      msg: "Input should be greater than or equal to 1",
      input: value,
      ctx: { ge: 1 },
    });
  }
  return typeof number === "number" ? number : 0;
};

function notParsed(input: string, loc: Location): ValidationError {
  return {
    type: "int_parsing",
    loc,
    msg: "Input should be a valid integer, unable to parse string as an integer",
    input,
  };
}
