import { retryAfterMs } from "../../../provider/http";
import { type Answer, closeAll, connect, json, METHODS, rejection, serve, status } from "./support";

afterEach(closeAll);

const NOON = Date.UTC(2026, 10, 22, 12, 0, 0);
const ok = json({ id: 1 });

async function waitsFor(first: Answer): Promise<number[]> {
  const { origin } = await serve(first, ok);
  const client = connect(origin, { backoff: 500, requestsPerSecond: 1000 }, { date: () => NOON });
  await client.send({ method: "GET", path: "/" });
  return client.waits;
}

function dated(value: string, code = 429): Answer {
  return (response) => {
    response.sendDate = false;
    response.writeHead(code, { "retry-after": value }).end();
  };
}

it.each([429, 503])("Retry-After takes precedence over the back-off on %i", async (code) => {
  expect(await waitsFor(status(code, { "retry-after": "0.1" }))).toEqual([100]);
});

it.each([408, 500, 502, 504])("Retry-After is not looked at on %i", async (code) => {
  expect(await waitsFor(status(code, { "retry-after": "0.1" }))).toEqual([250]);
});

it("Retry-After as a date in the past means now", async () => {
  expect(await waitsFor(dated("Sun, 22 Nov 2026 11:00:00 GMT"))).toEqual([0]);
});

it.each(["soon", "-5", "1e3", "", "2026-11-22", "nonsense 5", "Sun, 99 Foo 2026 25:00:00 GMT", "9".repeat(400)])(
  "Retry-After %j is nonsense and leaves the back-off in place",
  async (value) => expect(await waitsFor(dated(value))).toEqual([250]),
);

describe("the header's value", () => {
  it.each([
    ["0", 0],
    ["1", 1000],
    ["3600", 3_600_000],
    [" 7 ", 7000],
    ["Sun, 22 Nov 2026 12:00:30 GMT", 30_000],
    ["Sunday, 22-Nov-26 12:00:30 GMT", 30_000],
    ["Sun Nov 22 12:00:30 2026", 30_000],
    ["Sun, 22 Nov 2026 11:59:59 GMT", 0],
  ])("%j asks for %i ms", (value, ms) => expect(retryAfterMs({ "retry-after": value }, NOON)).toBe(ms));

  it("is compared with the answer's own Date, so that a wrong clock here does no harm", () => {
    const headers = { "retry-after": "Sun, 22 Nov 2026 12:00:30 GMT", date: "Sun, 22 Nov 2026 12:00:10 GMT" };
    expect(retryAfterMs(headers, NOON + 999_999_999)).toBe(20_000);
  });

  it("is absent when there is no header", () => expect(retryAfterMs({}, NOON)).toBeUndefined());
});

describe("a wait longer than the budget", () => {
  it.each(METHODS)("fails a %s at once after 429, naming the wait, its end and what to do", async (method) => {
    const { origin, seen } = await serve(status(429, { "retry-after": "3600" }), ok);
    const client = connect(origin, { vendor: "Supermetrics" }, { date: () => NOON + 5 * 60_000 });
    const error = await rejection(client.send({ method, path: "/v1/connectors" }));
    expect(error).toMatchObject({ code: "rate_limited", statusCode: 429, retryAfter: 3600, retryable: true, outcomeUnknown: false });
    expect(error.message).toContain("Supermetrics asks to wait 3600 s (until 13:05 UTC)");
    expect(error.message).toContain("`pulumi up` again");
    expect(client.waits).toEqual([]);
    expect(seen).toHaveLength(1);
  });

  it("fails at once after 503 as unavailable", async () => {
    const { origin, seen } = await serve(status(503, { "retry-after": "3600" }), ok);
    const error = await rejection(connect(origin).send({ method: "GET", path: "/" }));
    expect(error).toMatchObject({ code: "unavailable", statusCode: 503, retryAfter: 3600 });
    expect(seen).toHaveLength(1);
  });

  it("names the day when it is another one", async () => {
    const { origin } = await serve(status(429, { "retry-after": "86400" }));
    const error = await rejection(connect(origin, {}, { date: () => NOON + 1000 }).send({ method: "GET", path: "/" }));
    expect(error.message).toContain("asks to wait 86400 s (until 2026-11-23 12:01 UTC)");
  });

  it("counts the waits before it", async () => {
    const { origin, seen } = await serve(status(503, { "retry-after": "50" }));
    const client = connect(origin);
    expect(await rejection(client.send({ method: "GET", path: "/" }))).toMatchObject({ code: "unavailable", retryAfter: 50 });
    expect(client.waits).toEqual([50_000, 50_000]);
    expect(seen).toHaveLength(3);
  });

  it("does not hide that an earlier attempt may have taken effect", async () => {
    const { origin } = await serve(status(500), status(429, { "retry-after": "3600" }));
    expect(await rejection(connect(origin).send({ method: "PUT", path: "/" }))).toMatchObject({ code: "rate_limited", outcomeUnknown: true });
  });

  it("leaves a POST's 503 to the caller, because it may have been processed", async () => {
    const { origin } = await serve(status(503, { "retry-after": "3600" }));
    expect(await connect(origin).send({ method: "POST", path: "/" })).toMatchObject({ statusCode: 503 });
  });
});
