/** Property values as messages carry them, written by Pulumi's own library. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Reader } from "../../../provider/pulumi/protocol/reader";
import { type Part, readStruct, type Values } from "../../../provider/pulumi/protocol/struct";

function read(values: Values, part?: Part): Values {
  const bytes = Struct.fromJavaScript(values as never).serializeBinary();
  return readStruct(new Reader(Buffer.from(bytes)), part);
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
