import { RateLimiter, SlotLog, Transit } from "../../../provider/http/interceptors/rate-limiter";
import { busiestSecond, fastestStretch } from "../../../harness/rates";
import {
  after,
  closeAll,
  connect,
  hangUp,
  json,
  rejection,
  type Seen,
  sendMany,
  serve,
  status,
  type TestClient,
} from "./support";

afterEach(closeAll);

const ok = json({});

const arrivals = (seen: readonly Seen[]): number[] => seen.map(({ at }) => at);

describe("the rate limit", () => {
  it("holds in every window of one second and loses less than a tenth of the rate", async () => {
    const { origin, seen } = await serve(ok);
    await sendMany(connect(origin, { requestsPerSecond: 50 }), 250);
    expect(seen).toHaveLength(250);
    expect(busiestSecond(arrivals(seen))).toBeLessThanOrEqual(50);
    expect(fastestStretch(arrivals(seen), 100)).toBeGreaterThan(45);
  });

  it("holds when answers are slow", async () => {
    const { origin, seen } = await serve(after(120));
    await sendMany(connect(origin, { requestsPerSecond: 20, maxConcurrentRequests: 20 }), 60);
    expect(seen).toHaveLength(60);
    expect(busiestSecond(arrivals(seen))).toBeLessThanOrEqual(20);
  });

  it("counts retries and lost answers", async () => {
    const { origin, seen } = await serve(hangUp, status(500), status(429), hangUp, status(502), ok);
    await connect(origin, { requestsPerSecond: 5 }).send({ method: "GET", path: "/" });
    expect(seen).toHaveLength(6);
    expect(busiestSecond(arrivals(seen))).toBe(5);
  });

  it("below one request per second spaces them out", () => {
    const log = new SlotLog(0.5, () => undefined);
    const start = performance.now();
    log.take().answered();
    expect(log.hasFree(start + 1990)).toBe(false);
    expect(log.hasFree(start + 2050)).toBe(true);
  });

  it("rounds a fraction above one down, since no window may hold more", () => {
    const log = new SlotLog(2.5, () => undefined);
    log.take();
    expect(log.hasFree(0)).toBe(true);
    log.take();
    expect(log.hasFree(0)).toBe(false);
  });

  it("holds a slot while its request connects, and counts from when the server can have seen it", () => {
    const log = new SlotLog(1, () => undefined);
    const slot = log.take();
    expect(log.hasFree(performance.now() + 60_000)).toBe(false);
    const sentAt = performance.now();
    slot.sent();
    expect(log.hasFree(sentAt + 1039)).toBe(false);
    expect(log.hasFree(sentAt + 1100)).toBe(true);
  });

  it("grants slots in the order of asking", async () => {
    const limiter = new RateLimiter(4);
    const order: number[] = [];
    const ask = async (index: number): Promise<void> => {
      const slot = await limiter.acquire(1000);
      order.push(index);
      slot.answered();
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(ask));
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
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
    expect(client.stats.limiterWaitMs).toBeGreaterThan(990);
    expect(client.stats.limiterWaitMs).toBeLessThan(1500);
  });
});

describe("the delay assumed for a request", () => {
  function learned(...latencies: number[]): Transit {
    const transit = new Transit(1);
    for (let index = 0; index < 20; index++) {
      transit.learn(latencies[index % latencies.length]!);
    }
    return transit;
  }

  it("is all of the first answers' latency, since nothing is known of the server", () => {
    expect(new Transit(1).delayOf(120)).toBe(120);
  });

  it("is what its answer took longer than the server at the least, of which 10 ms may be the way there", () => {
    expect(learned(80).delayOf(100)).toBe(30);
    expect(learned(80).delayOf(60)).toBe(0);
  });

  it("is all of the latency when answers vary so much that they say nothing of the server", () => {
    expect(learned(60, 170).delayOf(100)).toBe(100);
  });

  it("averages 35 ms at most once the savings are used up, so that the rate loses no more than that", () => {
    const transit = learned(10);
    const delays = Array.from({ length: 100 }, () => transit.delayOf(1500));
    expect(delays[0]).toBe(1035);
    expect(delays.slice(1)).toEqual(Array(99).fill(35));
  });

  it("is saved up again by prompt answers", () => {
    const transit = learned(10);
    transit.delayOf(1500);
    for (let index = 0; index < 5; index++) {
      transit.delayOf(0);
    }
    expect(transit.delayOf(1500)).toBe(6 * 35);
  });
});

describe("a 429 with Retry-After", () => {
  it("pauses everybody who shares the client", async () => {
    const { origin, seen } = await serve(status(429, { "retry-after": "0.5" }), ok);
    const client = connect(origin);
    const first = client.send({ method: "GET", path: "/first" });
    while (seen.length === 0) {
      await new Promise(setImmediate);
    }
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
      /Acme asks to wait 3600 s \(until .*\d\d:\d\d UTC\) before POST \/5, longer than what is left of the 120 s that an operation may take\. Run `pulumi up` again then\.$/,
    );
    expect(seen).toHaveLength(1);
  });

  it("that outlasts the budget names the end of the wait, and the day when it is another one", async () => {
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

  it("leaves other clients alone", async () => {
    const { origin, seen } = await serve(status(429, { "retry-after": "3600" }), ok);
    await connect(origin).send({ method: "GET", path: "/" });
    await connect(origin).send({ method: "GET", path: "/" });
    expect(seen).toHaveLength(2);
  });
});

describe("a 429 without Retry-After", () => {
  /** Waits as the real client does. */
  const patient = (origin: string, options = {}): TestClient =>
    connect(
      origin,
      { backoff: 40, ...options },
      { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), random: Math.random },
    );

  it("pauses everybody who shares the client, by the back-off", async () => {
    const { origin, seen } = await serve(status(429), ok);
    const client = connect(origin, { backoff: 1000 });
    const first = client.send({ method: "GET", path: "/first" });
    while (seen.length === 0) {
      await new Promise(setImmediate);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    await Promise.all([first, client.send({ method: "GET", path: "/second" })]);
    expect(seen).toHaveLength(3);
    expect(Math.min(...seen.slice(1).map(({ at }) => at)) - seen[0]!.at).toBeGreaterThanOrEqual(
      499,
    );
    expect(client.waits).toEqual([500]);
  });

  it("loses no create, however many more there are than the server takes", async () => {
    let times: number[] = [];
    let created = 0;
    const { origin } = await serve((response, request) => {
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
  });

  it("is repeated until the budget is used up, by steps that double", async () => {
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
