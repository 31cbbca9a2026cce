/** Converts a stored connector to its form in an answer. */
import { type DatabarNormalization } from "./settings";
import { type DatabarConnectorObject } from "./store";
import { type DatabarNameValue } from "./validate";

/** A connector as returned by get, list and update. */
export function present(
  connector: DatabarConnectorObject,
  normalization: DatabarNormalization,
): Record<string, unknown> {
  const { maskHeaderValues = false, numbersAsText, createdAt, extraFields = {} } = normalization;
  const headers =
    maskHeaderValues === false
      ? connector.headers
      : connector.headers.map(({ name, value }) => ({
          name,
          value: value === "" ? "" : mask(value, name, maskHeaderValues),
        }));
  const number = (value: number | null): unknown =>
    numbersAsText === true && value !== null ? String(value) : value;
  return {
    ...connector,
    headers: presentList(headers, normalization),
    parameters: presentList(connector.parameters, normalization),
    body: presentList(connector.body, normalization),
    rate_limit: number(connector.rate_limit),
    max_concurrency: number(connector.max_concurrency),
    ...(createdAt !== undefined && { created_at: createdAt === "null" ? null : undefined }),
    ...extraFields,
  };
}

/**
 * A connector as returned by create: an unset body_template is absent, as in the documented
 * example.
 */
export function presentCreated(
  connector: DatabarConnectorObject,
  normalization: DatabarNormalization,
): Record<string, unknown> {
  const { body_template: template, ...rest } = present(connector, normalization);
  return template === null ? rest : { ...rest, body_template: template };
}

function mask(
  value: string,
  name: string,
  how: Exclude<DatabarNormalization["maskHeaderValues"], boolean | undefined> | true,
): string {
  if (typeof how === "function") {
    return how(value, name);
  }
  if (how === "length") {
    return "*".repeat(value.length);
  }
  return how === "partly" && value.length > 12
    ? `${value.slice(0, 2)}********${value.slice(-4)}`
    : "********";
}

/** `undefined` omits the list from the JSON. */
function presentList(
  list: DatabarNameValue[],
  { listOrder, emptyLists }: DatabarNormalization,
): DatabarNameValue[] | null | undefined {
  if (list.length === 0 && emptyLists !== undefined) {
    return emptyLists === "null" ? null : undefined;
  }
  if (listOrder === "reversed") {
    return [...list].reverse();
  }
  return listOrder === "sorted"
    ? [...list].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
    : list;
}
