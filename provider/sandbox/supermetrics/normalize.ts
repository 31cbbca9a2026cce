/** Converts a stored connector to its form in an answer. */
import { type Answer } from "../http-message";
import { type ExactNumber, isExactNumber, isObject, type JsonObject, mapJson } from "../json";
import { requestId } from "./errors";
import { type SupermetricsNormalization } from "./settings";
import { type SupermetricsConnectorObject } from "./store";

/** A connector as returned by get and create. */
export function present(
  connector: SupermetricsConnectorObject,
  normalization: SupermetricsNormalization,
): JsonObject {
  const { configuration } = connector;
  const json = presentConfiguration(configuration.configuration_json, normalization);
  return {
    ...presentMetadata(connector, normalization),
    configuration: {
      ...withTimestamps(configuration, normalization.timestamps),
      configuration_json: json,
    },
  };
}

/** A connector as returned by list. */
export function presentInList(
  connector: SupermetricsConnectorObject,
  normalization: SupermetricsNormalization,
  withConfiguration: boolean,
): JsonObject {
  const { timestamps, listTimestamps = timestamps } = normalization;
  const inList = { ...normalization, timestamps: listTimestamps };
  return withConfiguration ? present(connector, inList) : presentMetadata(connector, inList);
}

function presentMetadata(
  connector: SupermetricsConnectorObject,
  { timestamps, extraFields }: SupermetricsNormalization,
): JsonObject {
  return {
    ...withTimestamps(connector, timestamps),
    ...extraFields,
    // Omitted in the JSON.
    configuration: undefined,
  };
}

function withTimestamps<T extends { created_at: string; updated_at: string }>(
  object: T,
  format: SupermetricsNormalization["timestamps"],
): T {
  if (format === undefined) {
    return object;
  }
  const formatted = (time: string): string =>
    format === "date" ? time.slice(0, 10) : time.replace("+00:00", "Z");
  return {
    ...object,
    created_at: formatted(object.created_at),
    updated_at: formatted(object.updated_at),
  };
}

/** A successful answer: the bare body, or wrapped as in the vendor's other APIs. */
export function success(
  statusCode: number,
  body: unknown,
  { wrapData }: SupermetricsNormalization,
): Answer {
  return {
    statusCode,
    json: wrapData === true ? { meta: { request_id: requestId() }, data: body } : body,
  };
}

function presentConfiguration(json: JsonObject, normalization: SupermetricsNormalization): unknown {
  const { configurationDefaults, emptyValues, sortKeys, emptyObjectsAsLists } = normalization;
  const filled =
    configurationDefaults === undefined ? json : withDefaults(json, configurationDefaults);
  return mapJson(filled, (node) => {
    if (typeof node === "number" || isExactNumber(node)) {
      return presentNumber(node, normalization);
    }
    if (typeof node === "string") {
      return normalization.trimTexts === true ? node.trim() : node;
    }
    if (!isObject(node)) {
      return node;
    }
    const kept = emptyValues === undefined ? node : withoutEmpty(node, emptyValues);
    if (emptyObjectsAsLists === true && Object.keys(kept).length === 0) {
      return [];
    }
    return sortKeys === true
      ? Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)))
      : kept;
  });
}

function presentNumber(
  number: number | ExactNumber,
  { roundNumbers, numbersAsText }: SupermetricsNormalization,
): unknown {
  const digits = isExactNumber(number) ? number.$number : number;
  if (roundNumbers === true) {
    const rounded = Number(Number(digits).toPrecision(14));
    return numbersAsText === true ? String(rounded) : rounded;
  }
  return numbersAsText === true ? String(digits) : number;
}

function withoutEmpty(node: JsonObject, emptyValues: "null" | "missing"): JsonObject {
  const isEmpty = (value: unknown): boolean =>
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0);
  if (emptyValues === "missing") {
    return Object.fromEntries(Object.entries(node).filter(([, value]) => !isEmpty(value)));
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, isEmpty(value) ? null : value]),
  );
}

function withDefaults(json: JsonObject, defaults: JsonObject): JsonObject {
  const result = { ...json };
  for (const [key, value] of Object.entries(defaults)) {
    const present = result[key];
    if (present === undefined) {
      result[key] = structuredClone(value);
    } else if (isObject(present) && isObject(value)) {
      result[key] = withDefaults(present, value);
    }
  }
  return result;
}
