/** The messages while a client waits, and the summary at the end. */
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type HttpClientStats, type WaitStatus, type WaitCause } from "../../../provider/http";
import { ExitCallbacks } from "../../../provider/observe/exit-callbacks";
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
const WAITING: WaitStatus = {
  cause: "rate",
  queued: 8,
  inFlight: 2,
  retrying: 0,
  oldestMs: 100,
  pauseMs: 0,
  requestsPerSecond: 20,
};

function statsOf(changes: Partial<HttpClientStats> = {}): HttpClientStats {
  const limits = { requestsPerSecond: 20, maxConcurrentRequests: 10 };
  return {
    calls: 398,
    open: 1,
    attempts: 412,
    retries: 0,
    queuedMs: 0,
    busyMs: 21_400,
    waitMs: NOTHING,
    waiting: WAITING,
    limits,
    ...changes,
  };
}

describe("while a client waits, the message names the cause:", () => {
  test.each<[Partial<WaitStatus>, Partial<HttpClientStats>, string]>([
    [
      {},
      {},
      "Databar: 8 requests in the queue, at the limit of 20 per second (databar:requestsPerSecond). So far 412 requests in 21 s.",
    ],
    [
      { requestsPerSecond: 1.25 },
      {},
      "Databar: 8 requests in the queue, at 1.3 per second for now instead of 20 (databar:requestsPerSecond), because Databar answered that there are too many (429). So far 412 requests in 21 s.",
    ],
    [
      { cause: "concurrency", queued: 1, inFlight: 10, oldestMs: 7400 },
      { busyMs: 125_000 },
      "Databar: 1 request in the queue, 10 under way (databar:maxConcurrentRequests), the oldest of them for 7 s. So far 412 requests in 2 min 5 s.",
    ],
    [
      { cause: "pause", pauseMs: 47_000 },
      { attempts: 1, retries: 1 },
      "Databar: no request goes out for another 47 s, because Databar answered that there are too many (429). So far 1 request in 21 s, 1 repetition among them.",
    ],
    [
      { cause: "answer", queued: 0, inFlight: 3, oldestMs: 12_000 },
      { retries: 14 },
      "Databar: no answer to a request for 12 s, 3 under way. So far 412 requests in 21 s, 14 repetitions among them.",
    ],
    [
      { cause: "retry", queued: 0, inFlight: 0, retrying: 2 },
      { busyMs: 3_780_000 },
      "Databar: 2 requests failed and will be repeated. So far 412 requests in 1 h 3 min.",
    ],
  ])("%j", (now, stats, text) =>
    expect(waitingText(DATABAR, { ...WAITING, ...now }, statsOf(stats))).toBe(text),
  );
});

test("the summary names what was done, and the waits of a second or more", () => {
  expect(summaryText(DATABAR, statsOf({ waitMs: { ...NOTHING, rate: 999 } }))).toBe(
    "Databar: 412 requests in 21 s.",
  );
  const waitMs = { pause: 14_000, rate: 65_000, concurrency: 3_000, answer: 9_000, retry: 2_000 };
  expect(summaryText(DATABAR, statsOf({ waitMs, busyMs: 99_000, retries: 3 }))).toBe(
    "Databar: 412 requests in 1 min 39 s, 3 repetitions among them; of that time, 14 s in pauses after an answer of 429, 1 min 5 s at the limit of 20 requests per second (databar:requestsPerSecond), " +
      "3 s with 10 requests under way and others in the queue (databar:maxConcurrentRequests), 9 s waiting for slow answers, 2 s between the failure of a request and its repetition.",
  );
});

test("docs/operations.md shows both as they are", () => {
  const docs = readFileSync(join(__dirname, "../../../docs/operations.md"), "utf8");
  const limits = { requestsPerSecond: 2, maxConcurrentRequests: 10 };
  expect(docs).toContain(
    `(18s) ${waitingText(DATABAR, WAITING, statsOf({ limits, attempts: 22, busyMs: 11_000 }))}\n`,
  );
  expect(docs).toContain(
    `    ${summaryText(DATABAR, statsOf({ limits, attempts: 61, busyMs: 30_361, waitMs: { ...NOTHING, rate: 30_263 } }))}\n`,
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
  const notifier = {
    warn: tell("warn"),
    info: tell("info"),
    progress: tell("progress"),
    flush: () => Promise.resolve(),
  };
  const log: Log | undefined =
    toFile === undefined
      ? undefined
      : {
          write: (record) => void records.push(record),
          ...(!toFile && { print: tell("below the requests:") }),
        };
  const process = new Stand();
  const exitCallbacks = new ExitCallbacks(process as unknown as NodeJS.Process);
  return { watcher: new Watcher(DATABAR, notifier, log, exitCallbacks), process, told, records };
}

describe("a watcher", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const settle = (): Promise<unknown> => jest.advanceTimersByTimeAsync(0);

  test("sends a message after 10 s of waits, then each time when they have doubled", () => {
    const { watcher, told, process } = scene();
    let waited = 0;
    watcher.onBusy({
      ...statsOf(),
      get waitMs() {
        return { ...NOTHING, rate: waited };
      },
    });
    const spoke = [];
    for (waited = 1000; waited <= 100_000; waited += 1000) {
      const before = told.length;
      jest.advanceTimersByTime(1000);
      if (told.length > before) {
        spoke.push(waited);
      }
    }
    expect(spoke).toEqual([10_000, 20_000, 40_000, 80_000]);
    expect(told[0]).toBe("progress 8 requests in the que");
    expect(process.listenerCount("SIGINT")).toBe(1);
  });

  test("sends none for short waits, nor while nothing waits", async () => {
    const { watcher, told, process } = scene();
    watcher.onBusy(statsOf({ waitMs: { ...NOTHING, rate: 9_900 } }));
    jest.advanceTimersByTime(60_000);
    expect([told, process.listenerCount("SIGINT")]).toEqual([[], 0]);
    const goesOn = scene();
    goesOn.watcher.onBusy(statsOf({ waitMs: { ...NOTHING, rate: 60_000 }, waiting: undefined }));
    jest.advanceTimersByTime(60_000);
    expect(goesOn.told).toEqual([]);
    goesOn.process.emit("SIGINT");
    await settle();
    expect(goesOn.told).toEqual(["info 412 requests in 21 s;"]);
  });

  test("checks while there are operations, and again when there are new ones", () => {
    const { watcher, told } = scene();
    let stats = statsOf({ open: 0, waitMs: { ...NOTHING, rate: 1_000 } });
    const live = new Proxy({} as HttpClientStats, {
      get: (_, name) => Reflect.get(stats, name) as unknown,
    });
    watcher.onBusy(live);
    watcher.onBusy(live);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(1000);
    expect(jest.getTimerCount()).toBe(0);
    stats = statsOf({ waitMs: { ...NOTHING, rate: 11_000 } });
    watcher.onBusy(live);
    jest.advanceTimersByTime(1000);
    expect(told).toHaveLength(1);
  });

  test.each([
    [true, []],
    [false, ["below the requests: 412 requests in 21 s."]],
  ])(
    "writes the summary to every log, below the requests (to a file: %s)",
    async (toFile, says) => {
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
    },
  );

  test("logs its messages", () => {
    const { watcher, records } = scene(true);
    watcher.onBusy(statsOf({ waitMs: { ...NOTHING, rate: 10_000 } }));
    jest.advanceTimersByTime(1000);
    expect(records).toEqual([
      {
        event: "waiting",
        time: Date.now(),
        vendor: "Databar",
        cause: "rate",
        queued: 8,
        underWay: 2,
        repeating: 0,
        oldestMs: 100,
        pauseMs: 0,
      },
    ]);
  });
});

describe("exit callbacks", () => {
  const never = (): Promise<void> => new Promise(() => undefined);
  const open = (): { process: Stand; exitCallbacks: ExitCallbacks } => {
    const process = new Stand();
    return { process, exitCallbacks: new ExitCallbacks(process as unknown as NodeJS.Process) };
  };
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test("run when the process is interrupted, and then it ends as without a listener", async () => {
    const { process, exitCallbacks } = open();
    const said: string[] = [];
    let arrive = (): void => undefined;
    exitCallbacks.add(() => (said.push("one"), Promise.resolve()));
    exitCallbacks.add(() => (said.push("two"), new Promise((resolve) => (arrive = resolve))));
    process.emit("SIGINT");
    await jest.advanceTimersByTimeAsync(0);
    expect([said, process.kill.mock.calls]).toEqual([["one", "two"], []]);
    arrive();
    await jest.advanceTimersByTimeAsync(0);
    expect(process.kill.mock.calls).toEqual([[7, "SIGINT"]]);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  test("are waited for by a process that ends itself, and run once", async () => {
    const { process, exitCallbacks } = open();
    process.on("SIGINT", () => undefined);
    const said: string[] = [];
    let arrive = (): void => undefined;
    exitCallbacks.add(() => (said.push("one"), new Promise((resolve) => (arrive = resolve))));
    process.emit("SIGINT");
    void exitCallbacks.finish().then(() => said.push("ended"));
    await jest.advanceTimersByTimeAsync(0);
    expect(said).toEqual(["one"]);
    arrive();
    await jest.advanceTimersByTimeAsync(0);
    expect(said).toEqual(["one", "ended"]);
    expect(process.kill.mock.calls).toEqual([]);
  });

  test("delay the end by a second at most, also when one of them fails", async () => {
    const { process, exitCallbacks } = open();
    exitCallbacks.add(never);
    exitCallbacks.add(() => Promise.reject(new Error("no engine")));
    process.emit("SIGINT");
    await jest.advanceTimersByTimeAsync(999);
    expect(process.kill).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(process.kill).toHaveBeenCalledTimes(1);
  });

  test("leave a second interrupt to Node, which ends a process without listeners at once", () => {
    const { process, exitCallbacks } = open();
    exitCallbacks.add(never);
    exitCallbacks.add(never);
    expect(process.listenerCount("SIGINT")).toBe(1);
    process.emit("SIGINT");
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  test("leave the end to other listeners, a tracer that sends its spans for example", async () => {
    const { process, exitCallbacks } = open();
    const order: string[] = [];
    process.once("SIGINT", () => order.push("tracer"));
    exitCallbacks.add(() => (order.push("callback"), Promise.resolve()));
    process.emit("SIGINT");
    await jest.advanceTimersByTimeAsync(0);
    expect([order, process.kill.mock.calls]).toEqual([["callback", "tracer"], []]);
  });

  test("run at an exit, and only once", () => {
    const { process, exitCallbacks } = open();
    let times = 0;
    exitCallbacks.add(() => (times++, Promise.resolve()));
    process.emit("exit", 0);
    process.emit("SIGINT");
    expect(times).toBe(1);
  });
});
