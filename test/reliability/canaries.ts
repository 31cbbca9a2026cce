/** Canaries for all places that can contain a secret, and a search for them. */
import { inspect } from "node:util";
import { type FaultOptions, type RequestLogEntry } from "../../provider/sandbox";
import { canary, formsOf } from "../../harness/canary";
import { type FaultRow } from "./fault-matrix";
import { type Resource, type Vendor } from "./stack";

/** The vendors' key; sent in a header, so it has only ASCII characters. */
export const KEY = "canary-key/1+e=z&x";

/** Places whose names indicate a secret. */
const NAMED: Readonly<Record<Vendor, readonly string[]>> = {
  databar: ["authorization", "x-api-key", "parameter", "list", "body", "template", "url", "user"],
  supermetrics: ["map", "unused", "inline", "bearer", "address", "deep"],
};

/**
 * Places that only the program makes secret. The engine encrypts them, so they can appear in
 * results here.
 */
const MARKED: Readonly<Record<Vendor, readonly string[]>> = {
  databar: ["header", "query"],
  supermetrics: ["leaf"],
};

/** A resource of each vendor with a canary in every place. */
export function program(generation: number, name = "Canaries"): Record<Vendor, Resource> {
  const value = (place: string): string => canary(place, generation);
  const encoded = (place: string): string => encodeURIComponent(value(place));
  return {
    databar: {
      vendor: "databar",
      args: {
        ...{
          name,
          method: "post",
          url: `https://me:${encoded("user")}@api.example.com/v1?api_key=${encoded("url")}`,
        },
        headers: {
          Authorization: `Bearer ${value("authorization")}`,
          "X-Api-Key": value("x-api-key"),
          "X-Plain": value("header"),
          Accept: "application/json",
        },
        parameters: {
          access_token: value("parameter"),
          password: ["", value("list")],
          q: value("query"),
        },
        ...(generation % 2 === 0
          ? { body: { client_secret: value("body") } }
          : { bodyTemplate: `{"token": ${JSON.stringify(value("template"))}}` }),
      },
    },
    supermetrics: {
      vendor: "supermetrics",
      args: {
        name,
        configuration: {
          oauth: {
            clientId: "public",
            clientSecret: value("inline"),
            nested: { a: [{ password: value("deep") }] },
          },
          request: {
            url: `https://api.example.com/?token=${encoded("address")}`,
            headers: [
              { name: "Authorization", value: `Bearer ${value("bearer")}` },
              { name: "X-Api-Key", value: "${secrets.key}" },
            ],
          },
          note: value("leaf"),
        },
        secrets: { key: value("map"), other: value("unused") },
      },
    },
  };
}

/** Collects all messages and results, and finds canaries in them. */
export class Watch {
  private readonly messages: string[] = [];
  private readonly answers: string[] = [];

  /** Results and errors of the verbs. */
  readonly see = (answer: unknown): void => {
    if (!(answer instanceof Error)) {
      return void this.answers.push(json(inClear(answer)));
    }
    const { properties, ...own } = answer as Error & { properties?: unknown };
    this.answers.push(json(inClear(properties)));
    this.messages.push(
      inspect(own),
      answer.message,
      answer.stack ?? "",
      inspect(answer.cause, { depth: 8 }),
      json((answer as { reasons?: unknown }).reasons),
    );
  };

  /** Everything that a person or a log sees. */
  say(...texts: readonly unknown[]): void {
    this.messages.push(
      ...texts.map((text) => (typeof text === "string" ? text : inspect(text, { depth: 8 }))),
    );
  }

  get said(): string {
    return this.messages.join("\n");
  }

  /** The places and forms of the canaries found. */
  shown(generations: readonly number[], others: readonly string[] = []): string[] {
    const of = (places: typeof NAMED): string[] =>
      generations.flatMap((generation) =>
        [...places.databar, ...places.supermetrics].map((place) => canary(place, generation)),
      );
    const found = (values: readonly string[], text: string): string[] =>
      [...new Set(values.flatMap(formsOf))].filter((form) => text.includes(form));
    return [
      ...found([KEY, ...others, ...of(NAMED), ...of(MARKED)], this.said),
      ...found([KEY, ...others, ...of(NAMED)], this.answers.join("\n")),
    ];
  }
}

/** JSON, with null for undefined. */
const json = (value: unknown): string => JSON.stringify(value ?? null);

const ENVELOPE = "4dabf18193072939515e22adb298388d";

/** A result as stored in the state, where secret envelopes are encrypted. */
function inClear(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inClear);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (ENVELOPE in value) {
    return "[encrypted]";
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inClear(item)]));
}

/** The values of a generation that a vendor has received. */
function sentTo(vendor: Vendor, generation: number): string[] {
  const left = generation % 2 === 0 ? "template" : "body";
  return [...NAMED[vendor], ...MARKED[vendor]]
    .filter((place) => place !== left)
    .map((place) => canary(place, generation));
}

let turn = 0;

/**
 * A fault whose answer repeats the request and all values of the connector, in every form. The
 * order changes with each request, because long messages are truncated. The request of a list
 * contains only the key.
 */
export function echoing(
  vendor: Vendor,
  { fault }: FaultRow,
  generations: readonly number[],
  match: FaultMatch,
): FaultOptions {
  let sent = "";
  let values: readonly string[] = [];
  const texts = (): string[] => {
    const first = turn++ % values.length;
    return [...values.slice(first), ...values.slice(0, first)]
      .map((value) => formsOf(value).join(" | "))
      .concat(sent);
  };
  const when = ({ method, path, body, headers }: RequestLogEntry): boolean => {
    const list = method === "GET" && /connectors\/?$/.test(path);
    values = [
      KEY,
      ...(list ? [] : generations.flatMap((generation) => sentTo(vendor, generation))),
    ];
    sent = `${JSON.stringify(body)} ${JSON.stringify(headers)}`;
    return true;
  };
  const echo = computed({ ...fault, ...match, when }, "headers", () => ({
    ...fault.headers,
    "x-request-id": values.flatMap(formsOf).filter(isPrintable).join(" "),
  }));
  if (fault.html !== undefined) {
    return computed(
      echo,
      "html",
      () => `<html><title>${texts().join(" ")}</title><body>${texts().join(" ")}</body></html>`,
    );
  }
  if (fault.status === undefined || fault.garbage || fault.body !== undefined) {
    return echo;
  }
  return computed(echo, "body", () => refusal(vendor, texts()));
}

/** Whether a header can contain a string. */
const isPrintable = (text: string): boolean => /^[ -~]+$/.test(text);

/**
 * Defines a getter, which computes the value for each answer. A copy would keep the first value.
 */
function computed(
  fault: FaultOptions,
  part: "headers" | "html" | "body",
  make: () => unknown,
): FaultOptions {
  return Object.defineProperty(fault, part, { enumerable: true, get: make });
}

type FaultMatch = Pick<FaultOptions, "method" | "path" | "after" | "times">;

/** An error in the vendor's format. */
function refusal(vendor: Vendor, texts: readonly string[]): unknown {
  if (vendor === "supermetrics") {
    return {
      meta: { request_id: "r-1" },
      error: {
        code: "UNPROCESSABLE_ENTITY",
        message: `The field 'secret_value' is wrong: ${texts.slice(0, 3).join(" ")}`,
        description: texts.join(" "),
      },
    };
  }
  if (turn % 2 === 0) {
    return { detail: texts.join(" ") };
  }
  return {
    detail: texts.map((msg, index) => ({
      loc: ["body", index % 2 === 0 ? "headers" : "url", 0, "value"],
      msg,
      type: "value_error",
      input: msg,
    })),
  };
}
