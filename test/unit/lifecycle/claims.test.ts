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
