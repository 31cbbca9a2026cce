import { type ConnectorError } from "../../errors";
import { type Message, own, ownText } from "../../message";
import { type HttpResponse } from "../../http/types";
import { ExactNumber, isObject } from "../../json";
import { type CallContext } from "../../lifecycle/adapter";
import { type NameValue } from "../../model/entries";
import { phrase, unexpected } from "../shared/error-table";

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
  /**
   * Set on an item of a list that is not what Databar documents: it is known by its id, and nothing
   * else of it counts.
   */
  readonly unreadable?: true;
  /** Set on such an item when even its name could not be read: it may be a namesake of any. */
  readonly nameless?: true;
}

/** Some gateways wrap the body in `{data}`. */
export function unwrap(json: unknown): unknown {
  return isObject(json) && json.data !== undefined && json.id === undefined ? json.data : json;
}

/** One connector that cannot be read does not make the list fail. */
export function parseItem(
  item: unknown,
  response: HttpResponse,
  context: CallContext,
): DatabarRemote {
  try {
    return parseConnector(item, response, context);
  } catch (error) {
    if (!isObject(item) || !isId(item.id)) {
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
      id: String(item.id),
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

export function parseConnector(
  item: unknown,
  response: HttpResponse,
  context: CallContext,
): DatabarRemote {
  const fail = (problem: Message): ConnectorError =>
    unexpected("Databar", response, problem, context);
  if (!isObject(item)) {
    throw fail(own`a connector was expected to ${phrase(context)}`);
  }
  const { id } = item;
  if (!isId(id)) {
    throw fail(own`a connector without a whole-number id`);
  }
  const text = (name: string): string => {
    const value = item[name];
    if (typeof value !== "string") {
      throw fail(own`connector ${String(id)} without ${ownText(name)}`);
    }
    return value;
  };
  const limit = (name: string): number | null | undefined => {
    const value = item[name];
    if (value instanceof ExactNumber) {
      throw fail(
        own`connector ${String(id)} with a ${ownText(name)} of more digits than can be kept`,
      );
    }
    return value === undefined ? undefined : parseNumber(value);
  };
  return {
    id: String(id),
    name: text("name"),
    type: text("type"),
    method: text("method"),
    url: text("url"),
    headers: parseNameValues(item.headers, () =>
      fail(own`connector ${String(id)} with headers that are not a list`),
    ),
    parameters: parseNameValues(item.parameters, () =>
      fail(own`connector ${String(id)} with parameters that are not a list`),
    ),
    body: parseNameValues(item.body, () =>
      fail(own`connector ${String(id)} with a body that is not a list`),
    ),
    bodyTemplate: typeof item.body_template === "string" ? item.body_template : null,
    rateLimit: limit("rate_limit"),
    maxConcurrency: limit("max_concurrency"),
    createdAt: typeof item.created_at === "string" ? item.created_at : null,
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
    if (!isObject(entry) || typeof entry.name !== "string") {
      throw fail();
    }
    const given = entry.value ?? "";
    const text = given instanceof ExactNumber ? given.digits : given;
    if (typeof text !== "string" && typeof text !== "number" && typeof text !== "boolean") {
      throw fail();
    }
    return { name: entry.name, value: String(text) };
  });
}

function parseNumber(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}
