import {
  decode,
  encode,
  inEnvelope,
  isEnvelope,
  isUnknownSentinel,
  openEnvelopes,
} from "../../../provider/pulumi/provider/envelopes";
import { Unknown } from "../../../provider/model/unknown";

/** The engine's texts for values that are not known yet, by the kind of value. */
const SENTINELS = {
  any: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  boolean: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  text: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  list: "030794c1-ac77-496b-92df-f27374a8bd58",
  asset: "e48ece36-62e2-4504-bad9-02848725956a",
  archive: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};
const secret = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("values that are not known yet", () => {
  test.each(Object.entries(SENTINELS))("the sentinel of %s is one", (_, sentinel) => {
    expect(isUnknownSentinel(sentinel)).toBe(true);
    expect(decode({ a: sentinel })["a"]).toEqual(new Unknown(sentinel));
    expect(decode({ a: sentinel })["a"]).toBeInstanceOf(Unknown);
  });
  test.each(["", "04da6b54-80e4-46f7-96ec-b56ff0331ba8", `x${SENTINELS.any}`, undefined, 5])(
    "%j is none",
    (value) => expect(isUnknownSentinel(value)).toBe(false),
  );
  test("are found at any depth, and handed back as they came", () => {
    const props = {
      a: SENTINELS.text,
      b: { c: [1, SENTINELS.list, { d: SENTINELS.number }] },
      e: "known",
    };
    const decoded = decode(props);
    expect(decoded["b"]).toEqual({
      c: [1, new Unknown(SENTINELS.list), { d: new Unknown(SENTINELS.number) }],
    });
    expect(encode(decoded, [])).toEqual(props);
  });
});

describe("decode", () => {
  test("leaves the provider's text out", () =>
    expect(decode({ __provider: "text", a: 1 })).toEqual({ a: 1 }));
  test("leaves plain values as they are", () => {
    const values = { a: null, b: true, c: 1.5, d: ["x", { e: "y" }] };
    expect(decode(values)).toEqual(values);
  });
  test("a key like an inherited property is an ordinary one", () =>
    expect(
      Object.keys(
        decode(JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, unknown>),
      ),
    ).toEqual(["__proto__", "constructor"]));
});

describe("encode", () => {
  test("drops undefined values, and keeps null", () =>
    expect(encode({ a: undefined, b: null, c: { d: undefined } }, [])).toStrictEqual({
      b: null,
      c: {},
    }));
  test("an undefined item of a list is null: the others keep their places", () =>
    expect(encode({ a: [1, undefined, 2] }, [])).toEqual({ a: [1, null, 2] }));

  describe("puts a secret value into its envelope", () => {
    test("key by key, not the map around it", () => {
      expect(
        encode({ headers: { Authorization: "k", Accept: "json" } }, [["headers", "Authorization"]]),
      ).toEqual({ headers: { Authorization: secret("k"), Accept: "json" } });
    });
    test("a whole property", () =>
      expect(encode({ url: "u", a: 1 }, [["url"]])).toEqual({ url: secret("u"), a: 1 }));
    test("a list or a map as a whole", () => {
      expect(encode({ h: { Cookie: ["a", "b"] }, m: { x: 1 } }, [["h", "Cookie"], ["m"]])).toEqual({
        h: { Cookie: secret(["a", "b"]) },
        m: secret({ x: 1 }),
      });
    });
    test("inside a list, the item alone", () => {
      expect(encode({ list: ["a", { token: "t" }] }, [["list", 1, "token"]])).toEqual({
        list: ["a", { token: secret("t") }],
      });
    });
    test("several of them", () =>
      expect(
        encode({ s: { a: "1", b: "2", c: "3" } }, [
          ["s", "a"],
          ["s", "c"],
        ]),
      ).toEqual({ s: { a: secret("1"), b: "2", c: secret("3") } }));
    test("once, however often it is asked for", () => {
      expect(
        encode({ s: { a: "1" } }, [
          ["s", "a"],
          ["s", "a"],
        ]),
      ).toEqual({ s: { a: secret("1") } });
      expect(encode({ s: { a: "1" } }, [["s"], ["s", "a"], ["s"]])).toEqual({
        s: secret({ a: "1" }),
      });
    });
    test("not where there is none", () =>
      expect(
        encode({ a: "text", l: ["x"] }, [["missing"], ["a", "b"], ["l", 5], ["toString"]]),
      ).toEqual({ a: "text", l: ["x"] }));
  });
});

describe("openEnvelopes", () => {
  test("takes values out of their envelopes, at any depth and one in another", () => {
    const values = { a: secret({ b: secret("x"), c: ["y", secret(null)] }), d: { e: secret([1]) } };
    expect(openEnvelopes(values)).toEqual({ a: { b: "x", c: ["y", null] }, d: { e: [1] } });
  });
  test("is what was put in", () => {
    const value = { a: "b" };
    expect([
      isEnvelope(inEnvelope(value)),
      isEnvelope(value),
      openEnvelopes(inEnvelope(inEnvelope(value))),
    ]).toEqual([true, false, value]);
  });
});
