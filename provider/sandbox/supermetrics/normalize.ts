/** How a stored connector looks in an answer. */
import { type Answer } from "../message";
import { type Bag, isBag, mapJson } from "../values";
import { requestId } from "./errors";
import { type SupermetricsNormalization } from "./settings";
import { type SupermetricsConnectorObject } from "./store";

/** A connector as get and create return it, or as list does without its configuration. */
export function present(connector: SupermetricsConnectorObject, normalization: SupermetricsNormalization, withConfiguration = true): Bag {
  const { configuration, ...rest } = structuredClone(connector);
  const base = { ...rest, ...normalization.extraFields };
  if (!withConfiguration) return base;
  const json = presentConfiguration(configuration.configuration_json, normalization);
  return { ...base, configuration: { ...configuration, configuration_json: json } };
}

/** A successful answer: the bare body, or wrapped as on the vendor's other endpoints. */
export function success(statusCode: number, body: unknown, { wrapData }: SupermetricsNormalization): Answer {
  return { statusCode, json: wrapData === true ? { meta: { request_id: requestId() }, data: body } : body };
}

function presentConfiguration(json: Bag, normalization: SupermetricsNormalization): unknown {
  const { configurationDefaults, roundNumbers, sortKeys, emptyObjectsAsLists } = normalization;
  const filled = configurationDefaults === undefined ? json : fill(json, configurationDefaults);
  return mapJson(filled, (node) => {
    if (typeof node === "number") return roundNumbers === true ? Number(node.toPrecision(14)) : node;
    if (!isBag(node)) return node;
    if (emptyObjectsAsLists === true && Object.keys(node).length === 0) return [];
    return sortKeys === true ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))) : node;
  });
}

function fill(json: Bag, defaults: Bag): Bag {
  const result = { ...json };
  for (const [key, value] of Object.entries(defaults)) {
    const present = result[key];
    if (present === undefined) result[key] = structuredClone(value);
    else if (isBag(present) && isBag(value)) result[key] = fill(present, value);
  }
  return result;
}
