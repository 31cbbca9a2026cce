/** What is said while work stands still, and at the end. */
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type HttpClientStats, type Standstill, type WaitCause } from "../../../provider/http";
import { Ending } from "../../../provider/observe/ending";
import { type Log } from "../../../provider/observe/log";
import { type LogRecord } from "../../../provider/observe/record";
import { summaryText, waitingText, Watcher } from "../../../provider/observe/watcher";

const DATABAR = { vendor: "Databar", namespace: "databar" };
const NOTHING: Record<WaitCause, number> = {
  pause: 0,
  rate: 0,
  concurrency: 0,
  answer: 0,
  retry: 0,
};
const STILL: Standstill = {
  cause: "rate",
  queued: 8,
  underWay: 2,
  repeating: 0,
  oldestMs: 100,
  pauseMs: 0,
};

function statsOf(changes: Partial<HttpClientStats> = {}): HttpClientStats {
  const limits = { requestsPerSecond: 20, maxConcurrentRequests: 10 };
  return {
    calls: 398,
    open: 1,
    attempts: 412,
    retries: 0,
    limiterWaitMs: 0,
    busyMs: 21_400,
    heldMs: NOTHING,
    standstill: STILL,
    limits,
    ...changes,
  };
}

describe("while work stands still, it is said what for:", () => {
  test.each<[Partial<Standstill>, Partial<HttpClientStats>, string]>([
    [
      {},
      {},
      "Databar: 8 requests in the queue, at the limit of 20 per second (databar:requestsPerSecond). So far 412 requests in 21 s.",
    ],
    [
      { cause: "concurrency", queued: 1, underWay: 10, oldestMs: 7400 },
      { busyMs: 125_000 },
      "Databar: 1 request in the queue, 10 under way (databar:maxConcurrentRequests), the oldest of them for 7 s. So far 412 requests in 2 min 5 s.",
    ],
    [
      { cause: "pause", pauseMs: 47_000 },
      { attempts: 1, retries: 1 },
      "Databar: no request goes out for another 47 s, because Databar answered that there are too many (429). So far 1 request in 21 s, 1 repetition among them.",
    ],
    [
      { cause: "answer", queued: 0, underWay: 3, oldestMs: 12_000 },
      { retries: 14 },
      "Databar: no answer to a request for 12 s, 3 under way. So far 412 requests in 21 s, 14 repetitions among them.",
    ],
    [
      { cause: "retry", queued: 0, underWay: 0, repeating: 2 },
      { busyMs: 3_780_000 },
      "Databar: 2 requests failed and will be repeated. So far 412 requests in 1 h 3 min.",
    ],
  ])("%j", (now, stats, text) =>
    expect(waitingText(DATABAR, { ...STILL, ...now }, statsOf(stats))).toBe(text),
  );
});

test("the sum says what was done, and what took a second or more", () => {
  expect(summaryText(DATABAR, statsOf({ heldMs: { ...NOTHING, rate: 999 } }))).toBe(
    "Databar: 412 requests in 21 s.",
  );
  const heldMs = { pause: 14_000, rate: 65_000, concurrency: 3_000, answer: 9_000, retry: 2_000 };
  expect(summaryText(DATABAR, statsOf({ heldMs, busyMs: 99_000, retries: 3 }))).toBe(
    "Databar: 412 requests in 1 min 39 s, 3 repetitions among them; of that time, 14 s in pauses after an answer of 429, 1 min 5 s at the limit of 20 requests per second (databar:requestsPerSecond), " +
      "3 s with 10 requests under way and others in the queue (databar:maxConcurrentRequests), 9 s waiting for slow answers, 2 s between the failure of a request and its repetition.",
  );
});

test("docs/operations.md shows both as they are", () => {
  const docs = readFileSync(join(__dirname, "../../../docs/operations.md"), "utf8");
  const limits = { requestsPerSecond: 2, maxConcurrentRequests: 10 };
  expect(docs).toContain(
    `(18s) ${waitingText(DATABAR, STILL, statsOf({ limits, attempts: 22, busyMs: 11_000 }))}\n`,
  );
  expect(docs).toContain(
    `    ${summaryText(DATABAR, statsOf({ limits, attempts: 61, busyMs: 30_361, heldMs: { ...NOTHING, rate: 30_263 } }))}\n`,
  );
});

/** A process that can be interrupted. */
class Stand extends EventEmitter {
  readonly pid = 7;
  readonly kill = jest.fn(() => true);
}

interface Scene {
  readonly watcher: Watcher;
  readonly process: Stand;
  readonly told: string[];
  readonly records: LogRecord[];
}

function scene(toFile?: boolean): Scene {
  const told: string[] = [];
  const records: LogRecord[] = [];
  const tell = (how: string) => (message: string) =>
    void told.push(`${how} ${message.slice(9, 30)}`);
  const teller = {
    warn: tell("warn"),
    info: tell("info"),
    progress: tell("progress"),
    settled: () => Promise.resolve(),
  };
  const log: Log | undefined =
    toFile === undefined ? undefined : { toFile, write: (record) => void records.push(record) };
  const process = new Stand();
  const ending = new Ending(process as unknown as NodeJS.Process);
  return { watcher: new Watcher(DATABAR, teller, log, ending), process, told, records };
}

describe("a watcher", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const settle = (): Promise<unknown> => jest.advanceTimersByTimeAsync(0);

  test("speaks when work stood still for 10 s in all, then each time when that has doubled", () => {
    const { watcher, told, process } = scene();
    let held = 0;
    watcher.onBusy({
      ...statsOf(),
      get heldMs() {
        return { ...NOTHING, rate: held };
      },
    });
    const spoke = [];
    for (held = 1000; held <= 100_000; held += 1000) {
      const before = told.length;
      jest.advanceTimersByTime(1000);
      if (told.length > before) {
        spoke.push(held);
      }
    }
    expect(spoke).toEqual([10_000, 20_000, 40_000, 80_000]);
    expect(told[0]).toBe("progress 8 requests in the que");
    expect(process.listenerCount("SIGINT")).toBe(1);
  });

  test("says nothing of work that goes on again, nor of work that never stood still for long", async () => {
    const { watcher, told, process } = scene();
    watcher.onBusy(statsOf({ heldMs: { ...NOTHING, rate: 9_900 } }));
    jest.advanceTimersByTime(60_000);
    expect([told, process.listenerCount("SIGINT")]).toEqual([[], 0]);
    const goesOn = scene();
    goesOn.watcher.onBusy(statsOf({ heldMs: { ...NOTHING, rate: 60_000 }, standstill: undefined }));
    jest.advanceTimersByTime(60_000);
    expect(goesOn.told).toEqual([]);
    goesOn.process.emit("SIGINT");
    await settle();
    expect(goesOn.told).toEqual(["info 412 requests in 21 s;"]);
  });

  test("looks as long as there is work, and again when there is some", () => {
    const { watcher, told } = scene();
    let stats = statsOf({ open: 0, heldMs: { ...NOTHING, rate: 1_000 } });
    const live = new Proxy({} as HttpClientStats, {
      get: (_, name) => Reflect.get(stats, name) as unknown,
    });
    watcher.onBusy(live);
    watcher.onBusy(live);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(1000);
    expect(jest.getTimerCount()).toBe(0);
    stats = statsOf({ heldMs: { ...NOTHING, rate: 11_000 } });
    watcher.onBusy(live);
    jest.advanceTimersByTime(1000);
    expect(told).toHaveLength(1);
  });

  test.each([
    [true, []],
    [false, ["info 412 requests in 21 s."]],
  ])("sums up for a log in any case (in a file: %s)", async (toFile, says) => {
    const { watcher, told, records, process } = scene(toFile);
    watcher.onBusy(statsOf());
    process.emit("SIGINT");
    await settle();
    expect(told).toEqual(says);
    expect(records).toEqual([
      {
        event: "summary",
        time: expect.any(Number) as number,
        vendor: "Databar",
        calls: 398,
        requests: 412,
        repeated: 0,
        busyMs: 21_400,
        heldMs: NOTHING,
      },
    ]);
  });

  test("logs what it says", () => {
    const { watcher, records } = scene(true);
    watcher.onBusy(statsOf({ heldMs: { ...NOTHING, rate: 10_000 } }));
    jest.advanceTimersByTime(1000);
    expect(records).toEqual([{ event: "waiting", time: Date.now(), vendor: "Databar", ...STILL }]);
  });
});

describe("last words", () => {
  const never = (): Promise<void> => new Promise(() => undefined);
  const open = (): { process: Stand; ending: Ending } => {
    const process = new Stand();
    return { process, ending: new Ending(process as unknown as NodeJS.Process) };
  };
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test("are said when the process is interrupted, and then it ends as if nobody had listened", async () => {
    const { process, ending } = open();
    const said: string[] = [];
    let arrive = (): void => undefined;
    ending.add(() => (said.push("one"), Promise.resolve()));
    ending.add(() => (said.push("two"), new Promise((resolve) => (arrive = resolve))));
    process.emit("SIGINT");
    await jest.advanceTimersByTimeAsync(0);
    expect([said, process.kill.mock.calls]).toEqual([["one", "two"], []]);
    arrive();
    await jest.advanceTimersByTimeAsync(0);
    expect(process.kill.mock.calls).toEqual([[7, "SIGINT"]]);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  test("hold a process up for a second at most, also when one of them fails", async () => {
    const { process, ending } = open();
    ending.add(never);
    ending.add(() => Promise.reject(new Error("no engine")));
    process.emit("SIGINT");
    await jest.advanceTimersByTimeAsync(999);
    expect(process.kill).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(process.kill).toHaveBeenCalledTimes(1);
  });

  test("are cut short by a second interrupt", async () => {
    const { process, ending } = open();
    ending.add(never);
    process.emit("SIGINT");
    process.emit("SIGINT");
    await jest.advanceTimersByTimeAsync(0);
    expect(process.kill).toHaveBeenCalledTimes(1);
  });

  test("leave the end to others who listen, a tracer that sends its spans for example", async () => {
    const { process, ending } = open();
    const order: string[] = [];
    process.once("SIGINT", () => order.push("tracer"));
    ending.add(() => (order.push("last words"), Promise.resolve()));
    process.emit("SIGINT");
    await jest.advanceTimersByTimeAsync(0);
    expect([order, process.kill.mock.calls]).toEqual([["last words", "tracer"], []]);
  });

  test("are said at an exit, and only once", () => {
    const { process, ending } = open();
    let times = 0;
    ending.add(() => (times++, Promise.resolve()));
    process.emit("exit", 0);
    process.emit("SIGINT");
    expect(times).toBe(1);
  });
});
