/** Property values as messages carry them, written by Pulumi's own library. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Reader } from "../../../provider/pulumi/protocol/reader";
import {
  type Part,
  readStruct,
  type Values,
  writeStruct,
} from "../../../provider/pulumi/protocol/struct";
import { Writer } from "../../../provider/pulumi/protocol/writer";

function read(values: Values, part?: Part): Values {
  const bytes = Struct.fromJavaScript(values as never).serializeBinary();
  return readStruct(new Reader(Buffer.from(bytes)), part);
}

/** As messages carry them in which the keys of maps come in this order. */
function received(values: Values): Values {
  const writer = new Writer();
  writeStruct(writer, values);
  return readStruct(new Reader(writer.finish()));
}

const FLEET = {
  connectors: { a: { name: "A", headers: { Accept: "json" }, list: [1] }, b: { name: "B" } },
  retainOnDelete: ["a"],
  maxDeletes: 3,
};

test("everything is read as it was written", () => {
  const values = { ...FLEET, none: null, yes: true, no: false, half: 0.5, nested: [[], [{}]] };
  expect(read(values)).toEqual(values);
});
test("below the depth that is asked for, maps and lists are empty", () => {
  expect(read(FLEET, { depth: 3 })).toEqual({
    ...FLEET,
    connectors: { a: { name: "A", headers: {}, list: [] }, b: { name: "B" } },
  });
  expect(read(FLEET, { depth: 1 })).toEqual({ connectors: {}, retainOnDelete: [], maxDeletes: 3 });
});
test("a property is left out, and only at the top", () => {
  const values = { name: "A", inner: { name: "B" } };
  expect(read(values, { without: "name" })).toEqual({ inner: { name: "B" } });
});
test("texts that are alike stay apart, in any alphabet and length", () => {
  // In each pair, both have one length, and in the first pair one hash.
  const texts = ["Aa", "BB", "é", "ab", "€", "abc", "\u0000", "", "x".repeat(41), "y".repeat(41)];
  expect(read({ texts: [...texts, ...texts] })).toEqual({ texts: [...texts, ...texts] });
});
test("the same keys are in the same order, however they were sent", () => {
  const one = received({ b: { y: 1, x: [{ d: true, c: null }] }, a: "text" });
  const other = received({ a: "text", b: { x: [{ c: null, d: true }], y: 1 } });
  expect(JSON.stringify(one)).toBe('{"a":"text","b":{"x":[{"c":null,"d":true}],"y":1}}');
  expect(JSON.stringify(other)).toBe(JSON.stringify(one));
});
test("a key may be __proto__", () => {
  const values = Object.fromEntries([["__proto__", { a: 1 }]]);
  expect(received(values)).toEqual(values);
  expect(Object.keys(received(values))).toEqual(["__proto__"]);
});
