import { Claims, type Hold, holdOf } from "../../../provider/lifecycle/claims";
import { type HoldState } from "../../../provider/model/state";

describe("who holds a connector in this deployment", () => {
  test("no resource, at first", () => expect(new Claims().has("1")).toBe(false));
  test("the first resource that takes it; no other can take it", () => {
    const claims = new Claims();
    expect(claims.take("1", "aa")).toBe(true);
    expect(claims.has("1")).toBe(true);
    expect(claims.take("1", "bb")).toBe(false);
    expect(claims.take("1", "aa")).toBe(false);
    expect(claims.take("2", "bb")).toBe(true);
  });
  test("the resource that manages it; no new resource can take it", () => {
    const claims = new Claims();
    expect(claims.hold("1", { claim: "aa" })).toBe("held");
    expect(claims.take("1", "bb")).toBe(false);
  });
  test("a resource without a claim holds nothing, and is never refused", () => {
    const claims = new Claims();
    claims.take("1", "bb");
    expect(claims.hold("1", undefined)).toBe("held");
    expect(claims.hold("2", undefined)).toBe("held");
    expect(claims.has("2")).toBe(false);
  });
  test("managing it again is no conflict", () => {
    const claims = new Claims();
    claims.hold("1", { claim: "aa" });
    expect(claims.hold("1", { claim: "aa" })).toBe("held");
  });
  test("a resource whose connector another one adopted before is told so", () => {
    const claims = new Claims();
    claims.take("1", "bb");
    expect(claims.hold("1", { claim: "aa" })).toBe("conflict");
    expect(claims.hold("1", { claim: "bb" })).toBe("held");
  });
  test("a second resource that manages the same connector is refused, however the first one got it", () => {
    const claims = new Claims();
    claims.hold("1", { claim: "aa" });
    expect(claims.hold("1", { claim: "bb" })).toBe("conflict");
  });
  test("a resource that was checked and not compared still owns a connector of its name", () => {
    const claims = new Claims();
    expect(claims.expected.has("Scoring")).toBe(false);
    claims.expected.add("Scoring");
    claims.expected.add("Scoring");
    claims.manage("1", { claim: "aa" }, "Scoring");
    expect(claims.expected.has("Scoring")).toBe(true);
    claims.manage("2", { claim: "bb" }, "Scoring");
    expect(claims.expected.has("Scoring")).toBe(false);
    claims.manage("3", { claim: "cc" }, "Scoring");
    expect(claims.expected.has("Scoring")).toBe(false);
  });
  test("a resource that was checked and not compared may hold what its old inputs do not rule out", () => {
    const claims = new Claims();
    expect(claims.expected.mayHold("Scoring", "", "1")).toBe(false);
    claims.expected.add("Scoring", { scope: "", id: "1" });
    expect(claims.expected.mayHold("Scoring", "", "1")).toBe(true);
    expect(claims.expected.mayHold("Scoring", "", "2")).toBe(false);
    expect(claims.expected.mayHold("Scoring", "5", "1")).toBe(false);
    expect(claims.expected.mayHold("Other", "", "1")).toBe(false);
    claims.expected.add("Scoring", { scope: "" });
    expect(claims.expected.mayHold("Scoring", "", "2")).toBe(true);
  });
  test("and no namesake may be taken until it was compared", () => {
    const claims = new Claims();
    expect(claims.expected.has("A")).toBe(false);
    claims.expected.add("A");
    expect([claims.expected.has("A"), claims.expected.has("B")]).toEqual([true, false]);
    claims.manage("1", { claim: "aa" }, "A");
    expect(claims.expected.has("A")).toBe(false);
  });
  test("in any scope, where its old inputs name none, and in no other than they name", () => {
    const claims = new Claims();
    claims.expected.add("A", { id: "1" });
    claims.expected.add("B", { scope: "7001" });
    expect([
      claims.expected.mayHold("A", "7001", "1"),
      claims.expected.mayHold("A", "7001", "2"),
    ]).toEqual([true, false]);
    expect([
      claims.expected.mayHold("B", "7001", "1"),
      claims.expected.mayHold("B", "7002", "1"),
    ]).toEqual([true, false]);
  });
  test("what it shows fulfils the expectation that names no connector before one that names another", () => {
    const claims = new Claims();
    claims.expected.add("A", { id: "1" });
    claims.expected.add("A");
    claims.manage("2", { claim: "bb" }, "A");
    expect([
      claims.expected.mayHold("A", "7001", "1"),
      claims.expected.mayHold("A", "7001", "9"),
    ]).toEqual([true, false]);
  });
  test("a comparison fulfils what was expected of that resource, not of its namesake", () => {
    const claims = new Claims();
    claims.expected.add("Scoring", { scope: "", id: "1" });
    claims.expected.add("Scoring", { scope: "", id: "2" });
    claims.manage("2", { claim: "bb" }, "Scoring");
    expect(claims.expected.mayHold("Scoring", "", "1")).toBe(true);
    expect(claims.expected.mayHold("Scoring", "", "2")).toBe(false);
  });
  test("a connector that a definition names is held by none, but not free", () => {
    const claims = new Claims();
    expect(claims.isFree("1")).toBe(true);
    claims.reserve("1");
    expect([claims.isFree("1"), claims.has("1"), claims.take("1", "aa")]).toEqual([
      false,
      false,
      true,
    ]);
  });
  test("after a release anybody can take it", () => {
    const claims = new Claims();
    claims.take("1", "aa");
    claims.release("1");
    expect(claims.has("1")).toBe(false);
    expect(claims.take("1", "bb")).toBe(true);
    expect(claims.hold("1", { claim: "bb" })).toBe("held");
  });
});

describe("an owner and a look-alike of one connector", () => {
  const owner = { claim: "aa" };
  const [early, late] = ["1", "2"].map((day) => ({
    claim: `b${day}`,
    alikeSince: `2026-01-0${day}T00:00:00.000Z`,
  })) as [Hold, Hold];

  test("the owner has it, whichever shows up first", () => {
    const claims = new Claims();
    expect([claims.hold("1", owner), claims.hold("1", late)]).toEqual(["held", "lost"]);
    expect([claims.hold("2", late), claims.hold("2", owner)]).toEqual(["held", "taken back"]);
    for (const id of ["1", "2"]) {
      expect([claims.heldByAnother(id, late.claim), claims.heldByAnother(id, "aa")]).toEqual([
        true,
        false,
      ]);
      expect([claims.isLost(id, late), claims.isLost(id, owner)]).toEqual([true, false]);
    }
  });
  test("the owner takes it back from a look-alike of this very deployment, which may not write", async () => {
    const claims = new Claims();
    claims.take("1", "b1");
    expect(claims.noteLookalike("1", "b1")).toEqual({
      adoptedBy: "likeness",
      adoptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(await claims.maySafelyWrite("1", "b1")).toBe(true);
    expect(claims.hold("1", owner)).toBe("taken back");
    expect(await claims.maySafelyWrite("1", "b1")).toBe(false);
    claims.giveUp("1", "b1");
    expect(claims.heldByAnother("1", "b1")).toBe(true);
  });
  test("of two look-alikes, the one that adopted first has it", () => {
    const claims = new Claims();
    expect([claims.hold("1", early), claims.hold("1", late)]).toEqual(["held", "lost"]);
    expect([claims.hold("2", late), claims.hold("2", early)]).toEqual(["held", "taken back"]);
  });
  test("what a look-alike has lost is not free for it again, while its owner has not shown up", () => {
    const claims = new Claims();
    claims.hold("1", owner);
    claims.hold("1", late);
    claims.release("1");
    expect([claims.has("1"), claims.isFree("1")]).toEqual([false, false]);
  });
  test("two owners are in dispute, and neither may write as the other may", async () => {
    const claims = new Claims();
    claims.take("1", "bb");
    expect(claims.hold("1", owner)).toBe("conflict");
    expect(await claims.maySafelyWrite("1", "bb")).toBe(false);
  });
  test.each<[HoldState, Hold | undefined]>([
    [{}, undefined],
    [{ claim: "aa" }, { claim: "aa" }],
    [
      { claim: "aa", adoptedBy: "likeness", adoptedAt: "t" },
      { claim: "aa", alikeSince: "t" },
    ],
    [
      { claim: "aa", adoptedBy: "likeness" },
      { claim: "aa", alikeSince: "" },
    ],
  ])("the state %j says %j", (state, hold) => expect(holdOf(state)).toEqual(hold));
  test("a look-alike whose definition names the connector owns it", () =>
    expect(holdOf({ claim: "aa", adoptedBy: "likeness", adoptedAt: "t" }, true)).toEqual(owner));
});

describe("a resource that goes on to another connector", () => {
  test("leaves its own to one that names it, and to no look-alike", () => {
    const claims = new Claims();
    claims.leave("1", { claim: "aa" }, "A");
    expect([claims.isFree("1"), claims.canBeTaken("1"), claims.take("1", "bb")]).toEqual([
      false,
      true,
      true,
    ]);
    expect([claims.heldByAnother("1", "aa"), claims.canBeTaken("1")]).toEqual([true, false]);
  });
  test("does not contest one that was faster to take it", async () => {
    const claims = new Claims();
    claims.take("1", "bb");
    claims.leave("1", { claim: "aa" }, "A");
    expect(claims.heldByAnother("1", "aa")).toBe(true);
    expect(await claims.maySafelyWrite("1", "bb")).toBe(true);
  });
});

describe("an id that the vendor gave to another connector", () => {
  const older = { claim: "aa", createdAt: "2026-01-01T00:00:00Z" };
  const newer = { claim: "bb", createdAt: "2026-02-02T00:00:00Z" };

  test("is free for the newer connector, and for that one only", () => {
    const claims = new Claims();
    claims.hold("1", older);
    expect(
      [undefined, older.createdAt, newer.createdAt].map((at) => claims.isFree("1", at)),
    ).toEqual([false, false, true]);
    expect(claims.canBeTaken("1", older.createdAt)).toBe(false);
    expect(claims.take("1", newer.claim, newer.createdAt)).toBe(true);
    expect(claims.heldByAnother("1", older.claim)).toBe(true);
  });
  test("holds an older connector or a newer one than that of a time", () => {
    const claims = new Claims();
    expect([claims.hasOlder("1", newer.createdAt), claims.hasNewer("1", older.createdAt)]).toEqual([
      false,
      false,
    ]);
    claims.hold("1", older);
    claims.hold("2", newer);
    expect(["1", "2"].map((id) => claims.hasOlder(id, newer.createdAt))).toEqual([true, false]);
    expect(["1", "2"].map((id) => claims.hasNewer(id, older.createdAt))).toEqual([false, true]);
    expect(["1", "2"].map((id) => claims.hasNewer(id, undefined))).toEqual([false, false]);
  });
  test("is the newer connector's, whichever shows up first; the older one is gone", () => {
    const claims = new Claims();
    expect([claims.hold("1", older), claims.hold("1", newer)]).toEqual(["held", "held"]);
    expect([claims.hold("2", newer), claims.hold("2", older)]).toEqual(["held", "gone"]);
    for (const id of ["1", "2"]) {
      expect([claims.heldByAnother(id, "aa"), claims.heldByAnother(id, "bb")]).toEqual([
        true,
        false,
      ]);
    }
  });
});

describe("what the processes of a deployment show each other", () => {
  /** One process; what the others say is in `others`, what it says in `said`. */
  function oneProcess(others: Readonly<Record<string, Partial<Hold>>> = {}, isFirst = true) {
    const said: unknown[] = [];
    const claims = new Claims({
      ofOthers: (id) => others[id],
      publish: (id, hold, isTaken) => {
        said.push([id, hold, ...(isTaken === undefined ? [] : [isTaken])]);
        return isFirst;
      },
      withdraw: (id) => void said.push([id, "withdrawn"]),
      noteLost: (id, claim) => void said.push([id, "lost", claim]),
      isLost: (_, claim) => claim === "lost",
      forgetLost: (id, claim) => void said.push([id, "forgotten", claim]),
      quietFor: () => Infinity,
      noteActivity: () => {},
    });
    return { claims, said };
  }

  test("is shared where there can be other processes", () => {
    expect(oneProcess().claims.isShared).toBe(true);
    expect(new Claims().isShared).toBe(false);
  });
  test("a definition names a connector, unless a resource is known to hold it", () => {
    const { claims, said } = oneProcess({ 2: { claim: "bb" } });
    claims.reserve("1");
    claims.reserve("2");
    expect(said).toEqual([["1", undefined]]);
    expect(["1", "2", "3"].map((id) => claims.isReserved(id))).toEqual([true, true, false]);
  });
  test("a definition of another process names a connector", () => {
    const { claims } = oneProcess({ 1: {}, 2: { claim: "bb" } });
    expect(["1", "2", "3"].map((id) => claims.isReserved(id))).toEqual([true, false, false]);
    expect(["1", "2", "3"].map((id) => claims.isFree(id))).toEqual([false, false, true]);
  });
  test("a resource checked without a name of a connector names none", () => {
    const { claims, said } = oneProcess();
    claims.register({ name: "A" });
    claims.register({ name: "B", adopts: "1" });
    claims.register({ name: "C", adopts: "2", previous: {} });
    expect(said).toEqual([["1", undefined]]);
    expect(["A", "B", "C"].map((name) => claims.expected.has(name))).toEqual([false, false, true]);
  });
  test("a hold, and that a look-alike has lost its own", () => {
    const alike = { claim: "bb", alikeSince: "2026-01-01T00:00:00.000Z" };
    const { claims, said } = oneProcess();
    claims.hold("1", alike);
    claims.hold("1", { claim: "aa" });
    expect(said).toEqual([
      ["1", alike],
      ["1", { claim: "aa" }],
      ["1", "lost", "bb"],
    ]);
  });
  test("no hold that is lost, gone or in conflict", () => {
    const { claims, said } = oneProcess({ 1: { claim: "aa" }, 2: { claim: "cc" } });
    expect(claims.hold("1", { claim: "bb", alikeSince: "2026" })).toBe("lost");
    expect(claims.hold("2", { claim: "bb" })).toBe("conflict");
    expect(claims.hold("3", { claim: "lost", alikeSince: "2026" })).toBe("lost");
    expect(said).toEqual([
      ["1", "lost", "bb"],
      ["3", "lost", "lost"],
    ]);
  });
  test("a take, which fails where another process was first", () => {
    const first = oneProcess();
    expect(first.claims.take("1", "aa", "2026-01-01T00:00:00Z")).toBe(true);
    expect(first.said).toEqual([["1", { claim: "aa", createdAt: "2026-01-01T00:00:00Z" }, true]]);
    const second = oneProcess({}, false);
    expect(second.claims.take("1", "aa")).toBe(false);
    expect(second.claims.has("1")).toBe(false);
  });
  test("a take of an id that was another connector's asks for none that is free", () => {
    const { claims, said } = oneProcess({ 1: { claim: "bb", createdAt: "2026-01-01T00:00:00Z" } });
    expect(claims.take("1", "aa", "2026-02-02T00:00:00Z")).toBe(true);
    expect(said).toEqual([["1", { claim: "aa", createdAt: "2026-02-02T00:00:00Z" }, false]]);
  });
  test("that a resource goes on to another connector, unless a resource holds this one", () => {
    const { claims, said } = oneProcess({ 2: { claim: "bb" } });
    claims.leave("1", { claim: "aa" }, "A");
    claims.leave("2", { claim: "aa" }, "A");
    claims.leave("3", undefined, "A");
    expect(said).toEqual([["1", { claim: "aa", isLeft: true }]]);
  });
  test("an adoption by likeness, and its end", () => {
    const { claims, said } = oneProcess();
    claims.take("1", "aa");
    const { adoptedAt } = claims.noteLookalike("1", "aa");
    expect(["1", "2"].map((id) => claims.isLookalike(id))).toEqual([true, false]);
    claims.giveUp("1", "bb");
    claims.giveUp("2", "aa");
    claims.giveUp("1", "aa");
    expect(said.slice(1)).toEqual([
      ["1", { claim: "aa", createdAt: undefined, alikeSince: adoptedAt }],
      ["1", "withdrawn"],
    ]);
    expect(claims.isLookalike("1")).toBe(false);
  });
  test("that a definition still names what is given up", () => {
    const { claims, said } = oneProcess();
    claims.reserve("1");
    claims.release("1");
    expect(said).toEqual([
      ["1", undefined],
      ["1", undefined],
    ]);
  });
  test("that a look-alike is gone, which had a claim", () => {
    const { claims, said } = oneProcess();
    claims.forgetLost("1", undefined);
    claims.forgetLost("1", { claim: "bb" });
    expect(said).toEqual([["1", "forgotten", "bb"]]);
  });
  test("of two holds, the one that comes first counts: the owner's, then the older look-alike's", () => {
    const alike = { claim: "aa", alikeSince: "2026-02-02T00:00:00.000Z" };
    const others = {
      1: { claim: "bb" },
      2: { claim: "bb", alikeSince: "2026-01-01T00:00:00.000Z" },
      3: { claim: "bb", alikeSince: "2026-03-03T00:00:00.000Z" },
      4: { claim: "bb", alikeSince: alike.alikeSince },
    };
    const { claims } = oneProcess(others);
    const outcomes = ["1", "2", "3", "4", "5"].map((id) => claims.hold(id, alike));
    expect(outcomes).toEqual(["lost", "lost", "taken back", "conflict", "held"]);
  });
});

describe("whose a connector is to delete", () => {
  test("not this resource's, when one with another claim holds it", () => {
    const claims = new Claims();
    claims.take("1", "bb");
    expect(claims.heldByAnother("1", "aa")).toBe(true);
    expect(claims.heldByAnother("1", "bb")).toBe(false);
  });
  test("this resource's, when none holds it, or the resource has no claim", () => {
    const claims = new Claims();
    claims.take("1", "bb");
    expect(claims.heldByAnother("2", "aa")).toBe(false);
    expect(claims.heldByAnother("1", undefined)).toBe(false);
  });
});

test("a claim is eight hexadecimal digits and never the same", () => {
  const claims = Array.from({ length: 100 }, () => Claims.newClaim());
  expect(claims.every((claim) => /^[0-9a-f]{8}$/.test(claim))).toBe(true);
  expect(new Set(claims).size).toBe(100);
});

describe("a wait until the engine is quiet", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  async function timeOf(
    claims: Claims,
    meanwhile: [at: number, act: () => void][] = [],
    quiet = 300,
    limit = 15_000,
  ): Promise<number> {
    const start = performance.now();
    for (const [at, act] of meanwhile) {
      setTimeout(act, at);
    }
    const done = claims.activity.untilQuiet(quiet, limit).then(() => performance.now() - start);
    await jest.advanceTimersByTimeAsync(30_000);
    return done;
  }

  test("resolves at once when the engine has been quiet", async () => {
    const claims = new Claims();
    await jest.advanceTimersByTimeAsync(1000);
    expect(await timeOf(claims)).toBe(0);
  });
  test("waits until nothing was shown for the quiet time", async () => {
    const claims = new Claims();
    claims.activity.note();
    expect(await timeOf(claims)).toBe(300);
  });
  test.each<[string, (claims: Claims) => void]>([
    ["each resource that is checked", (claims) => claims.activity.note()],
    ["each resource that is compared", (claims) => void claims.manage("1", undefined, "A")],
  ])("%s starts the quiet time anew", async (_, act) => {
    const claims = new Claims();
    claims.activity.note();
    expect(
      await timeOf(claims, [
        [200, () => act(claims)],
        [400, () => act(claims)],
      ]),
    ).toBe(700);
  });
  test("ends at the limit however busy the engine is", async () => {
    const claims = new Claims();
    claims.activity.note();
    const busy = Array.from({ length: 300 }, (_, index): [number, () => void] => [
      index * 100,
      () => claims.activity.note(),
    ]);
    const time = await timeOf(claims, busy);
    expect(time).toBeGreaterThanOrEqual(15_000);
    expect(time).toBeLessThan(15_500);
  });
});
