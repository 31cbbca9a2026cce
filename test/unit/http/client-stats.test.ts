/**
 * What work stands still for, and for how long: first with a clock of our own, then with real
 * requests.
 */
import { ClientStats } from "../../../provider/http/interceptors/client-stats";
import { type HttpClientStats } from "../../../provider/http";
import { after, closeAll, connect, json, sendMany, serve, status } from "./support";

afterEach(closeAll);
afterEach(() => jest.restoreAllMocks());

const NOTHING = { pause: 0, rate: 0, concurrency: 0, answer: 0, retry: 0 };
const LIMITS = { requestsPerSecond: 20, maxConcurrentRequests: 10 };

function open(): { stats: ClientStats; pass: (ms: number) => void; pause: (ms: number) => void } {
  let now = 1_000_000;
  let pausedUntil = 0;
  jest.spyOn(performance, "now").mockImplementation(() => now);
  const stats = new ClientStats(
    { pauseLeft: (at) => Math.max(0, pausedUntil - at), rateAt: () => 20 },
    LIMITS,
  );
  return { stats, pass: (ms) => void (now += ms), pause: (ms) => void (pausedUntil = now + ms) };
}

describe("a client waits for", () => {
  test("the queue for a place, while others are under way", () => {
    const { stats, pass } = open();
    const [first, second] = [stats.trackAttempt(), stats.trackAttempt()];
    first.enter("rate");
    first.enter("inFlight");
    pass(300);
    expect(stats.waiting).toEqual({
      cause: "concurrency",
      queued: 1,
      inFlight: 1,
      retrying: 0,
      oldestMs: 300,
      pauseMs: 0,
      requestsPerSecond: 20,
    });
    first.enter(undefined);
    second.enter("rate");
    second.enter("inFlight");
    second.enter(undefined);
    expect(stats.waitMs).toEqual({ ...NOTHING, concurrency: 300 });
    expect([first.queuedMs, second.queuedMs, stats.queuedMs]).toEqual([0, 300, 300]);
  });

  test("the rate limit before any other cause", () => {
    const { stats, pass } = open();
    const [first, second, third] = [
      stats.trackAttempt(),
      stats.trackAttempt(),
      stats.trackAttempt(),
    ];
    first.enter("rate");
    first.enter("inFlight");
    second.enter("rate");
    pass(50);
    expect(stats.waiting).toMatchObject({ cause: "rate", queued: 2, inFlight: 1 });
    third.enter("rate");
    pass(50);
    expect(stats.waitMs).toEqual({ ...NOTHING, rate: 100 });
  });

  test("a pause, of those that queue and of those that would repeat a request", async () => {
    const { stats, pass, pause } = open();
    const queued = stats.trackAttempt();
    queued.enter("rate");
    pause(500);
    pass(0);
    queued.enter("rate");
    pass(200);
    expect(stats.waiting).toMatchObject({ cause: "pause", pauseMs: 300 });
    queued.enter(undefined);
    let wake = (): void => undefined;
    const waiting = stats.countRetryWait(() => new Promise((resolve) => (wake = resolve)));
    pass(100);
    expect(stats.waiting).toMatchObject({
      cause: "pause",
      queued: 0,
      retrying: 1,
      pauseMs: 200,
    });
    wake();
    await waiting;
    expect(stats.waitMs).toEqual({ ...NOTHING, pause: 300 });
    expect(stats.waiting).toBeUndefined();
  });

  test("an answer, once it takes longer than is usual", () => {
    const { stats, pass } = open();
    const first = stats.trackAttempt();
    first.enter("rate");
    first.enter("inFlight");
    pass(4000);
    const second = stats.trackAttempt();
    second.enter("rate");
    second.enter("inFlight");
    expect(stats.waiting).toBeUndefined();
    pass(3000);
    expect(stats.waiting).toEqual({
      cause: "answer",
      queued: 0,
      inFlight: 2,
      retrying: 0,
      oldestMs: 7000,
      pauseMs: 0,
      requestsPerSecond: 20,
    });
    first.enter(undefined);
    pass(1000);
    expect(stats.waiting).toBeUndefined();
    expect(stats.waitMs).toEqual({ ...NOTHING, answer: 2000 });
  });

  test("the next try of a request, when nothing else is going on", async () => {
    const { stats, pass } = open();
    let wake = (): void => undefined;
    const waiting = stats.countRetryWait(() => new Promise((resolve) => (wake = resolve)));
    pass(700);
    expect(stats.waiting).toMatchObject({ cause: "retry", retrying: 1 });
    const other = stats.trackAttempt();
    other.enter("rate");
    other.enter("inFlight");
    pass(100);
    other.enter(undefined);
    wake();
    await waiting;
    pass(5000);
    expect(stats.waitMs).toEqual({ ...NOTHING, retry: 700 });
  });

  test("nothing, when there is nothing to do", async () => {
    const { stats, pass } = open();
    pass(5000);
    await stats.countOperation(async () => Promise.resolve().then(() => pass(30)), undefined);
    pass(5000);
    expect([stats.waiting, stats.waitMs, stats.busyMs, stats.open]).toEqual([
      undefined,
      NOTHING,
      30,
      0,
    ]);
  });
});

describe("requests of a client are counted where they wait:", () => {
  const causes = ({ waitMs }: HttpClientStats): string[] =>
    Object.entries(waitMs).flatMap(([cause, ms]) => (ms > 50 ? [cause] : []));

  test.each([
    ["at the rate limit", "rate", { requestsPerSecond: 2 }, [json({})], 3],
    ["for one of those under way", "concurrency", { maxConcurrentRequests: 1 }, [after(40)], 4],
    [
      "in a pause that was asked for",
      "pause",
      {},
      [status(429, { "retry-after": "1" }), json({})],
      2,
    ],
  ] as const)("%s", async (_, cause, options, answers, count) => {
    const { origin } = await serve(...answers);
    const client = connect(origin, options);
    await sendMany(client, count);
    expect(causes(client.stats)).toEqual([cause]);
    expect(client.stats.busyMs).toBeGreaterThanOrEqual(client.stats.waitMs[cause]);
    expect(client.stats.waiting).toBeUndefined();
  });

  test("before a request is repeated", async () => {
    const { origin } = await serve(status(503), json({}));
    const client = connect(
      origin,
      {},
      { sleep: () => new Promise((resolve) => setTimeout(resolve, 80)) },
    );
    await client.send({ method: "GET", path: "/" });
    expect(causes(client.stats)).toEqual(["retry"]);
  });
});
