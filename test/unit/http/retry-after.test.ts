import { retryAfterMs } from "../../../provider/http";
import { type Answer, closeAll, connect, json, METHODS, serve, status } from "./support";

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
  expect(await waitsFor(dated("Sun, 22 Nov 2026 11:00:00 GMT", 503))).toEqual([0]);
});

it.each(["0", "Sun, 22 Nov 2026 11:00:00 GMT"])(
  "Retry-After %j on 429 leaves the back-off in place, since now is too early",
  async (value) => {
    expect(await waitsFor(dated(value))).toEqual([250]);
  },
);

it.each([
  "soon",
  "-5",
  "1e3",
  "",
  "2026-11-22",
  "nonsense 5",
  "Sun, 99 Foo 2026 25:00:00 GMT",
  "9".repeat(400),
])("Retry-After %j is nonsense and leaves the back-off in place", async (value) =>
  expect(await waitsFor(dated(value))).toEqual([250]),
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
  ])("%j asks for %i ms", (value, ms) =>
    expect(retryAfterMs({ "retry-after": value }, NOON)).toBe(ms),
  );

  it("is compared with the answer's own Date, so that a wrong clock here does no harm", () => {
    const headers = {
      "retry-after": "Sun, 22 Nov 2026 12:00:30 GMT",
      date: "Sun, 22 Nov 2026 12:00:10 GMT",
    };
    expect(retryAfterMs(headers, NOON + 999_999_999)).toBe(20_000);
  });

  it("is absent when there is no header", () => expect(retryAfterMs({}, NOON)).toBeUndefined());
});

describe("a wait longer than the budget", () => {
  it.each(METHODS)(
    "ends a %s at once after 429, with the answer that asked for it",
    async (method) => {
      const { origin, seen } = await serve(
        json({ error: "LIMIT" }, 429, { "retry-after": "3600" }),
        ok,
      );
      const client = connect(origin);
      const response = await client.send({ method, path: "/v1/connectors" });
      expect(response).toMatchObject({
        statusCode: 429,
        json: { error: "LIMIT" },
        headers: { "retry-after": "3600" },
        attempts: 1,
      });
      expect(response.outcomeUnknown).toBeUndefined();
      expect(client.waits).toEqual([]);
      expect(seen).toHaveLength(1);
    },
  );

  it.each(METHODS)(
    "ends a %s at once after 503, with the answer that asked for it",
    async (method) => {
      const { origin, seen } = await serve(status(503, { "retry-after": "3600" }), ok);
      expect(await connect(origin).send({ method, path: "/" })).toMatchObject({
        statusCode: 503,
        headers: { "retry-after": "3600" },
        attempts: 1,
      });
      expect(seen).toHaveLength(1);
    },
  );

  it("counts the waits before it", async () => {
    const { origin, seen } = await serve(status(503, { "retry-after": "50" }));
    const client = connect(origin);
    expect(await client.send({ method: "GET", path: "/" })).toMatchObject({
      statusCode: 503,
      attempts: 3,
    });
    expect(client.waits).toEqual([50_000, 50_000]);
    expect(seen).toHaveLength(3);
  });

  it("does not hide that an earlier attempt may have taken effect", async () => {
    const { origin } = await serve(status(500), status(429, { "retry-after": "3600" }));
    expect(await connect(origin).send({ method: "PUT", path: "/" })).toMatchObject({
      statusCode: 429,
      outcomeUnknown: true,
    });
  });
});
