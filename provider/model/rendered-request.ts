/** The HTTP request that a connector makes, as far as its definition and a row tell. */
export interface RenderedRequest {
  /** What it is called in the definition, where a connector makes several. */
  readonly name?: string;
  /** True for one that only leads to others, such as a login or the list of accounts. */
  readonly isPreparation?: boolean;
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** Names of the row that it uses, whether they have values or not. */
  readonly variables: readonly string[];
  readonly faults: readonly RequestFault[];
  /** Placeholders that only the vendor can fill. They stay in the request. */
  readonly open: readonly string[];
}

/** What is wrong with a request. As a warning: what is probably wrong. */
export interface RequestFault {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
  /** True for a fault of the row, which is the same for every request of the connector. */
  readonly isOfRow?: boolean;
  /** Where it shows in the body, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** Values by name: a row of a table, or the values of placeholders. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Renders the requests of a connector. `properties` are those of a valid definition, with their
 * references filled in.
 */
export type RequestRenderer = (
  properties: Readonly<Record<string, unknown>>,
  row: Row,
) => readonly RenderedRequest[];

/** A request with each text in it changed: its URL, values of headers, body and faults. */
export function mapTexts(
  request: RenderedRequest,
  change: (text: string) => string,
): RenderedRequest {
  const { url, headers, body, faults } = request;
  return {
    ...request,
    url: change(url),
    headers: headers.map(([name, value]) => [name, change(value)]),
    ...(body !== undefined && { body: change(body) }),
    faults: faults.map((fault) => ({ ...fault, message: change(fault.message) })),
  };
}

/** The value of a header, by a name in any case. */
export function headerOf(
  { headers }: Pick<RenderedRequest, "headers">,
  name: string,
): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}

/** Whether a header says that the body is a form. */
export function isForm(request: Pick<RenderedRequest, "headers">): boolean {
  return /x-www-form-urlencoded/i.test(headerOf(request, "Content-Type") ?? "");
}

/** The body of a form. */
export function formText(fields: readonly (readonly [name: string, value: string])[]): string {
  return withParameters("", fields).slice(1).replaceAll("%20", "+");
}

/** A URL with more parameters in its query. */
export function withParameters(
  url: string,
  parameters: readonly (readonly [name: string, value: string])[],
): string {
  if (parameters.length === 0) {
    return url;
  }
  const [, base = "", query = "", fragment = ""] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  const added = parameters.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&");
  const separator = query === "" ? "?" : query === "?" ? "" : "&";
  return `${base}${query}${separator}${added}${fragment}`;
}

/** Percent-encoded, save for `{{…}}` of a vendor. */
function encoded(text: string): string {
  return text
    .split(/(\{\{[^{}]*\}\})/)
    .map((part, index) =>
      index % 2 === 1 ? part : encodeURIComponent(Buffer.from(part).toString()),
    )
    .join("");
}
