/**
 * What a deployment shows to those who look: a log of its requests, words while it waits, and spans
 * for a tracer. No secret is in any of them.
 */
import { SpanStatusCode } from "@opentelemetry/api";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type DatabarSandbox, type FaultOptions } from "../../../provider/sandbox";
import { provider } from "../../../provider/vendors/databar/runtime";
import { canary, formsOf } from "../../../harness/canary";
import { failureOf } from "../../../harness/errors";
import { closeWorlds, openSandbox } from "../../../harness/lifecycle-world";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { providerConfig } from "../../../harness/in-process/config";
import { plain } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";

const { said } = isolate();
afterEach(closeWorlds);
afterEach(removeFolders);
afterEach(() => {
  for (const name of ["PULUMI_CONNECTORS_LOG", "PULUMI_CONNECTORS_LOG_FILE"]) {
    Reflect.deleteProperty(process.env, name);
  }
});

const KEY = "canary-key/1+e=z&x";
const VALUES = [KEY, canary("header"), canary("body")];
const inputs = {
  __provider: "text",
  name: "Scoring",
  method: "post",
  url: "https://api.example.com/",
  headers: { Authorization: canary("header") },
  body: { client_secret: canary("body") },
};

/** The secrets that a text shows, in any form. */
const shown = (text: string): string[] =>
  VALUES.flatMap(formsOf).filter((form) => text.includes(form));

interface World {
  readonly vendor: DatabarSandbox;
  readonly deployment: DynamicProvider;
}

async function open(settings: Record<string, unknown> = {}): Promise<World> {
  const { databar } = await openSandbox();
  return {
    vendor: databar,
    deployment: provider(
      providerConfig("databar", { apiKey: KEY, baseUrl: databar.url, ...settings }),
    ),
  };
}

async function created({ deployment }: World): Promise<{ id: string; outs: never }> {
  const { id, outs } = await deployment.create(inputs);
  return { id, outs: plain(outs) };
}

describe("the log", () => {
  test("tells each request of a deployment, by what it is for", async () => {
    const file = join(folderOf({}), "log.jsonl");
    process.env["PULUMI_CONNECTORS_LOG_FILE"] = file;
    const world = await open();
    world.vendor.fault({ method: "PUT", status: 503, headers: { "x-request-id": "r-1" } });
    const { id, outs } = await created(world);
    await world.deployment.update(id, outs, { ...inputs, name: "Other" });
    await world.deployment.delete(id, outs);
    const log = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const common = {
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      pid: process.pid,
      event: "request",
      vendor: "Databar",
      queuedMs: expect.any(Number) as number,
      durationMs: expect.any(Number) as number,
      attempt: 1,
    };
    expect(log).toEqual([
      { ...common, verb: "list", method: "GET", path: "/v1/connectors/", statusCode: 200 },
      {
        ...common,
        verb: "create",
        connector: "Scoring",
        method: "POST",
        path: "/v1/connectors/",
        statusCode: 201,
      },
      {
        ...common,
        verb: "update",
        connector: "Other",
        method: "GET",
        path: `/v1/connectors/${id}`,
        statusCode: 200,
      },
      {
        ...common,
        verb: "update",
        connector: "Other",
        method: "PUT",
        path: `/v1/connectors/${id}`,
        statusCode: 503,
        requestId: "r-1",
      },
      {
        ...common,
        verb: "update",
        connector: "Other",
        method: "PUT",
        path: `/v1/connectors/${id}`,
        statusCode: 200,
        attempt: 2,
      },
      {
        ...common,
        verb: "delete",
        connector: "Scoring",
        method: "DELETE",
        path: `/v1/connectors/${id}`,
        statusCode: 204,
      },
    ]);
    expect(world.vendor.log).toHaveLength(log.length);
    expect(shown(JSON.stringify(log))).toEqual([]);
    expect(said).toEqual([]);
  });

  test("that cannot be written fails no deployment, and is told once", async () => {
    process.env["PULUMI_CONNECTORS_LOG_FILE"] = folderOf({});
    const world = await open();
    await created(world);
    expect(world.vendor.connectors).toHaveLength(1);
    expect(said).toEqual([
      expect.stringMatching(
        /^warning: The file of PULUMI_CONNECTORS_LOG_FILE cannot be written \(E\w+\)\. Requests are not logged any more\.\n$/,
      ),
    ]);
  });
});

test("a deployment that stands still says what for", async () => {
  jest.useFakeTimers({
    doNotFake: [
      "hrtime",
      "nextTick",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "setTimeout",
      "clearTimeout",
      "Date",
    ],
  });
  try {
    const world = await open();
    const asked = new Promise<void>((resolve) =>
      world.vendor.fault({ method: "GET", delay: 300, when: () => (resolve(), true) }),
    );
    const work = created(world);
    await asked;
    jest.advanceTimersByTime(20_000);
    await work;
  } finally {
    jest.useRealTimers();
  }
  expect(said).toEqual([
    "Databar: no answer to a request for 15 s, 1 under way. So far 1 request in 15 s.\n",
  ]);
});

describe("spans of a tracer that the user has set up", () => {
  const exporter = new InMemorySpanExporter();
  const tracer = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const instrumentation = new UndiciInstrumentation();

  beforeAll(() => {
    tracer.register();
    instrumentation.setTracerProvider(tracer);
  });
  afterEach(() => exporter.reset());
  afterAll(() => instrumentation.disable());

  const textOf = (spans: readonly ReadableSpan[]): string =>
    JSON.stringify(
      spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    );

  test("are one for each verb, and below it one for each request", async () => {
    const world = await open();
    world.vendor.fault({ method: "POST", status: 429, headers: { "retry-after": "0" } });
    const { id, outs } = await created(world);
    const [list, refused, post, create] = exporter.getFinishedSpans() as [
      ReadableSpan,
      ReadableSpan,
      ReadableSpan,
      ReadableSpan,
    ];
    expect(create).toMatchObject({
      name: "databar create",
      attributes: {
        "pulumi_connectors.vendor": "databar",
        "pulumi_connectors.verb": "create",
        "pulumi_connectors.name": "Scoring",
      },
      status: { code: SpanStatusCode.UNSET },
    });
    for (const request of [list, refused, post]) {
      expect(request.parentSpanId).toBe(create.spanContext().spanId);
    }
    const asSeen = (method: string, statusCode: number): object => ({
      name: method,
      attributes: {
        "http.request.method": method,
        "url.path": "/v1/connectors/",
        "http.response.status_code": statusCode,
      },
    });
    expect([list, refused, post]).toMatchObject([
      asSeen("GET", 200),
      asSeen("POST", 429),
      asSeen("POST", 201),
    ]);

    exporter.reset();
    await world.deployment.delete(id, outs);
    expect(
      exporter
        .getFinishedSpans()
        .map(({ name, attributes }) => [
          name,
          attributes["url.path"] ?? attributes["pulumi_connectors.id"],
        ]),
    ).toEqual([
      ["DELETE", `/v1/connectors/${id}`],
      ["databar delete", id],
    ]);
  });

  test("tell a failure by its code, and a fleet by its size", async () => {
    const world = await open();
    world.vendor.settings.keys = ["another"];
    await failureOf(
      world.deployment.create({
        __provider: "text",
        connectors: { a: { ...inputs, name: "A" }, b: { ...inputs, name: "B" } },
      }),
    );
    const span = exporter.getFinishedSpans().at(-1)!;
    expect(span).toMatchObject({
      name: "databar create",
      attributes: { "pulumi_connectors.count": 2 },
      status: { code: SpanStatusCode.ERROR },
    });
    await failureOf(world.deployment.create(inputs));
    expect(exporter.getFinishedSpans().at(-1)).toMatchObject({
      attributes: { "error.type": "forbidden" },
      status: { code: SpanStatusCode.ERROR },
    });
  });

  const told = VALUES.flatMap(formsOf)
    .filter((form) => /^[ -~]+$/.test(form))
    .join(" ");
  test.each<[string, Partial<FaultOptions>, Record<string, unknown>?]>([
    ["a redirect", { redirect: `https://example.com/?token=${encodeURIComponent(KEY)}` }],
    ["a page", { html: `<html>${told}</html>` }],
    ["a refusal that quotes", { status: 422, body: { detail: told } }],
    ["a fault that quotes", { status: 503, body: { detail: told } }],
    ["a broken connection", { drop: "before" }],
    ["half an answer", { truncate: true }],
    ["no answer", { delay: 2000 }, { requestTimeoutSeconds: 0.2 }],
  ])("and a log hold no secret after %s", async (_, fault, settings = {}) => {
    process.env["PULUMI_CONNECTORS_LOG"] = "debug";
    const world = await open(settings);
    world.vendor.fault({
      method: "POST",
      ...fault,
      headers: { "x-request-id": told },
      times: Infinity,
    });
    await world.deployment
      .create({ ...inputs, name: `Called ${canary("header")}` })
      .catch(() => undefined);
    const spans = exporter.getFinishedSpans();
    expect(spans.at(-1)).toMatchObject({
      name: "databar create",
      attributes: { "pulumi_connectors.name": "Called [redacted]" },
    });
    expect(spans.filter(({ name }) => name === "POST").length).toBeGreaterThan(0);
    expect(shown(textOf(spans))).toEqual([]);
    expect(said.filter((line) => / Databar (GET|POST) \/v1\/connectors\/ /.test(line)).length).toBe(
      spans.length - 1,
    );
    expect(shown(said.join(""))).toEqual([]);
  });
});
