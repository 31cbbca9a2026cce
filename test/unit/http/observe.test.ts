/**
 * What a client reports of its attempts, and that no answer of the server puts a secret in it.
 */
import {
  type AttemptEvent,
  type HttpClientOptions,
  type HttpClientStats,
  type HttpRequest,
} from "../../../provider/http";
import { canary, formsOf } from "../../../harness/canary";
import {
  type Answer,
  after,
  closeAll,
  connect,
  CREDENTIAL,
  deadOrigin,
  hangUp,
  json,
  rejection,
  serve,
  silence,
  status,
  truncate,
} from "./support";

afterEach(closeAll);

it("each attempt is reported with its end, without query, body or credential", async () => {
  const events: AttemptEvent[] = [];
  const { origin } = await serve(
    hangUp,
    status(503, { "x-request-id": "r-2" }),
    json({ secret: "s3cret" }),
  );
  const client = connect(origin, {}, { onAttempt: (event) => events.push(event), date: () => 42 });
  await client.send({
    method: "PUT",
    path: "/v1/x",
    query: { q: "s3cret" },
    body: { kind: "json", value: "s3cret" },
    purpose: { verb: "update", target: "A" },
  });
  const common = {
    time: 42,
    vendor: "Acme",
    purpose: { verb: "update", target: "A" },
    method: "PUT",
    path: "/v1/x",
    queuedMs: expect.any(Number) as number,
    durationMs: expect.any(Number) as number,
  };
  expect(events).toEqual([
    { ...common, attempt: 1, code: "network" },
    { ...common, attempt: 2, statusCode: 503, requestId: "r-2" },
    { ...common, attempt: 3, statusCode: 200 },
  ]);
  expect(JSON.stringify(events)).not.toContain("s3cret");
  expect(JSON.stringify(events)).not.toContain(CREDENTIAL);
});

it("the time in the queue and the time of the request are reported apart", async () => {
  const events: AttemptEvent[] = [];
  const { origin } = await serve(after(80));
  const client = connect(
    origin,
    { maxConcurrentRequests: 1 },
    { onAttempt: (event) => events.push(event) },
  );
  await Promise.all([
    client.send({ method: "GET", path: "/1" }),
    client.send({ method: "GET", path: "/2" }),
  ]);
  expect(events.map(({ queuedMs }) => queuedMs > 70)).toEqual([false, true]);
});

describe("no secret is reported", () => {
  const value = canary("body");
  const shown = (texts: readonly unknown[]): string[] =>
    [CREDENTIAL, value]
      .flatMap(formsOf)
      .filter((form) => JSON.stringify(texts).includes(JSON.stringify(form).slice(1, -1)));
  const told = [CREDENTIAL, value]
    .flatMap(formsOf)
    .filter((form) => /^[ -~]+$/.test(form))
    .join(" ");
  const page = `<html>${told}</html>`;

  test.each<[string, Answer, Partial<AttemptEvent>, Partial<HttpClientOptions>?]>([
    ["an answer", json({ told }, 200, { "x-request-id": told }), { statusCode: 200 }],
    ["a refusal", json({ told }, 422, { "x-request-id": told }), { statusCode: 422 }],
    [
      "a page",
      (response) =>
        response.writeHead(200, { "content-type": "text/html", "x-request-id": told }).end(page),
      { statusCode: 200 },
    ],
    [
      "a redirect",
      status(307, {
        location: `https://example.com/?token=${encodeURIComponent(value)}`,
        "x-request-id": told,
      }),
      { statusCode: 307, code: "unexpected_response" },
    ],
    [
      "a compressed answer",
      status(200, { "content-encoding": "gzip", "x-request-id": told }),
      { statusCode: 200, code: "unexpected_response" },
    ],
    [
      "an answer that is too large",
      json("x".repeat(5000), 200, { "x-request-id": told }),
      { statusCode: 200, code: "unexpected_response" },
    ],
    ["a broken connection", hangUp, { code: "network" }],
    ["half an answer", truncate, { statusCode: 200, code: "network" }],
    ["no answer", silence, { code: "timeout" }, { requestTimeout: 100 }],
    [
      "a fault that goes on",
      status(503, { "x-request-id": told }),
      { statusCode: 503, attempt: 2 },
    ],
    [
      "a request to wait",
      status(429, { "retry-after": "600", "x-request-id": told }),
      { statusCode: 429 },
    ],
  ])("of %s", async (_, answer, expected, options = {}) => {
    const events: AttemptEvent[] = [];
    const { origin } = await serve(answer);
    const client = connect(
      origin,
      { maxAttempts: 2, maxResponseBytes: 4000, ...options },
      { onAttempt: (event) => events.push(event) },
    );
    const purpose = { verb: "update", target: `Called ${value}` };
    const request: HttpRequest = {
      method: "PUT",
      path: `/v1/${encodeURIComponent(value)}`,
      query: { key: value },
      body: { kind: "json", value },
      sensitive: [value],
      purpose,
    };
    await client.send(request).catch(() => undefined);
    expect(events.at(-1)).toMatchObject({
      ...expected,
      path: "/v1/[redacted]",
      purpose: { verb: "update", target: "Called [redacted]" },
    });
    expect(shown(events)).toEqual([]);
    expect(shown([request])).not.toEqual([]);
  });

  it("of a host that cannot be reached", async () => {
    const events: AttemptEvent[] = [];
    const client = connect(
      await deadOrigin(),
      { maxAttempts: 1 },
      { onAttempt: (event) => events.push(event) },
    );
    await rejection(
      client.send({ method: "POST", path: `/${encodeURIComponent(value)}`, sensitive: [value] }),
    );
    expect(events).toMatchObject([{ code: "network", path: "/[redacted]" }]);
    expect(shown(events)).toEqual([]);
  });

  it("and texts are short", async () => {
    const events: AttemptEvent[] = [];
    const { origin } = await serve(status(200, { "x-request-id": "r".repeat(1000) }));
    await connect(origin, {}, { onAttempt: (event) => events.push(event) }).send({
      method: "GET",
      path: `/${"p".repeat(1000)}`,
      purpose: { verb: "read", target: "n".repeat(1000) },
    });
    const [{ path, requestId = "", purpose }] = events as [AttemptEvent];
    expect([path.length, requestId.length, purpose?.target?.length]).toEqual([200, 200, 200]);
  });
});

it.each(["onAttempt", "onBusy"])(
  "an observer that throws in %s fails no operation",
  async (event) => {
    const { origin } = await serve(json({}));
    const observe = (): never => {
      throw new Error("observer");
    };
    expect(
      await connect(origin, {}, { [event]: observe }).send({ method: "GET", path: "/" }),
    ).toMatchObject({ statusCode: 200 });
  },
);

it("an operation that begins while none is open is reported once, with live counters", async () => {
  const told: HttpClientStats[] = [];
  const { origin } = await serve(json({}));
  const client = connect(origin, {}, { onBusy: (stats) => told.push(stats) });
  await Promise.all([
    client.send({ method: "GET", path: "/" }),
    client.send({ method: "GET", path: "/" }),
  ]);
  expect(told).toHaveLength(1);
  await client.send({ method: "GET", path: "/" });
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({
    calls: 3,
    attempts: 3,
    open: 0,
    limits: { requestsPerSecond: 1000, maxConcurrentRequests: 10 },
  });
});

it("calls, attempts and retries are counted", async () => {
  const { origin } = await serve(status(500), status(500), json({}), hangUp);
  const client = connect(origin);
  await client.send({ method: "GET", path: "/" });
  await rejection(client.send({ method: "POST", path: "/" }));
  expect(client.stats).toMatchObject({ calls: 2, attempts: 4, retries: 2, open: 0 });
});
