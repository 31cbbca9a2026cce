/** The lines of the log, and its file. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AttemptEvent } from "../../../provider/http";
import { watch } from "../../../provider/observe";
import { openLog } from "../../../provider/observe/log";
import {
  jsonLine,
  type LogRecord,
  requestRecord,
  textLine,
} from "../../../provider/observe/record";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);
afterEach(() => jest.restoreAllMocks());

const event: AttemptEvent = {
  time: Date.UTC(2026, 0, 2, 3, 4, 5, 67),
  vendor: "Databar",
  purpose: { verb: "update", target: "Scoring" },
  method: "PUT",
  path: "/v1/connectors/42",
  attempt: 2,
  queuedMs: 1200.4,
  durationMs: 12.6,
  statusCode: 503,
  requestId: "r-1",
};
const record = requestRecord(event);
const failed = requestRecord({
  ...event,
  purpose: undefined,
  attempt: 1,
  queuedMs: 0.2,
  statusCode: undefined,
  requestId: undefined,
  code: "network",
});

const WAITING: LogRecord = {
  event: "waiting",
  time: 0,
  vendor: "Databar",
  cause: "rate",
  queued: 1,
  underWay: 0,
  repeating: 0,
  oldestMs: 0,
  pauseMs: 0,
};
const SUMMARY: LogRecord = {
  event: "summary",
  time: 0,
  vendor: "Databar",
  calls: 1,
  requests: 1,
  repeated: 0,
  busyMs: 1,
  heldMs: { pause: 0, rate: 0, concurrency: 0, answer: 0, retry: 0 },
};

const linesOf = (file: string): unknown[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

test("a line of a file is a JSON object", () => {
  expect(jsonLine(record)).toBe(
    `{"time":"2026-01-02T03:04:05.067Z","pid":${process.pid},"event":"request","vendor":"Databar","verb":"update","connector":"Scoring","method":"PUT","path":"/v1/connectors/42","statusCode":503,"attempt":2,"queuedMs":1200,"durationMs":13,"requestId":"r-1"}\n`,
  );
  expect(JSON.parse(jsonLine(failed))).toEqual({
    time: "2026-01-02T03:04:05.067Z",
    pid: process.pid,
    event: "request",
    vendor: "Databar",
    method: "PUT",
    path: "/v1/connectors/42",
    attempt: 1,
    queuedMs: 0,
    durationMs: 13,
    code: "network",
  });
});

test("a line for people is one line and leaves out what is usual", () => {
  expect(textLine(record)).toBe(
    '03:04:05.067 Databar PUT /v1/connectors/42 503 13 ms (update "Scoring", attempt 2, queued 1200 ms, request r-1)',
  );
  expect(textLine(failed)).toBe(
    "03:04:05.067 Databar PUT /v1/connectors/42 no answer 13 ms (network)",
  );
  expect(
    textLine({ ...record, connector: "a\nb\u001b[2J\u009b", requestId: "r\u009b2J" }),
  ).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\n./);
});

test("docs/operations.md names every field, every variable, and shows lines as they are", () => {
  const docs = readFileSync(join(__dirname, "../../../docs/operations.md"), "utf8");
  const fields = [record, failed, WAITING, SUMMARY].flatMap((each) =>
    Object.keys(JSON.parse(jsonLine(each)) as object),
  );
  expect(
    [...new Set(fields), "PULUMI_CONNECTORS_LOG", "PULUMI_CONNECTORS_LOG_FILE"].filter(
      (name) => !docs.includes(`\`${name}\``),
    ),
  ).toEqual([]);
  const shown = requestRecord({
    ...event,
    time: Date.UTC(2026, 10, 22, 19, 8, 4, 279),
    purpose: { verb: "create", target: "Geo" },
    method: "POST",
    path: "/v1/connectors/",
    statusCode: 429,
    durationMs: 21,
    queuedMs: 11,
    attempt: 1,
    requestId: undefined,
  });
  expect(docs).toContain(`    ${textLine(shown)}`);
});

test("without the variables nothing is logged, and no attempt is reported", () => {
  const notifier = {
    warn: jest.fn(),
    info: jest.fn(),
    progress: jest.fn(),
    flush: () => Promise.resolve(),
  };
  expect(openLog({ requests: false }, notifier.warn)).toBeUndefined();
  const named = { vendor: "Databar", namespace: "databar" };
  expect(Object.keys(watch(named, notifier, {}))).toEqual(["onBusy"]);
  expect(Object.keys(watch(named, notifier, { PULUMI_CONNECTORS_LOG: "debug" }))).toEqual([
    "onBusy",
    "onAttempt",
  ]);
  expect(notifier.warn).not.toHaveBeenCalled();
});

test("an invalid setting is reported once for all clients", () => {
  const notifier = {
    warn: jest.fn(),
    info: jest.fn(),
    progress: jest.fn(),
    flush: () => Promise.resolve(),
  };
  for (const vendor of ["Databar", "Supermetrics"]) {
    watch({ vendor, namespace: "x" }, notifier, { PULUMI_CONNECTORS_LOG: "verbose" });
  }
  expect(notifier.warn.mock.calls).toEqual([
    ["PULUMI_CONNECTORS_LOG is neither debug nor off. No request is logged."],
  ]);
});

test("without a file, requests go to standard error; the other records are messages", () => {
  const written: string[] = [];
  jest
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => (written.push(String(text)), true));
  const log = openLog({ requests: true }, () => undefined)!;
  log.write(record);
  log.write(WAITING);
  log.write(SUMMARY);
  expect(written).toEqual([`${textLine(record)}\n`]);
});

describe("a file", () => {
  test("is created at the first record, and appended to when it exists", () => {
    const file = join(folderOf({}), "log.jsonl");
    const first = openLog({ requests: true, file }, () => undefined)!;
    expect(existsSync(file)).toBe(false);
    first.write(record);
    openLog({ requests: true, file }, () => undefined)!.write(failed);
    first.write(record);
    expect(linesOf(file)).toMatchObject([{ attempt: 2 }, { attempt: 1 }, { attempt: 2 }]);
  });

  test("that several processes write to at once holds every line whole", async () => {
    const folder = folderOf({});
    const file = join(folder, "log.jsonl");
    // By way of files, each waits until the others are there.
    const script = `
      const { existsSync, writeFileSync } = require("node:fs");
      const { openLog } = require(${JSON.stringify(join(__dirname, "../../../dist/observe/log.js"))});
      const log = openLog({ requests: true, file: ${JSON.stringify(file)} }, (message) => { throw new Error(message); });
      const [own, other] = process.argv.slice(1);
      writeFileSync(own, "");
      while (!existsSync(other)) ;
      for (let line = 0; line < 2000; line++) log.write({ ...${JSON.stringify(record)}, connector: "x".repeat(line % 400), attempt: line });`;
    const [a, b] = ["a", "b"].map((name) => join(folder, name)) as [string, string];
    await Promise.all(
      [
        [a, b],
        [b, a],
      ].map((names) => promisify(execFile)(process.execPath, ["-e", script, ...names])),
    );
    const lines = linesOf(file) as { pid: number; attempt: number; connector: string }[];
    const byProcess = [...new Set(lines.map(({ pid }) => pid))].map((pid) =>
      lines.filter((line) => line.pid === pid),
    );
    expect(byProcess.map((own) => own.map(({ attempt }) => attempt))).toEqual(
      [expect.anything(), expect.anything()].map(() =>
        Array.from({ length: 2000 }, (_, line) => line),
      ),
    );
    expect(lines.every(({ attempt, connector }) => connector.length === attempt % 400)).toBe(true);
  });

  test("that cannot be written causes one warning without its name, and no failure", () => {
    const warnings: string[] = [];
    const folder = folderOf({});
    const log = openLog(
      { requests: true, file: folder },
      (message) => void warnings.push(message),
    )!;
    log.write(record);
    log.write(record);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^The file of PULUMI_CONNECTORS_LOG_FILE cannot be written \(E\w+\)\. Requests are not logged any more\.$/,
      ),
    ]);
    expect(warnings[0]).not.toContain(folder);

    const inNoFolder = openLog(
      { requests: true, file: join(folder, "missing", "log.jsonl") },
      (message) => void warnings.push(message),
    )!;
    inNoFolder.write(record);
    expect(warnings[1]).toContain("(ENOENT)");
  });

  test("that is a pipe without a reader does not block the deployment", () => {
    if (process.platform === "win32") {
      return;
    }
    const pipe = join(folderOf({}), "pipe");
    execFileSync("mkfifo", [pipe]);
    const warnings: string[] = [];
    openLog({ requests: true, file: pipe }, (message) => void warnings.push(message))!.write(
      record,
    );
    expect(warnings).toEqual([expect.stringContaining("(ENXIO)")]);
  });
});
