/**
 * Tests parsers with generated and mutated input: vendors' answers, `Retry-After`, and values of
 * definitions. Any input results in one of our own errors or diagnostics, quickly, and short and
 * without secrets.
 */
import fc, { type Arbitrary } from "fast-check";
import { ConnectorError } from "../../provider/errors";
import { type HttpClient, type HttpResponse, retryAfterMs } from "../../provider/http";
import { redactor } from "../../provider/http/redact/redact";
import { parseJson } from "../../provider/http/wire/response-checks";
import { type CallContext } from "../../provider/lifecycle/adapter";
import { boundaryError } from "../../provider/pulumi/provider/engine-errors";
import { provider as databar } from "../../provider/vendors/databar/runtime";
import { DatabarApi } from "../../provider/vendors/databar/api";
import { databarRefusal } from "../../provider/vendors/databar/errors";
import { databarFields } from "../../provider/vendors/databar/fields";
import { provider as supermetrics } from "../../provider/vendors/supermetrics/runtime";
import { SupermetricsApi } from "../../provider/vendors/supermetrics/api";
import { supermetricsRefusal } from "../../provider/vendors/supermetrics/errors";
import { supermetricsFields } from "../../provider/vendors/supermetrics/fields";
import { providerConfig } from "../../harness/in-process/config";
import { secret, UNKNOWN } from "../../harness/in-process/wire";
import { isolate } from "../../harness/jest/isolate";
import { closeAll, connect, serve } from "../unit/http/support";
import { holds } from "./generated-cases";
import {
  anyJson,
  bodies,
  CANARY,
  CANARY_START,
  deep,
  mutated,
  name,
  object,
  scalar,
  text,
  tree,
} from "./fuzz";

const { said } = isolate();
afterEach(closeAll);
/** Expects that no case has changed the prototypes. */
afterEach(() =>
  expect([
    Object.keys(Object.prototype),
    ({} as { polluted?: boolean }).polluted,
    Object.getPrototypeOf({}) === Object.prototype,
  ]).toEqual([[], undefined, true]),
);

/** Maximum length of a message. */
const LONGEST = 8_000;

/** A time limit that is high enough for a busy machine. */
const SOON = 5_000;

async function soon<T>(work: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  expect(performance.now() - start).toBeLessThan(SOON);
  return result;
}

/** Expects that an error is one of ours, short, and without secrets. */
function expectOurs(error: unknown): void {
  if (!(error instanceof ConnectorError)) {
    throw error;
  }
  expectClean(error);
  // The error itself must have no secrets either, because debug logs and tools print it.
  expect(
    [error.message, ...error.details.flatMap(({ path, message }) => [path, message])].filter(
      (part) => part.includes(CANARY_START),
    ),
  ).toEqual([]);
}

function expectClean(error: unknown): void {
  const { message, stack } = boundaryError(error, { secret: [CANARY], possible: [CANARY] });
  expect(message).toMatch(/^\[[a-z_]+\] \S/);
  expect(message.length).toBeLessThanOrEqual(LONGEST);
  expect([message, stack].filter((part) => part?.includes(CANARY_START))).toEqual([]);
}

const documented: Readonly<Record<"databar" | "supermetrics", readonly unknown[]>> = {
  databar: [
    { detail: "Connector 42 not found" },
    {
      detail: [
        {
          type: "greater_than_equal",
          loc: ["body", "rate_limit"],
          msg: "Input should be greater than or equal to 1",
          input: CANARY,
          ctx: { ge: 1 },
        },
        { loc: ["body", "headers", 0, "value"], msg: CANARY },
      ],
    },
    { detail: [{ loc: ["header", "x-apikey"], msg: "Field required" }] },
    { error: "VALIDATION", detail: "Invalid", fields: ["headers.0.value", ["body", "url"]] },
    { error: "IN_USE", details: `Connector 42 is used by 2 tables ${CANARY}` },
    [
      {
        id: 42,
        name: "A",
        type: "simple",
        method: "get",
        url: "https://api.example.com/",
        headers: [{ name: "Authorization", value: CANARY }],
        parameters: null,
        body: {},
        body_template: null,
        rate_limit: "5",
        max_concurrency: 1,
        created_at: "2026-01-01",
      },
    ],
    {
      id: 42,
      name: "A",
      type: "simple",
      method: "get",
      url: `https://x:${CANARY}@api.example.com/`,
      headers: [],
      parameters: [],
      body: [],
    },
    {
      data: { id: "42", name: "A", type: "simple", method: "get", url: "https://api.example.com/" },
    },
  ],
  supermetrics: [
    {
      meta: { request_id: "r1" },
      error: {
        code: "UNPROCESSABLE_ENTITY",
        message: "Validation failed",
        description: `The field 'configuration_json.a[0]' holds ${CANARY}`,
      },
    },
    { meta: { request_id: CANARY }, error: { code: "CONNECTOR_NOT_FOUND", message: "x" } },
    { error: "invalid_client", error_description: `Bearer ${CANARY}` },
    {
      data: {
        count: 1,
        connectors: [
          {
            connector_identifier: "T3S70",
            name: "A",
            configuration: { configuration_json: '{"a": "sec_1"}', version: 2 },
          },
        ],
      },
    },
    {
      connector_identifier: "T3S70",
      name: "A",
      description: null,
      configuration: { configuration_json: [], version: "1" },
    },
    { count: 1, secrets: [{ secret_name: "k", secret_placeholder: "sec_1" }] },
  ],
};

const statuses = fc.constantFrom(
  200,
  201,
  204,
  299,
  400,
  401,
  403,
  404,
  406,
  408,
  409,
  413,
  418,
  422,
  429,
  500,
  502,
  503,
  599,
);
const waits = fc.oneof(
  fc.constantFrom(
    "0",
    "1",
    "86400",
    "1e9",
    "-1",
    "Sun, 22 Nov 2026 12:00:00 GMT",
    "Sun Nov 22 12:00:30 2026",
    "Sun, 99 Foo 2026 25:00:00 GMT",
    "9".repeat(400),
    "Mon".repeat(5_000),
  ),
  fc.nat().map(String),
  fc.double().map(String),
  fc.date().map((date) => (Number.isNaN(date.getTime()) ? "" : date.toUTCString())),
  text,
);

/** An answer as returned by the client. */
const answers = (vendor: keyof typeof documented): Arbitrary<HttpResponse> =>
  fc
    .record({
      statusCode: statuses,
      body: bodies(
        fc.oneof(
          { weight: 4, arbitrary: mutated(documented[vendor]) },
          { weight: 2, arbitrary: anyJson },
          { weight: 1, arbitrary: deep },
        ),
      ),
      wait: waits,
      type: text,
      id: text,
    })
    .map(({ statusCode, body, wait, type, id }) => ({
      statusCode,
      headers: { "retry-after": wait, "content-type": type, "x-request-id": id },
      text: body,
      json: parseJson(body),
      attempts: 1,
      redact: redactor([CANARY]),
    }));

const SENSITIVE = [CANARY];
const ATTEMPTED: CallContext = {
  verb: "update",
  name: "A",
  ref: { scope: "", key: "42" },
  sensitive: SENSITIVE,
};
const SUBJECT: CallContext = {
  verb: "update",
  name: "A",
  ref: { scope: "1", key: "T3S70" },
  sensitive: SENSITIVE,
};

type Calls = (http: HttpClient) => readonly (() => Promise<unknown>)[];
const SENT = {
  name: "A",
  headers: [
    { name: "Authorization", value: CANARY },
    { name: "__proto__", value: "" },
  ],
};
const databarCalls: Calls = (http) => {
  const api = new DatabarApi(http);
  const ref = { scope: "", key: "42" };
  return [
    () => api.list(),
    () => api.get(ref, SUBJECT),
    () => api.create(SENT, SUBJECT),
    () => api.replace(ref, SENT, SUBJECT),
    () => api.remove(ref, SUBJECT),
  ];
};
const supermetricsCalls: Calls = (http) => {
  const api = new SupermetricsApi(http);
  const ref = { scope: "1", key: "T3S70" };
  const secretOf = { name: "k", placeholder: "sec_1" };
  const logo = { fileName: "a.png", mediaType: "image/png", content: new Uint8Array() };
  return [
    ...[
      () => api.list("1", true),
      () => api.get(ref, SUBJECT),
      () => api.create("1", { title: "A", duplicateOf: "T1" }, SUBJECT),
      () => api.update(ref, { configuration: { configuration_json: {} } }, SUBJECT),
      () => api.remove(ref, SUBJECT),
    ],
    ...[
      () => api.listSecrets(ref, SUBJECT),
      () => api.createSecret(ref, "k", CANARY, SUBJECT),
      () => api.setSecret(ref, secretOf, CANARY, SUBJECT),
      () => api.removeSecret(ref, secretOf, SUBJECT),
      () => api.setLogo(ref, logo, SUBJECT),
    ],
  ];
};

describe("vendors' answers", () => {
  const VENDORS = [
    [
      "databar",
      databarCalls,
      (response: HttpResponse) => databarRefusal(response, ATTEMPTED, SENT),
    ],
    [
      "supermetrics",
      supermetricsCalls,
      (response: HttpResponse) =>
        supermetricsRefusal(response, ATTEMPTED, { property: "configuration" }),
    ],
  ] as const;

  test.each(VENDORS)(
    "%s: any answer is parsed, or rejected with our own error",
    async (vendor, calls, refuse) => {
      const property = fc.asyncProperty(answers(vendor), fc.nat(), async (answer, at) => {
        expectOurs(await soon(() => refuse(answer)));
        const http: HttpClient = {
          send: () => Promise.resolve(answer),
          close: () => Promise.resolve(),
        };
        const each = calls(http);
        const index = at % each.length;
        // The first is a list, which is requested without known secrets; its caller knows them.
        await soon(() =>
          each[index]!().then(() => undefined, index === 0 ? expectClean : expectOurs),
        );
      });
      await holds(property, 250);
    },
  );
});

describe("Retry-After", () => {
  test("any value results in a finite wait, or none", async () => {
    const property = fc.asyncProperty(
      waits,
      fc.option(waits, { nil: undefined }),
      fc.integer({ min: 0, max: 4e12 }),
      async (value, date, now) => {
        const ms = await soon(() =>
          retryAfterMs({ "retry-after": value, ...(date !== undefined && { date }) }, now),
        );
        expect(ms === undefined || (ms >= 0 && ms <= 366 * 24 * 3_600_000)).toBe(true);
      },
    );
    await holds(property, 500);
  });

  test("no value makes an operation exceed its retry budget", async () => {
    const usable = waits
      .filter((value) => value.length < 4_000)
      .map((value) => value.replace(/[^\t\x20-\x7e]/g, "?"));
    const property = fc.asyncProperty(
      usable,
      fc.constantFrom(429, 503),
      fc.constantFrom("GET" as const, "POST" as const),
      async (value, statusCode, method) => {
        const { origin } = await serve((response) =>
          response.writeHead(statusCode, { "retry-after": value }).end(),
        );
        const client = connect(
          origin,
          { backoff: 1, operationTimeout: 30, maxAttempts: 3 },
          { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
        );
        await soon(() => client.send({ method, path: "/" }).then(() => undefined, expectOurs));
        await closeAll();
      },
    );
    await holds(property, 30);
  });
});

describe("values of definitions", () => {
  /** Values that only a JavaScript program can pass, and the engine's envelopes and unknowns. */
  const odd: Arbitrary<unknown> = fc.oneof(
    { weight: 6, arbitrary: scalar },
    fc.constantFrom<unknown>(
      UNKNOWN,
      NaN,
      Infinity,
      -Infinity,
      undefined,
      secret("x"),
      secret(UNKNOWN),
      secret(CANARY),
    ),
  );
  const value = fc.oneof(
    { weight: 4, arbitrary: odd },
    { weight: 3, arbitrary: tree(odd, name) },
    {
      weight: 3,
      arbitrary: object(
        fc.oneof(name, fc.constantFrom("Authorization", "k", "a")),
        fc.oneof(odd, fc.array(odd, { maxLength: 3 })),
      ),
    },
    { weight: 1, arbitrary: deep },
  );
  const state = [
    "claim",
    "configurationSource",
    "configurationDigest",
    "secretPlaceholders",
    "effectiveRateLimit",
  ];

  const VENDORS = [
    [
      "databar",
      databar,
      databarFields,
      "42",
      {
        name: "A",
        method: "get",
        url: "https://api.example.com/",
        headers: { Authorization: CANARY },
      },
    ],
    [
      "supermetrics",
      supermetrics,
      supermetricsFields,
      "1/T3S70",
      {
        name: "A",
        teamId: "1",
        configuration: { a: "${secrets.k}", b: CANARY, token: CANARY },
        secrets: { k: CANARY },
      },
    ],
  ] as const;

  test.each(VENDORS)(
    "%s: check and diff handle any input of a program",
    async (namespace, runtime, table, id, valid) => {
      const names = fc.oneof(
        {
          weight: 8,
          arbitrary: fc.constantFrom(...table.fields.map((field) => field.name), ...state),
        },
        { weight: 1, arbitrary: name },
      );
      const pair = fc
        .tuple(names, value)
        .filter(
          ([key, item]) => key !== "name" || !JSON.stringify(item ?? null).includes(CANARY_START),
        );
      const written = fc
        .array(pair, { maxLength: 8 })
        .map((pairs): Record<string, unknown> =>
          Object.fromEntries([...Object.entries(valid), ...pairs]),
        );
      const property = fc.asyncProperty(
        written,
        fc.oneof(written, fc.constant({})),
        async (news, olds) => {
          const verbs = runtime(providerConfig(namespace, { apiKey: CANARY, teamId: "1" }));
          const { inputs, failures } = await soon(() => verbs.check(olds, news));
          expect(() => JSON.stringify(inputs)).not.toThrow();
          expect(
            failures
              .filter(({ reason }) => reason.length > LONGEST || reason.includes(CANARY_START))
              .map(({ reason }) => reason.slice(0, 300)),
          ).toEqual([]);
          const difference = await soon(() =>
            verbs.diff(id, olds, news).catch((error: unknown) => error),
          );
          if (difference instanceof Error) {
            expect(difference.message).toMatch(/^\[(conflict|invalid|configuration)\]/);
          } else {
            expect(JSON.stringify(difference)).not.toContain(CANARY_START);
          }
          expect(
            said.filter(
              (message) => message.length > LONGEST + 20 || message.includes(CANARY_START),
            ),
          ).toEqual([]);
          said.splice(0);
        },
      );
      await holds(property, 150);
    },
  );
});
