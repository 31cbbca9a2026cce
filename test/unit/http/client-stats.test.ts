/** What work stands still for, and for how long: first with a clock of our own, then with real requests. */
import { Activity } from "../../../provider/http/interceptors/client-stats";
import { type HttpClientStats } from "../../../provider/http";
import { after, closeAll, connect, json, sendMany, serve, status } from "./support";

afterEach(closeAll);
afterEach(() => jest.restoreAllMocks());

const NOTHING = { pause: 0, rate: 0, concurrency: 0, answer: 0, retry: 0 };
const LIMITS = { requestsPerSecond: 20, maxConcurrentRequests: 10 };

function open(): { activity: Activity; pass: (ms: number) => void; pause: (ms: number) => void } {
  let now = 1_000_000;
  let pausedUntil = 0;
  jest.spyOn(performance, "now").mockImplementation(() => now);
  const activity = new Activity({ pauseLeft: (at) => Math.max(0, pausedUntil - at) }, LIMITS);
  return { activity, pass: (ms) => void (now += ms), pause: (ms) => void (pausedUntil = now + ms) };
}

describe("work stands still for", () => {
  test("the queue for a place, while others are under way", () => {
    const { activity, pass } = open();
    const [first, second] = [activity.enter(), activity.enter()];
    first.to("turn");
    first.to("underWay");
    pass(300);
    expect(activity.standstill).toEqual({
      cause: "concurrency",
      queued: 1,
      underWay: 1,
      repeating: 0,
      oldestMs: 300,
      pauseMs: 0,
    });
    first.to(undefined);
    second.to("turn");
    second.to("underWay");
    second.to(undefined);
    expect(activity.heldMs).toEqual({ ...NOTHING, concurrency: 300 });
    expect([first.queuedMs, second.queuedMs, activity.limiterWaitMs]).toEqual([0, 300, 300]);
  });

  test("the rate limit, whatever else there is", () => {
    const { activity, pass } = open();
    const [first, second, third] = [activity.enter(), activity.enter(), activity.enter()];
    first.to("turn");
    first.to("underWay");
    second.to("turn");
    pass(50);
    expect(activity.standstill).toMatchObject({ cause: "rate", queued: 2, underWay: 1 });
    third.to("turn");
    pass(50);
    expect(activity.heldMs).toEqual({ ...NOTHING, rate: 100 });
  });

  test("a pause, of those that queue and of those that would repeat a request", async () => {
    const { activity, pass, pause } = open();
    const queued = activity.enter();
    queued.to("turn");
    pause(500);
    pass(0);
    queued.to("turn");
    pass(200);
    expect(activity.standstill).toMatchObject({ cause: "pause", pauseMs: 300 });
    queued.to(undefined);
    let wake = (): void => undefined;
    const waiting = activity.repeating(() => new Promise((resolve) => (wake = resolve)));
    pass(100);
    expect(activity.standstill).toMatchObject({
      cause: "pause",
      queued: 0,
      repeating: 1,
      pauseMs: 200,
    });
    wake();
    await waiting;
    expect(activity.heldMs).toEqual({ ...NOTHING, pause: 300 });
    expect(activity.standstill).toBeUndefined();
  });

  test("an answer, once it takes longer than is usual", () => {
    const { activity, pass } = open();
    const first = activity.enter();
    first.to("turn");
    first.to("underWay");
    pass(4000);
    const second = activity.enter();
    second.to("turn");
    second.to("underWay");
    expect(activity.standstill).toBeUndefined();
    pass(3000);
    expect(activity.standstill).toEqual({
      cause: "answer",
      queued: 0,
      underWay: 2,
      repeating: 0,
      oldestMs: 7000,
      pauseMs: 0,
    });
    first.to(undefined);
    pass(1000);
    expect(activity.standstill).toBeUndefined();
    expect(activity.heldMs).toEqual({ ...NOTHING, answer: 2000 });
  });

  test("the next try of a request, when nothing else is going on", async () => {
    const { activity, pass } = open();
    let wake = (): void => undefined;
    const waiting = activity.repeating(() => new Promise((resolve) => (wake = resolve)));
    pass(700);
    expect(activity.standstill).toMatchObject({ cause: "retry", repeating: 1 });
    const other = activity.enter();
    other.to("turn");
    other.to("underWay");
    pass(100);
    other.to(undefined);
    wake();
    await waiting;
    pass(5000);
    expect(activity.heldMs).toEqual({ ...NOTHING, retry: 700 });
  });

  test("nothing, when there is nothing to do", async () => {
    const { activity, pass } = open();
    pass(5000);
    await activity.during(async () => Promise.resolve().then(() => pass(30)), undefined);
    pass(5000);
    expect([activity.standstill, activity.heldMs, activity.busyMs, activity.open]).toEqual([
      undefined,
      NOTHING,
      30,
      0,
    ]);
  });
});

describe("requests of a client are counted where they wait:", () => {
  const causes = ({ heldMs }: HttpClientStats): string[] =>
    Object.entries(heldMs).flatMap(([cause, ms]) => (ms > 50 ? [cause] : []));

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
    expect(client.stats.busyMs).toBeGreaterThanOrEqual(client.stats.heldMs[cause]);
    expect(client.stats.standstill).toBeUndefined();
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
