/**
 * A fake list: when which list is asked for is what this is about, and a vendor cannot tell that
 * apart.
 */
import { ConnectorError } from "../../../provider/errors";
import { type Listed } from "../../../provider/lifecycle/adapter";
import { ListCache } from "../../../provider/lifecycle/list-cache";

interface Fake {
  readonly listing: ListCache<string>;
  readonly calls: string[];
  answer: () => Promise<Listed<string>>;
}

function fake(...items: string[]): Fake {
  const calls: string[] = [];
  const self: Fake = {
    calls,
    answer: () => Promise.resolve({ items, complete: true }),
    listing: new ListCache<string>(
      (scope, purpose) => (calls.push(`${scope}:${purpose}`), self.answer()),
      (remote) => remote.slice(0, 1),
    ),
  };
  return self;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe("the connectors at the start", () => {
  test("are listed once per scope, by name only, also when many ask at once", async () => {
    const { listing, calls } = fake("a1", "b2");
    const [first, second] = await Promise.all([
      listing.atStart("s"),
      listing.atStart("s"),
      listing.atStart("t"),
    ]);
    expect(calls).toEqual(["s:names", "t:names"]);
    expect([...first.items]).toEqual([
      ["a", "a1"],
      ["b", "b2"],
    ]);
    expect(second).toBe(first);
  });
  test("stay the same however much time passes", async () => {
    const self = fake("a1");
    await self.listing.atStart("s");
    self.answer = () => Promise.resolve({ items: ["x"], complete: true });
    jest.advanceTimersByTime(3_600_000);
    expect([...(await self.listing.atStart("s")).items.keys()]).toEqual(["a"]);
  });
  test("say whether they are all", async () => {
    const self = fake();
    self.answer = () => Promise.resolve({ items: ["a"], complete: false });
    expect((await self.listing.atStart("s")).complete).toBe(false);
  });
  test("are asked for again after a failure: a failed look-up is never an empty list", async () => {
    const self = fake("a1");
    const { answer } = self;
    self.answer = () => Promise.reject(new ConnectorError("unavailable", "down"));
    await expect(self.listing.atStart("s")).rejects.toThrow("down");
    self.answer = answer;
    expect((await self.listing.atStart("s")).items.size).toBe(1);
  });
});

test("a connector that this deployment deleted was never there for what comes after", async () => {
  const { listing, calls } = fake("a1", "b2");
  listing.removed("s", "a", "s/a");
  await listing.atStart("s");
  listing.removed("s", "b", "s/b");
  await jest.advanceTimersByTimeAsync(0);
  expect([...(await listing.atStart("s")).items.keys()]).toEqual(["a"]);
  expect(await listing.find("s", "b", "s/b")).toBeUndefined();
  expect(calls).toEqual(["s:names"]);
});

test("the connectors now are listed each time", async () => {
  const { listing, calls } = fake("a1");
  await listing.atStart("s");
  await listing.now("s");
  await listing.now("s");
  expect(calls).toEqual(["s:names", "s:names", "s:names"]);
});

describe("one connector", () => {
  test("comes from one list with content, shared by all reads of a scope", async () => {
    const { listing, calls } = fake("a1", "b2");
    const found = await Promise.all([
      listing.find("s", "a", "s/a"),
      listing.find("s", "b", "s/b"),
      listing.find("s", "c", "s/c"),
      listing.find("t", "a", "t/a"),
    ]);
    expect(found).toEqual(["a1", "b2", undefined, "a1"]);
    expect(calls).toEqual(["s:content", "t:content"]);
  });
  test("does not come from the list of the start", async () => {
    const { listing, calls } = fake("a1");
    await listing.atStart("s");
    await listing.find("s", "a", "s/a");
    expect(calls).toEqual(["s:names", "s:content"]);
  });
  test("comes from a new list after a minute", async () => {
    const { listing, calls } = fake("a1");
    await listing.find("s", "a", "s/a");
    jest.advanceTimersByTime(60_000);
    await listing.find("s", "a", "s/a");
    expect(calls).toHaveLength(1);
    jest.advanceTimersByTime(1);
    await listing.find("s", "a", "s/a");
    expect(calls).toHaveLength(2);
  });
  test("comes from no list once it was written, others still do", async () => {
    const { listing, calls } = fake("a1", "b2");
    listing.wrote("s/a");
    expect(await listing.find("s", "a", "s/a")).toBeUndefined();
    expect(calls).toEqual([]);
    expect(await listing.find("s", "b", "s/b")).toBe("b2");
  });
  test("comes from no list that was under way when it was written", async () => {
    const self = fake();
    let answer: (listed: Listed<string>) => void = () => undefined;
    self.answer = () => new Promise((resolve) => (answer = resolve));
    const found = self.listing.find("s", "a", "s/a");
    self.listing.wrote("s/a");
    answer({ items: ["a1"], complete: true });
    expect(await found).toBeUndefined();
  });
  test("is asked for again after a failure", async () => {
    const self = fake("a1");
    const { answer } = self;
    self.answer = () => Promise.reject(new ConnectorError("unavailable", "down"));
    await expect(self.listing.find("s", "a", "s/a")).rejects.toThrow("down");
    self.answer = answer;
    expect(await self.listing.find("s", "a", "s/a")).toBe("a1");
  });
  test("an old list that fails late does not displace a newer one", async () => {
    const self = fake("a1");
    const { answer } = self;
    let fail: (error: Error) => void = () => undefined;
    self.answer = () => new Promise((_, reject) => (fail = reject));
    const old = self.listing.find("s", "a", "s/a").catch(() => "failed");
    jest.advanceTimersByTime(60_001);
    self.answer = answer;
    await self.listing.find("s", "a", "s/a");
    fail(new Error("late"));
    expect(await old).toBe("failed");
    await self.listing.find("s", "a", "s/a");
    expect(self.calls).toHaveLength(2);
  });
});

describe("a list that is too much with its content", () => {
  const tooLarge = new ConnectorError("unexpected_response", "more than 10 bytes", {
    reason: "response_too_large",
  });
  const late = new ConnectorError("timeout", "did not finish");
  test.each([tooLarge, late])("is asked for without it from then on ($message)", async (error) => {
    const self = fake("a1", "b2");
    const { answer } = self;
    self.answer = () => (self.calls.at(-1)!.endsWith("content") ? Promise.reject(error) : answer());
    expect(
      await Promise.all([self.listing.find("s", "a", "s/a"), self.listing.find("s", "b", "s/b")]),
    ).toEqual(["a1", "b2"]);
    jest.advanceTimersByTime(60_001);
    expect(await self.listing.find("s", "b", "s/b")).toBe("b2");
    expect(self.calls).toEqual(["s:content", "s:names", "s:names"]);
  });
  test("fails when it is too much without it too", async () => {
    const self = fake();
    self.answer = () => Promise.reject(late);
    await expect(self.listing.find("s", "a", "s/a")).rejects.toBe(late);
  });
  test.each([
    new ConnectorError("unexpected_response", "a page"),
    new ConnectorError("unauthorized", "no"),
  ])("is not one that failed otherwise ($message)", async (error) => {
    const self = fake();
    self.answer = () => Promise.reject(error);
    await expect(self.listing.find("s", "a", "s/a")).rejects.toBe(error);
    expect(self.calls).toEqual(["s:content"]);
  });
});
