/** Claims of several provider processes, which differ in their process ids. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Claims } from "../../../provider/lifecycle/claims";
import { exitCallbacks } from "../../../provider/observe/index";
import { ClaimFolder, claimFolder } from "../../../provider/pulumi/provider/shared-claims";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "claims-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const WORKSPACE = "databar https://api.databar.ai";
/** Another process that runs, and one that has ended. */
const [OTHER, ENDED] = [process.ppid, 2 ** 30];

const open = (pid = process.pid, workspace = WORKSPACE): ClaimFolder =>
  new ClaimFolder(folder, workspace, join(folder, "..", `${basename(folder)}-lost`), pid);

describe("a connector that another process's resource holds", () => {
  test("is not free, cannot be taken, and is not this process's to delete", () => {
    new Claims(open(OTHER)).hold("1", { claim: "aa" });
    const claims = new Claims(open());
    expect([claims.has("1"), claims.isFree("1"), claims.take("1", "bb")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([claims.heldByAnother("1", "bb"), claims.heldByAnother("1", "aa")]).toEqual([
      true,
      false,
    ]);
    expect(claims.hold("1", { claim: "bb" })).toBe("conflict");
    expect(claims.has("2")).toBe(false);
  });
  test("is another connector in another workspace, and with another vendor", () => {
    new Claims(open(OTHER)).hold("1", { claim: "aa" });
    const others = ["databar https://eu.databar.ai", "supermetrics https://api.databar.ai"];
    expect(others.map((workspace) => new Claims(open(process.pid, workspace)).has("1"))).toEqual([
      false,
      false,
    ]);
  });
  test("is free when that process gave it up, or has ended", () => {
    const other = new Claims(open(OTHER));
    other.take("1", "aa");
    other.release("1");
    new Claims(open(ENDED)).take("2", "aa");
    const claims = new Claims(open());
    expect([claims.isFree("1"), claims.isFree("2"), claims.take("2", "bb")]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe("of two processes that take the same connector", () => {
  test("the one that wrote first has it, also where neither had seen the other", () => {
    const [first, second] = [open(), open(OTHER)];
    expect([first.ofOthers("1"), second.ofOthers("1")]).toEqual([undefined, undefined]);
    expect([
      first.publish("1", { claim: "aa" }, true),
      second.publish("1", { claim: "bb" }, true),
    ]).toEqual([true, false]);
    expect([first.ofOthers("1"), second.ofOthers("1")?.claim]).toEqual([undefined, "aa"]);
  });
  test("a take counts as late where another came before it in the log, for every process", () => {
    const first = open();
    first.publish("1", { claim: "aa" }, true);
    const lines = readFileSync(join(folder, "claims"), "utf8").split("\n").slice(0, -1);
    const { key } = JSON.parse(lines.at(-1) ?? "") as { key: string };
    const late = { pid: OTHER, key, claim: "bb", read: lines.length - 1 };
    appendFileSync(join(folder, "claims"), `${JSON.stringify(late)}\n`);
    expect([first.ofOthers("1"), open(OTHER).ofOthers("1")?.claim]).toEqual([undefined, "aa"]);
  });
  test("what one withdraws does not take away what the other has said since", () => {
    const [first, second] = [open(), open(OTHER)];
    first.publish("1", { claim: "aa" });
    second.publish("1", { claim: "bb" });
    first.withdraw("1");
    expect(first.ofOthers("1")?.claim).toBe("bb");
    second.withdraw("1");
    expect(first.ofOthers("1")).toBeUndefined();
  });
});

test("a line that another process has not finished, or never finishes, hides none that follow", () => {
  const first = open();
  first.publish("1", { claim: "aa" });
  appendFileSync(join(folder, "claims"), '{"pid":1,"ke\n{"pid"');
  expect(open(OTHER).ofOthers("1")?.claim).toBe("aa");
  expect(first.publish("2", { claim: "cc" }, true)).toBe(true);
  expect(open(OTHER).ofOthers("2")?.claim).toBe("cc");
});

test("a line that is none of a log hides none that follow", () => {
  open().publish("1", { claim: "aa" });
  appendFileSync(join(folder, "claims"), 'null\n1\n[]\n"a"\n{"pid":"1","key":"x"}\n{}\n');
  open().publish("2", { claim: "cc" });
  expect([open(OTHER).ofOthers("1")?.claim, open(OTHER).ofOthers("2")?.claim]).toEqual([
    "aa",
    "cc",
  ]);
});

// Windows has no such permissions, and a temporary folder per user.
if (process.platform !== "win32") {
  test("the folder is this user's alone: one that others can write to, or a link, is not used, and nothing is made in it", () => {
    const at = (name: string): string => join(folder, name);
    const [writable, linked, own] = [at("writable"), at("linked"), at("own")];
    mkdirSync(writable);
    chmodSync(writable, 0o777);
    mkdirSync(join(folder, "target"));
    symlinkSync(join(folder, "target"), linked);

    expect(claimFolder("127.0.0.1:1", [writable, linked, own])).toBe(join(own, "127_0_0_1_1"));
    expect(claimFolder("127.0.0.1:1", [writable, linked])).toBeUndefined();
    expect([readdirSync(writable), readdirSync(join(folder, "target"))]).toEqual([[], []]);
    expect([own, join(own, "127_0_0_1_1")].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o700,
    ]);
  });
}

describe("when a process ends", () => {
  test("its claims are gone, and the last one removes the folder", async () => {
    open().publish("1", { claim: "aa" });
    await exitCallbacks.finish();
    expect(existsSync(folder)).toBe(false);
  });
  test("the folder stays while another process takes part", async () => {
    open().publish("1", { claim: "aa" });
    appendFileSync(join(folder, "claims"), `${JSON.stringify({ pid: OTHER })}\n`);
    await exitCallbacks.finish();
    expect([existsSync(folder), open(OTHER).ofOthers("1")]).toEqual([true, undefined]);
  });
  test("the folder stays where the process cannot know who else takes part", async () => {
    mkdirSync(join(folder, "claims"));
    open().publish("1", { claim: "aa" });
    await exitCallbacks.finish();
    expect(existsSync(folder)).toBe(true);
  });
});

test("a connector that a definition of another process names is not free and not to be deleted, but can be taken", () => {
  new Claims(open(OTHER)).reserve("1");
  const claims = new Claims(open());
  expect([claims.has("1"), claims.isFree("1"), claims.isReserved("1")]).toEqual([
    false,
    false,
    true,
  ]);
  expect(claims.take("1", "bb")).toBe(true);
});

test("a claim that is given up leaves what the definition names", () => {
  const first = new Claims(open(OTHER));
  first.reserve("1");
  first.take("1", "aa");
  first.release("1");
  expect(new Claims(open()).isReserved("1")).toBe(true);
});

test("the deployment is quiet when no process was shown a resource for a while", async () => {
  const other = open();
  expect(other.quietFor()).toBe(Infinity);
  new Claims(other).activity.note();
  const start = performance.now();
  await new Claims(open()).activity.untilQuiet(200);
  expect(performance.now() - start).toBeGreaterThan(100);
});

test("a folder that cannot be written shares nothing, and refuses nothing", () => {
  const claims = new Claims(new ClaimFolder(join(folder, "missing"), "databar"));
  expect([claims.take("1", "aa"), claims.hold("2", { claim: "bb" }), claims.has("1")]).toEqual([
    true,
    "held",
    true,
  ]);
});

describe("an owner and a look-alike in two processes", () => {
  const owner = { claim: "aa" };
  const alike = { claim: "bb", alikeSince: "2026-01-02T00:00:00.000Z" };
  afterEach(() => rmSync(`${folder}-lost`, { recursive: true, force: true }));

  test("the look-alike loses the connector to the owner that has shown up in another process", () => {
    new Claims(open(OTHER)).hold("1", owner);
    expect(new Claims(open()).hold("1", alike)).toBe("lost");
  });
  test("the owner takes it back from the look-alike, which may not write any more", async () => {
    const first = new Claims(open());
    first.hold("1", alike);
    expect(new Claims(open(OTHER)).hold("1", owner)).toBe("taken back");
    expect([first.heldByAnother("1", "bb"), await first.maySafelyWrite("1", "bb")]).toEqual([
      true,
      false,
    ]);
  });
  test("the next deployment knows the loss before the owner has shown up; until the look-alike is gone", () => {
    const first = new Claims(open());
    first.hold("1", alike);
    first.hold("1", owner);
    const next = new Claims(open());
    expect([next.isLost("1", owner), next.isLost("2", alike)]).toEqual([false, false]);
    expect([next.manage("1", alike, "A"), next.has("1"), next.isFree("1")]).toEqual([
      "lost",
      false,
      false,
    ]);
    next.forgetLost("1", alike);
    expect(new Claims(open()).isLost("1", alike)).toBe(false);
  });
  test("what a resource of another process leaves can be taken by one that names it, and is not free", () => {
    new Claims(open(OTHER)).leave("1", owner, "A");
    const claims = new Claims(open());
    expect([claims.isFree("1"), claims.canBeTaken("1"), claims.take("1", "bb")]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
