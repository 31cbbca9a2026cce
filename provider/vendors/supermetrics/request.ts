import { suggest } from "../../diagnostics";
import { isObject } from "../../json";
import { jsonFault } from "../../model/json-fault";
import {
  headerOf,
  type RenderedRequest,
  type RequestFault,
  type RequestRenderer,
  type Row,
  withParameters,
} from "../../model/rendered-request";
import { resolve, textsOf } from "./placeholders";

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Fills texts, and notes the placeholders that stay, and those that it fills. */
interface Filling {
  readonly text: (value: unknown) => string;
  readonly open: Set<string>;
  readonly own: Set<string>;
}

/**
 * The request of each report type. `row` holds values of placeholders; what it lacks, only
 * Supermetrics can compute, and it stays.
 */
export const renderSupermetricsRequests: RequestRenderer = ({ configuration, secrets }, row) => {
  const reporting = isObject(configuration) ? configuration["reporting"] : undefined;
  const types = isObject(reporting) ? reporting["reportTypes"] : undefined;
  const used = new Set<string>();
  const rendered = (Array.isArray(types) ? types : []).flatMap((type: unknown, index) => {
    const request = isObject(type) ? type["request"] : undefined;
    const name = isObject(type) && typeof type["id"] === "string" ? type["id"] : `${index}`;
    return isObject(request) ? [requestOf(name, request, fillingOf(row, secrets, used))] : [];
  });
  const known = [...used, ...rendered.flatMap(({ open }) => open)];
  const unused = Object.keys(row)
    .filter((name) => !used.has(name))
    .map((name): RequestFault => {
      const meant = suggest(name, known);
      return {
        severity: "warning",
        message: `no request uses {{${name}}}`,
        ...(meant !== undefined && { hint: `Did you mean ${meant}?` }),
      };
    });
  return rendered.map((request, index) =>
    index === 0 ? { ...request, faults: [...request.faults, ...unused] } : request,
  );
};

function fillingOf(row: Row, secrets: unknown, used: Set<string>): Filling {
  const open = new Set<string>();
  const own = new Set<string>();
  const values = textsOf(secrets);
  const text = (value: unknown): string =>
    resolve(typeof value === "string" ? value : JSON.stringify(value ?? ""), values).replace(
      PLACEHOLDER,
      (whole, name: string) => {
        if (!Object.hasOwn(row, name)) {
          open.add(name);
          return whole;
        }
        used.add(name);
        own.add(name);
        const given = row[name];
        return typeof given === "string" ? given : JSON.stringify(given);
      },
    );
  return { text, open, own };
}

function requestOf(
  name: string,
  request: Readonly<Record<string, unknown>>,
  { text, open, own }: Filling,
): RenderedRequest {
  const pairs = (list: unknown): (readonly [string, string])[] =>
    (Array.isArray(list) ? list : []).flatMap((pair: unknown) =>
      isObject(pair) ? [[text(pair["name"]), text(pair["value"])] as const] : [],
    );
  const url = withParameters(text(request["url"]), pairs(request["parameters"]));
  const headers = pairs(request["headers"]);
  const body = request["body"] === undefined ? undefined : text(request["body"]);
  const rendered = {
    name,
    method: typeof request["method"] === "string" ? request["method"].toUpperCase() : "GET",
    url,
    headers,
    ...(body !== undefined && { body }),
  };
  return {
    ...rendered,
    variables: [...own, ...open],
    faults: bodyFaults(rendered),
    open: [...open],
  };
}

/** Open placeholders count as part of the text that they stand in. */
function bodyFaults(request: Pick<RenderedRequest, "headers" | "body">): RequestFault[] {
  const { body } = request;
  if (body === undefined || !/\bjson\b/i.test(headerOf(request, "Content-Type") ?? "")) {
    return [];
  }
  const fault = jsonFault(body);
  return fault === undefined || jsonFault(body.replace(PLACEHOLDER, "0")) === undefined
    ? []
    : [
        {
          severity: "error",
          message: "the body is not JSON, although its header says so",
          line: fault.line,
          column: fault.column,
        },
      ];
}
