import { suggest } from "../../diagnostics";
import { isObject, valueAt } from "../../json";
import { type KeyPath } from "../../model/credential-detection";
import { jsonFault } from "../../model/json-fault";
import {
  formText,
  headerOf,
  type RenderedRequest,
  type RequestFault,
  type RequestRenderer,
  type Row,
  withParameters,
} from "../../model/rendered-request";
import { compact } from "../../model/state";
import { type DocumentRequest, requestsIn } from "./document-requests";
import { type Placeholders, resolve, textsOf } from "./placeholders";

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Fills texts, and notes the placeholders that stay, and those that it fills. */
interface Filling {
  readonly text: (value: unknown) => string;
  readonly open: Set<string>;
  readonly own: Set<string>;
}

/** The order in which Supermetrics needs them. */
const STEPS: readonly string[] = ["authentication", "dataSourceUser", "accounts", "reporting"];

/**
 * The requests of the login, of the accounts and of each report type. `row` holds values of
 * placeholders; what it lacks, only Supermetrics can compute, and it stays.
 */
export const renderSupermetricsRequests: RequestRenderer = ({ configuration, secrets }, row) => {
  const document = isObject(configuration) ? configuration : {};
  const values = textsOf(secrets);
  const given = { ...clientIn(document, values), ...row };
  const used = new Set<string>();
  const rendered = inOrder(requestsIn(document)).map(({ request, path }) =>
    requestOf(nameOf(document, path), request, fillingOf(given, values, used)),
  );
  const known = [...used, ...rendered.flatMap(({ open }) => open)];
  const unused = Object.keys(row)
    .filter((name) => !used.has(name))
    .map((name): RequestFault => {
      const meant = suggest(name, known);
      return {
        severity: "warning",
        message: `no request uses {{${name}}}`,
        ...(meant !== undefined && { hint: `Did you mean ${meant}?` }),
        isOfRow: true,
      };
    });
  return rendered.map((request) => ({ ...request, faults: [...request.faults, ...unused] }));
};

function inOrder(requests: readonly DocumentRequest[]): DocumentRequest[] {
  const step = ({ path: [root] }: DocumentRequest): number => {
    const index = STEPS.indexOf(String(root));
    return index < 0 ? STEPS.length : index;
  };
  return [...requests].sort((one, other) => step(one) - step(other));
}

/** The placeholders that the document itself gives a value. */
function clientIn(document: Readonly<Record<string, unknown>>, secrets: Placeholders): Row {
  const { oauth2 } = objectIn(document["authentication"]);
  const { clientId, clientSecret } = objectIn(oauth2);
  const text = (value: unknown): string | undefined =>
    typeof value === "string" ? resolve(value, secrets) : undefined;
  return compact({
    "oauth2.client_id": text(clientId),
    "oauth2.client_secret": text(clientSecret),
  });
}

/** A report type's id; else the place in the document, without the key `request`. */
function nameOf(
  document: Readonly<Record<string, unknown>>,
  path: KeyPath,
): Pick<RenderedRequest, "name" | "isPreparation"> {
  const [root, list, index, key, ...deeper] = path;
  if (root === "reporting" && list === "reportTypes" && key === "request" && deeper.length === 0) {
    const { id } = objectIn(valueAt(document, path.slice(0, 3)));
    return { name: typeof id === "string" ? id : String(index) };
  }
  const place = path.at(-1) === "request" ? path.slice(0, -1) : path;
  return { name: place.join("."), isPreparation: true };
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function fillingOf(row: Row, values: Placeholders, used: Set<string>): Filling {
  const open = new Set<string>();
  const own = new Set<string>();
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
  name: Pick<RenderedRequest, "name" | "isPreparation">,
  request: Readonly<Record<string, unknown>>,
  { text, open, own }: Filling,
): RenderedRequest {
  const pairs = (list: unknown): (readonly [string, string])[] =>
    (Array.isArray(list) ? list : []).flatMap((pair: unknown) =>
      isObject(pair) ? [[text(pair["name"]), text(pair["value"])] as const] : [],
    );
  const url = withParameters(text(request["url"]), pairs(request["parameters"]));
  const headers = pairs(request["headers"]);
  const body = bodyOf(request["body"], { headers }, text, pairs);
  const rendered = {
    ...name,
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

/** A list of names and values is shown as a form, or as JSON where a header says so. */
function bodyOf(
  body: unknown,
  request: Pick<RenderedRequest, "headers">,
  text: Filling["text"],
  pairs: (list: unknown) => (readonly [string, string])[],
): string | undefined {
  if (body === undefined) {
    return undefined;
  }
  const isPairs =
    Array.isArray(body) && body.every((pair) => isObject(pair) && typeof pair["name"] === "string");
  if (!isPairs) {
    return text(body);
  }
  return isJson(request) ? JSON.stringify(Object.fromEntries(pairs(body))) : formText(pairs(body));
}

function isJson(request: Pick<RenderedRequest, "headers">): boolean {
  return /\bjson\b/i.test(headerOf(request, "Content-Type") ?? "");
}

/** Open placeholders count as part of the text that they stand in. */
function bodyFaults(request: Pick<RenderedRequest, "headers" | "body">): RequestFault[] {
  const { body } = request;
  if (body === undefined || !isJson(request)) {
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
