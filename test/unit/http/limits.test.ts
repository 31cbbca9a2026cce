import { type ConnectorError } from "../../../provider/errors";
import { asMessage } from "../../../provider/message";
import { Budget, compose, type Send } from "../../../provider/http/interceptor";
import { limitConcurrency } from "../../../provider/http/interceptors/concurrency";
import { limitTime } from "../../../provider/http/interceptors/deadline";
import { limitRate } from "../../../provider/http/interceptors/rate-limit";
import { RateLimiter } from "../../../provider/http/interceptors/rate-limiter";
import { retry } from "../../../provider/http/interceptors/retry";
import { backoffMs } from "../../../provider/http/interceptors/retry-timing";
import {
  busiestSecond,
  fastestStretch,
  recordSends,
  timesOfQuietRun,
} from "../../../harness/rates";
import { until } from "../../../harness/until";
import {
  after,
  closeAll,
  connect,
  hangUp,
  json,
  rejection,
  sendMany,
  serve,
  status,
  type TestClient,
} from "./support";

afterEach(closeAll);

const ok = json({});

const sends = recordSends();

describe("the rate limit", () => {
  it("holds in every window of one second and loses less than a tenth of the rate", async () => {
    const times = await timesOfQuietRun(50, async () => {
      const { origin, seen } = await serve(ok);
      await sendMany(connect(origin, { requestsPerSecond: 50 }), 250);
      expect(seen).toHaveLength(250);
      return sends.to(origin);
    });
    expect(busiestSecond(times)).toBeLessThanOrEqual(50);
    expect(fastestStretch(times, 100)).toBeGreaterThan(45);
  });

  it("holds when answers are slow", async () => {
    const times = await timesOfQuietRun(20, async () => {
      const { origin, seen } = await serve(after(120));
      await sendMany(connect(origin, { requestsPerSecond: 20, maxConcurrentRequests: 20 }), 60);
      expect(seen).toHaveLength(60);
      return sends.to(origin);
    });
    expect(busiestSecond(times)).toBeLessThanOrEqual(20);
  });

  it("counts retries and lost answers", async () => {
    const { origin, seen } = await serve(hangUp, status(500), status(503), hangUp, status(502), ok);
    await connect(origin, { requestsPerSecond: 5 }).send({ method: "GET", path: "/" });
    expect(seen).toHaveLength(6);
    expect(busiestSecond(sends.to(origin))).toBe(5);
  });

  it("does not charge the queue to the operation's budget", async () => {
    const { origin, seen } = await serve(ok);
    await sendMany(
      connect(origin, { requestsPerSecond: 2, operationTimeout: 500, requestTimeout: 500 }),
      4,
    );
    expect(seen).toHaveLength(4);
  });

  it("adds up how long attempts queued", async () => {
    const { origin } = await serve(ok);
    const client = connect(origin, { requestsPerSecond: 1 });
    await sendMany(client, 2);
    expect(client.stats.queuedMs).toBeGreaterThan(990);
    expect(client.stats.queuedMs).toBeLessThan(1500);
  });
});

describe("the limiter", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const BACKOFF = 250;
  const open = (requestsPerSecond: number): RateLimiter =>
    new RateLimiter(requestsPerSecond, () => BACKOFF);

  /** Sends so many requests; the times at which they go out. */
  async function send(limiter: RateLimiter, count: number): Promise<number[]> {
    const start = performance.now();
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      void limiter.acquire(new Budget(1000)).then((slot) => {
        slot.sent();
        times.push(Math.round(performance.now() - start));
      });
    }
    while (times.length < count) {
      await jest.advanceTimersByTimeAsync(10);
    }
    return times;
  }

  test.each([
    [0.5, [0, 2020, 4040]],
    [1, [0, 1020, 2040]],
    [2.5, [0, 0, 1020, 1020, 2040]],
    [4, [0, 0, 0, 0, 1020]],
  ])("at %d requests per second sends at %j ms, a fraction rounded down", async (rate, times) => {
    expect(await send(open(rate), times.length)).toEqual(times);
  });

  test("holds a slot until its request goes out, and counts from then", async () => {
    const limiter = open(1);
    const first = await limiter.acquire(new Budget(1000));
    const second = jest.fn();
    void limiter.acquire(new Budget(1000)).then(second);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(second).not.toHaveBeenCalled();
    first.sent();
    await jest.advanceTimersByTimeAsync(1019);
    expect(second).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(second).toHaveBeenCalled();
  });

  test("counts a request that never went out from its end", async () => {
    const limiter = open(1);
    const first = await limiter.acquire(new Budget(1000));
    await jest.advanceTimersByTimeAsync(3000);
    first.ended();
    expect(await send(limiter, 1)).toEqual([1020]);
  });

  test("grants slots in the order of asking", async () => {
    const limiter = open(4);
    const order: number[] = [];
    const all = [0, 1, 2, 3, 4, 5].map(async (index) => {
      (await limiter.acquire(new Budget(1000))).sent();
      order.push(index);
    });
    await jest.advanceTimersByTimeAsync(1020);
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("halves the rate after a 429, which then doubles in 10 s up to the limit", async () => {
    const limiter = open(20);
    const slot = await limiter.acquire(new Budget(1000));
    slot.sent();
    const rateAfter = (ms: number): number =>
      Math.round(10 * limiter.rateAt(performance.now() + ms)) / 10;
    expect(rateAfter(0)).toBe(20);
    expect(limiter.refused(slot, undefined)).toBe(BACKOFF);
    expect([0, 5000, 10_000, 60_000].map(rateAfter)).toEqual([10, 14.1, 20, 20]);
  });

  test("halves the rate once for all requests that were out at the time", async () => {
    const limiter = open(20);
    const slots = await Promise.all(
      Array.from({ length: 5 }, () => limiter.acquire(new Budget(1000))),
    );
    slots.forEach((slot) => slot.sent());
    await jest.advanceTimersByTimeAsync(100);
    expect(slots.map((slot) => limiter.refused(slot, undefined))).toEqual(Array(5).fill(BACKOFF));
    expect(limiter.rateAt(performance.now())).toBe(10);
  });

  test("keeps the rate after a 429 with Retry-After, and pauses", async () => {
    const limiter = open(20);
    const slot = await limiter.acquire(new Budget(1000));
    slot.sent();
    expect(limiter.refused(slot, 700)).toBe(700);
    expect(limiter.rateAt(performance.now())).toBe(20);
    expect(await send(limiter, 2)).toEqual([700, 700]);
  });
});

/** Operations on a server that takes `perSecond` requests in any second, in simulated time. */
async function simulate(
  operations: number,
  perSecond: number,
  operationTimeout = 120_000,
): Promise<{ calls: number; statuses: unknown[]; seconds: number }> {
  const waits = { backoff: 500, random: () => 0.5, date: Date.now };
  const limiter = new RateLimiter(20, (failures) => backoffMs(failures, waits));
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  let calls = 0;
  let taken: number[] = [];
  const server: Send = async (call) => {
    call.onSent?.();
    calls++;
    await sleep(30);
    const now = performance.now();
    taken = taken.filter((time) => time > now - 1000);
    const isTaken = taken.length < perSecond;
    if (isTaken) {
      taken.push(now);
    }
    await sleep(30);
    return { statusCode: isTaken ? 201 : 429, headers: {}, text: "", attempt: call.attempt };
  };
  const send = compose(
    [
      retry({ ...waits, maxAttempts: 6, sleep }),
      limitConcurrency(10),
      limitRate(limiter, Date.now),
      limitTime(30_000),
    ],
    server,
  );
  const start = performance.now();
  const results = Array.from({ length: operations }, (_, index) =>
    send({
      vendor: "Acme",
      namespace: "acme",
      origin: "https://api.example.com",
      request: { method: "POST", path: `/${index}`, target: "/", headers: {}, body: undefined },
      maxResponseBytes: 1000,
      attempt: 1,
      budget: new Budget(operationTimeout, () => limiter.refusedFor(start)),
      redact: asMessage,
    }).then(
      ({ statusCode }): unknown => statusCode,
      (error: unknown) => (error as ConnectorError).code,
    ),
  );
  let isDone = false;
  const all = Promise.all(results).finally(() => (isDone = true));
  while (!isDone) {
    await jest.advanceTimersByTimeAsync(50);
  }
  return { calls, statuses: await all, seconds: (performance.now() - start) / 1000 };
}

describe("a server that takes less than the limit, and answers 429 without Retry-After", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test("at one request per second, 40 creates all succeed, in little more than 40 s and 40 calls", async () => {
    const { calls, statuses, seconds } = await simulate(40, 1);
    expect(statuses).toEqual(Array(40).fill(201));
    expect(calls).toBeLessThan(70);
    expect(seconds).toBeLessThan(50);
  });

  test("at half the limit, few requests are refused, and little of the rate is lost", async () => {
    const { calls, statuses, seconds } = await simulate(300, 10);
    expect(statuses).toEqual(Array(300).fill(201));
    expect(calls).toBeLessThan(360);
    expect(seconds).toBeLessThan(45);
  });

  test("uses up no budget while others get through", async () => {
    const { statuses } = await simulate(40, 1, 3000);
    expect(statuses).toEqual(Array(40).fill(201));
  });

  test("fails all operations, also those in the queue, when nothing gets through for their budget", async () => {
    const { calls, statuses, seconds } = await simulate(100, 0, 30_000);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(new Set(statuses)).toEqual(new Set([429, "rate_limited"]));
    expect(seconds).toBeLessThan(31);
    expect(calls).toBeLessThan(60);
  });
});

describe("a 429 with Retry-After", () => {
  it("pauses all requests of the client", async () => {
    const { origin, seen } = await serve(status(429, { "retry-after": "0.5" }), ok);
    const client = connect(origin);
    const first = client.send({ method: "GET", path: "/first" });
    await until(() => seen.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await Promise.all([first, client.send({ method: "GET", path: "/second" })]);
    expect(seen).toHaveLength(3);
    expect(Math.min(...seen.slice(1).map(({ at }) => at)) - seen[0]!.at).toBeGreaterThanOrEqual(
      499,
    );
  });

  it("that outlasts the budget fails those in the queue at once, without a request of their own", async () => {
    const { origin, seen } = await serve(status(429, { "retry-after": "3600" }));
    const client = connect(origin, { requestsPerSecond: 1, maxConcurrentRequests: 3 });
    const refused = client.send({ method: "POST", path: "/1" });
    const errors = await Promise.all(
      ["/2", "/3", "/4", "/5"].map((path) => rejection(client.send({ method: "POST", path }))),
    );
    expect(await refused).toMatchObject({ statusCode: 429, attempts: 1 });
    expect(
      errors.map(({ code, retryAfter, outcomeUnknown, retryable }) => [
        code,
        retryAfter,
        outcomeUnknown,
        retryable,
      ]),
    ).toEqual(Array(4).fill(["rate_limited", 3600, false, true]));
    expect(errors[3]!.message).toMatch(
      /Acme asks to wait 3600 s \(until .*\d\d:\d\d UTC\) before POST \/5, longer than what is left of the 120 s that an operation may take\.$/,
    );
    expect(seen).toHaveLength(1);
  });

  it("that outlasts the budget names the end of the wait, with the date when it is another day", async () => {
    const { origin } = await serve(status(429, { "retry-after": "3600" }));
    const noon = Date.UTC(2026, 10, 22, 12);
    const tries: readonly (readonly [now: number, until: string])[] = [
      [noon - 60_000, "(until 12:59 UTC)"],
      [noon + 43_199_000, "(until 2026-11-23 01:00 UTC)"],
    ];
    for (const [now, until] of tries) {
      const client = connect(origin, {}, { date: () => now });
      await client.send({ method: "GET", path: "/" });
      expect((await rejection(client.send({ method: "GET", path: "/" }))).message).toContain(until);
    }
  });

  it("does not pause other clients", async () => {
    const { origin, seen } = await serve(status(429, { "retry-after": "3600" }), ok);
    await connect(origin).send({ method: "GET", path: "/" });
    await connect(origin).send({ method: "GET", path: "/" });
    expect(seen).toHaveLength(2);
  });
});

describe("a 429 without Retry-After", () => {
  /** A client that really waits. */
  const patient = (origin: string, options = {}): TestClient =>
    connect(
      origin,
      { backoff: 40, ...options },
      { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), random: Math.random },
    );

  it("pauses all requests of the client by the back-off", async () => {
    const { origin, seen } = await serve(status(429), ok);
    const client = connect(origin, { backoff: 1000 });
    const first = client.send({ method: "GET", path: "/first" });
    await until(() => seen.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await Promise.all([first, client.send({ method: "GET", path: "/second" })]);
    expect(seen).toHaveLength(3);
    expect(Math.min(...seen.slice(1).map(({ at }) => at)) - seen[0]!.at).toBeGreaterThanOrEqual(
      499,
    );
    expect(client.waits).toEqual([500]);
  });

  it("loses no create when the server takes far less than the limit, and costs few calls", async () => {
    let times: number[] = [];
    let created = 0;
    const { origin, seen } = await serve((response, request) => {
      times = times.filter((time) => time > request.at - 100);
      const taken = times.length < 5;
      if (taken) {
        times.push(request.at);
      }
      created += taken ? 1 : 0;
      (taken ? json({ id: created }, 201) : status(429))(response, request);
    });
    const client = patient(origin);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => client.send({ method: "POST", path: `/${index}` })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(100).fill(201));
    expect(created).toBe(100);
    expect(seen.length).toBeLessThan(200);
  });

  it("is repeated with doubling waits until the budget is used up", async () => {
    const { origin, seen } = await serve(status(429));
    const client = patient(origin, { backoff: 20, operationTimeout: 1000, maxAttempts: 2 });
    expect(await client.send({ method: "POST", path: "/" })).toMatchObject({ statusCode: 429 });
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.length).toBeLessThan(20);
  });

  it("uses up no attempt of the operation", async () => {
    const { origin, seen } = await serve(status(429), status(500), status(429), status(500), ok);
    expect(
      await connect(origin, { backoff: 1, maxAttempts: 2 }).send({ method: "GET", path: "/" }),
    ).toMatchObject({ statusCode: 500, attempts: 4 });
    expect(seen).toHaveLength(4);
  });
});
