import { accept, isGone, phrase, sendFor, unexpected } from "../shared/error-table";
import { type HttpClient, type HttpRequest, type HttpResponse } from "../../http/types";
import { ConnectorError } from "../../errors";
import { type Ref, type Subject } from "../../lifecycle/adapter";
import { type NameValue, toNameValues, type Entries } from "../../model/entries";
import { isObject } from "../../json";
import { type Inputs } from "../../model/state";
import { databarRefusal, saysGone, type Sent } from "./errors";
import { databarFields } from "./fields";

/** A connector as Databar answers it, parsed. Limits are the effective ones. */
export interface DatabarRemote {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly NameValue[];
  readonly parameters: readonly NameValue[];
  readonly body: readonly NameValue[];
  readonly bodyTemplate: string | null;
  /** `undefined` when the answer did not carry it; null is none. */
  readonly rateLimit: number | null | undefined;
  readonly maxConcurrency: number | null | undefined;
  readonly createdAt: string | null;
  /** Set on an item of a list that is not what Databar documents: it is known by its id, and nothing else of it counts. */
  readonly unreadable?: true;
  /** Set on such an item when even its name could not be read: it may be anybody's namesake. */
  readonly nameless?: true;
}

/**
 * Databar's calls. The collection's path ends in a slash, a connector's does not: the other form is answered with a
 * redirect, possibly to plain http.
 */
export class DatabarApi {
  constructor(private readonly http: HttpClient) {}

  async list(): Promise<DatabarRemote[]> {
    const subject: Subject = { verb: "list", sensitive: [] };
    const response = await this.send({ method: "GET", path: "/v1/connectors/" }, subject);
    const items = unwrap(response.json);
    if (!Array.isArray(items)) {
      throw unexpected("Databar", response, "a list was expected", subject);
    }
    return items.map((item) => parseItem(item, response, subject));
  }

  /** `undefined` when Databar says 404. */
  async get(ref: Ref, subject: Subject): Promise<DatabarRemote | undefined> {
    const attempted = { ...subject, ref };
    const response = await sendFor(this.http, { method: "GET", path: connectorPath(ref) }, subject);
    if (isGone(response, saysGone)) {
      return undefined;
    }
    const { json } = accept(response, () => databarRefusal(response, attempted));
    const connector = parseConnector(unwrap(json), response, attempted);
    if (connector.id !== ref.key) {
      throw unexpected(
        "Databar",
        response,
        `connector ${connector.id} instead of ${ref.key}`,
        attempted,
      );
    }
    return connector;
  }

  async create(body: Sent, subject: Subject): Promise<DatabarRemote> {
    const response = await this.send(
      { method: "POST", path: "/v1/connectors/", body: { kind: "json", value: body } },
      subject,
      body,
    );
    return parseConnector(unwrap(response.json), response, subject);
  }

  /** Replaces the whole configuration: what the body leaves out falls back to its default. */
  async replace(ref: Ref, body: Sent, subject: Subject): Promise<DatabarRemote> {
    const response = await this.send(
      { method: "PUT", path: connectorPath(ref), body: { kind: "json", value: body } },
      subject,
      body,
    );
    return parseConnector(unwrap(response.json), response, subject);
  }

  /** Gone before is gone. Any 2xx of the API counts, with or without a body. */
  async remove(ref: Ref, subject: Subject): Promise<void> {
    const response = await sendFor(
      this.http,
      { method: "DELETE", path: connectorPath(ref) },
      subject,
    );
    if (!isGone(response, saysGone)) {
      accept(response, () => databarRefusal(response, subject));
    }
  }

  private async send(request: HttpRequest, subject: Subject, sent?: Sent): Promise<HttpResponse> {
    return accept(await sendFor(this.http, request, subject), (response) =>
      databarRefusal(response, subject, sent),
    );
  }
}

/**
 * Inputs → the request to send. Pure. Every field that Databar has, always: a full replacement resets what is left out.
 * Unset ones go as their default, or as an explicit null.
 */
export function patch(inputs: Inputs): Sent {
  const rows = databarFields.fields.flatMap((field) =>
    field.vendorName === undefined ? [] : [{ ...field, vendorName: field.vendorName }],
  );
  return Object.fromEntries(
    rows.map(({ name, vendorName, kind, default: unset = null }) => {
      const value = inputs[name] ?? unset;
      return [vendorName, kind === "entries" ? toNameValues(value as Entries) : value];
    }),
  );
}

function connectorPath({ key }: Ref): string {
  return `/v1/connectors/${encodeURIComponent(key)}`;
}

/** Some gateways wrap the body in `{data}`. */
function unwrap(json: unknown): unknown {
  return isObject(json) && json["data"] !== undefined && json["id"] === undefined
    ? json["data"]
    : json;
}

/** One connector that cannot be read is no reason to fail all others. */
function parseItem(item: unknown, response: HttpResponse, subject: Subject): DatabarRemote {
  try {
    return parseConnector(item, response, subject);
  } catch (error) {
    if (!isObject(item) || !isId(item["id"])) {
      throw error;
    }
    const none = {
      type: "",
      method: "",
      url: "",
      headers: [],
      parameters: [],
      body: [],
      bodyTemplate: null,
      rateLimit: null,
      maxConcurrency: null,
      createdAt: null,
    };
    const { name } = item;
    return {
      ...none,
      id: String(item["id"]),
      ...(typeof name === "string" ? { name } : { name: "", nameless: true }),
      unreadable: true,
    };
  }
}

function isId(id: unknown): id is number | string {
  return typeof id === "string"
    ? /^[1-9]\d*$/.test(id)
    : Number.isSafeInteger(id) && Number(id) > 0;
}

function parseConnector(item: unknown, response: HttpResponse, subject: Subject): DatabarRemote {
  const fail = (problem: string): ConnectorError =>
    unexpected("Databar", response, problem, subject);
  if (!isObject(item)) {
    throw fail(`a connector was expected to ${phrase(subject)}`);
  }
  const { id } = item;
  if (!isId(id)) {
    throw fail("a connector without a whole-number id");
  }
  const text = (name: string): string => {
    const value = item[name];
    if (typeof value !== "string") {
      throw fail(`connector ${String(id)} without ${name}`);
    }
    return value;
  };
  return {
    id: String(id),
    name: text("name"),
    type: text("type"),
    method: text("method"),
    url: text("url"),
    headers: parseNameValues(item["headers"], () =>
      fail(`connector ${String(id)} with headers that are no list`),
    ),
    parameters: parseNameValues(item["parameters"], () =>
      fail(`connector ${String(id)} with parameters that are no list`),
    ),
    body: parseNameValues(item["body"], () =>
      fail(`connector ${String(id)} with a body that is no list`),
    ),
    bodyTemplate: typeof item["body_template"] === "string" ? item["body_template"] : null,
    rateLimit: item["rate_limit"] === undefined ? undefined : parseNumber(item["rate_limit"]),
    maxConcurrency:
      item["max_concurrency"] === undefined ? undefined : parseNumber(item["max_concurrency"]),
    createdAt: typeof item["created_at"] === "string" ? item["created_at"] : null,
  };
}

/** Missing, null and an empty object all mean none. */
function parseNameValues(value: unknown, fail: () => ConnectorError): NameValue[] {
  if (
    value === undefined ||
    value === null ||
    (isObject(value) && Object.keys(value).length === 0)
  ) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw fail();
  }
  return value.map((entry: unknown) => {
    if (!isObject(entry) || typeof entry["name"] !== "string") {
      throw fail();
    }
    const text = entry["value"] ?? "";
    if (typeof text !== "string" && typeof text !== "number" && typeof text !== "boolean") {
      throw fail();
    }
    return { name: entry["name"], value: String(text) };
  });
}

function parseNumber(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** Splits a resource id. A key's one workspace has no name of its own. Throws `invalid` when it is no positive whole number. */
export function parseDatabarId(id: string): Ref {
  if (/^[1-9]\d{0,18}$/.test(id)) {
    return { scope: "", key: id };
  }
  throw new ConnectorError(
    "invalid",
    "A Databar connector id is a positive whole number, for example 42",
    { vendor: "Databar" },
  );
}
