import { type Json, type JsonObject } from "../../json";
import {
  type Drafter,
  perRowNames,
  type Pairs,
  type WrittenBody,
  type WrittenCredential,
} from "../../model/written-request";

const SCHEMA = "https://api.supermetrics.com/cc/v1/schema/connector";

/** A Supermetrics connector with one report type. Values per row are placeholders. */
export const draftSupermetrics: Drafter = (request, title, credentials) => {
  const { method, url, headers, parameters, body } = request;
  const names = new Map(credentials.map((each) => [each.key, secretName(each, credentials)]));
  const text = (each: string): string =>
    each.replace(/\$\{config\.([^}]+)\}/g, (whole, key: string) =>
      names.has(key) ? `\${secrets.${names.get(key) ?? ""}}` : whole,
    );
  const pairs = (property: string, list: Pairs): JsonObject =>
    list.length === 0
      ? {}
      : { [property]: list.map(([name, value]) => ({ name, value: text(value) })) };
  const reportType: JsonObject = {
    id: snakeCase(title),
    title,
    request: {
      method: method.toUpperCase(),
      url: text(url),
      ...pairs("headers", headers),
      ...pairs("parameters", parameters),
      ...(body && { body: text(bodyText(body)) }),
      response: { dataRows: { source: "jsonPath", value: "$.*" } },
    },
    fields: [] as Json[],
  };
  return {
    properties: {
      name: title,
      description: "",
      configuration: { $schema: SCHEMA, reporting: { reportTypes: [reportType] } },
      ...(names.size > 0 && {
        secrets: Object.fromEntries([...names].map(([key, name]) => [name, `\${config.${key}}`])),
      }),
    },
    perRow: perRowNames(request),
    notes: [
      "Write where the rows are in the answer (response.dataRows), and the fields of the report.",
    ],
  };
};

function bodyText(body: WrittenBody): string {
  switch (body.kind) {
    case "json":
      return JSON.stringify(body.value);
    case "form":
      return body.fields.map(([name, value]) => `${name}=${value}`).join("&");
    case "text":
      return body.text;
  }
}

/** By the header, or by the key where two headers have one name. */
function secretName(
  { key, name }: WrittenCredential,
  credentials: readonly WrittenCredential[],
): string {
  return credentials.filter((each) => each.name === name).length === 1
    ? snakeCase(name)
    : snakeCase(key);
}

function snakeCase(text: string): string {
  return (
    text
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "") || "request"
  );
}
