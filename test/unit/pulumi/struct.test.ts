import { Reader } from "../../../provider/pulumi/protocol/reader";
import { readStruct, type Values, writeStruct } from "../../../provider/pulumi/protocol/struct";
import { Writer } from "../../../provider/pulumi/protocol/writer";

function received(values: Values): Values {
  const writer = new Writer();
  writeStruct(writer, values);
  return readStruct(new Reader(writer.finish()));
}

describe("values of the engine", () => {
  test("have the same keys in the same order, however they were sent", () => {
    const one = received({ b: { y: 1, x: [{ d: true, c: null }] }, a: "text" });
    const other = received({ a: "text", b: { x: [{ c: null, d: true }], y: 1 } });
    expect(JSON.stringify(one)).toBe('{"a":"text","b":{"x":[{"c":null,"d":true}],"y":1}}');
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });
  test("may have a key __proto__", () => {
    const values = Object.fromEntries([["__proto__", { a: 1 }]]);
    expect(received(values)).toEqual(values);
    expect(Object.keys(received(values))).toEqual(["__proto__"]);
  });
});
