import { suggest } from "../../diagnostics";
import { isObject } from "../../json";
import { jsonFault } from "../../model/json-fault";
import {
  formText,
  headerOf,
  isForm,
  type RenderedRequest,
  type RequestFault,
  type RequestRenderer,
  type Row,
  withParameters,
} from "../../model/rendered-request";
import { readTemplate, renderTemplate, type Rendering } from "./jinja/index";

type Pairs = readonly (readonly [name: string, value: string])[];

/** What a row gives to a request. */
interface Filling {
  readonly row: Row;
  readonly faults: RequestFault[];
  /** Names of the row that the request uses. */
  readonly used: Set<string>;
}

/**
 * The request that Databar makes for a row. An empty header, parameter or body field takes the
 * row's value of its name; a template takes the place of the body fields. Databar does not document
 * how it encodes body fields: they are shown as JSON, or as a form where a header says so.
 */
export const renderDatabarRequest: RequestRenderer = (properties, row) => {
  const filling: Filling = { row, faults: [], used: new Set() };
  const fill = (property: string): Pairs => filled(properties[property], filling);
  const method = textOf(properties["method"]).toUpperCase();
  const url = withParameters(textOf(properties["url"]), fill("parameters"));
  if (url.includes("{{")) {
    filling.faults.push({
      severity: "warning",
      message: "the URL holds {{…}}, and Databar does not document values per row there",
      hint: "Use parameters",
    });
  }
  const headers = fill("headers");
  checkHeaders(headers, filling.faults);
  const request = { method, url, headers };
  const body = method === "GET" ? undefined : bodyOf(properties, request, filling, fill);
  return [
    {
      ...request,
      ...(body !== undefined && { body }),
      variables: [...filling.used],
      faults: [...filling.faults, ...unusedValues(filling)],
      open: [],
    },
  ];
};

/** Entries with their values; a list is repeated under its name. */
function filled(entries: unknown, { row, used, faults }: Filling): Pairs {
  if (!isObject(entries)) {
    return [];
  }
  return Object.entries(entries).flatMap(([name, value]) =>
    [value].flat().map((each): readonly [string, string] => {
      if (each !== "") {
        return [name, textOf(each)];
      }
      used.add(name);
      if (!Object.hasOwn(row, name)) {
        faults.push(withoutValue(name));
      }
      return [name, textOf(row[name])];
    }),
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

function withoutValue(name: string): RequestFault {
  return {
    severity: "warning",
    message: `${name} has no value`,
    hint: `Give it with --set ${/\s/.test(name) ? `"${name}=…"` : `${name}=…`}`,
  };
}

function checkHeaders(headers: Pairs, faults: RequestFault[]): void {
  for (const [name, value] of headers) {
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
      faults.push({
        severity: "error",
        message: `the header ${name} holds a line break or a control character`,
        hint: "No header can hold it",
      });
    }
  }
}

function bodyOf(
  { bodyTemplate, body }: Readonly<Record<string, unknown>>,
  request: Pick<RenderedRequest, "headers">,
  filling: Filling,
  fill: (property: string) => Pairs,
): string | undefined {
  if (typeof bodyTemplate === "string" && bodyTemplate !== "") {
    return templateBody(bodyTemplate, request, filling);
  }
  if (!isObject(body) || Object.keys(body).length === 0) {
    return undefined;
  }
  const fields = fill("body");
  return isForm(request) ? formText(fields) : JSON.stringify(jsonFields(fields, body, filling.row));
}

/** A value of the row keeps its type; a name with several values becomes a list. */
function jsonFields(
  fields: Pairs,
  body: Readonly<Record<string, unknown>>,
  row: Row,
): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of fields) {
    const isFilled = body[name] === "" && Object.hasOwn(row, name);
    values.set(name, [...(values.get(name) ?? []), isFilled ? row[name] : value]);
  }
  return Object.fromEntries(
    [...values].map(([name, all]) => [name, Array.isArray(body[name]) ? all : all[0]]),
  );
}

function templateBody(
  template: string,
  request: Pick<RenderedRequest, "headers">,
  { row, faults, used }: Filling,
): string {
  readTemplate(template).variables.forEach((name) => used.add(name));
  const rendering = renderTemplate(template, row);
  if (rendering.kind !== "rendered") {
    faults.push(
      rendering.kind === "failed"
        ? { severity: "error", message: `bodyTemplate fails: ${rendering.message}` }
        : {
            severity: "warning",
            message: `the body is not rendered here, because bodyTemplate uses ${rendering.message}`,
            hint: "The template itself is shown",
          },
    );
    return template;
  }
  const missing = rendering.printed.flatMap(({ label, hasValue }) =>
    hasValue || label === undefined ? [] : [label],
  );
  faults.push(...[...new Set(missing)].map(withoutValue));
  if (/\bjson\b/i.test(headerOf(request, "Content-Type") ?? "")) {
    faults.push(...notJson(rendering));
  }
  return rendering.text;
}

/** Why a body is not JSON, and the value that breaks it. */
function notJson(rendering: Extract<Rendering, { kind: "rendered" }>): RequestFault[] {
  const { text, printed } = rendering;
  const fault = jsonFault(text);
  if (fault === undefined) {
    return [];
  }
  const { at, line, column } = fault;
  const breaking = printed.find(({ start, length, label }) => {
    if (label === undefined || start === undefined) {
      return false;
    }
    // A quote ends the text around the value, so the fault shows in the value or behind it; a line
    // break spoils the text from its opening quote on.
    return (
      /["\\\u0000-\u001f]/.test(text.slice(start, start + length)) &&
      (start <= at || /^"[^"]*$/.test(text.slice(at, start)))
    );
  });
  const near = printed.find(
    ({ start, length }) =>
      start !== undefined && start <= at && text.slice(start + length, at).trim() === "",
  );
  const label = breaking?.label ?? near?.label;
  return [
    {
      severity: "error",
      message: breaking
        ? `the body is not JSON, although its header says so: the value of ${breaking.label ?? ""} holds quotes, backslashes or line breaks`
        : "the body is not JSON, although its header says so",
      ...(label !== undefined && {
        hint: `Write {{ ${label} | tojson }}, without quotes around it`,
      }),
      line,
      column,
    },
  ];
}

function unusedValues({ row, used }: Filling): RequestFault[] {
  return Object.keys(row)
    .filter((name) => !used.has(name))
    .map((name) => {
      const meant = suggest(name, [...used]);
      return {
        severity: "warning",
        message: `the request does not use ${name}`,
        ...(meant !== undefined && { hint: `Did you mean ${meant}?` }),
      };
    });
}
