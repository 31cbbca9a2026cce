import { nodeAt, valueOf } from "../../../provider/definition/read/node";
import { overlay } from "../../../provider/definition/read/overlay";
import { parse } from "../../../provider/definition/read/parse";

const laid = (base: string, over: string) =>
  overlay(
    parse({ path: "a.yaml", text: base }).node!,
    parse({ path: "a.prod.yaml", text: over }).node!,
  );

describe("an overlay", () => {
  test.each<[string, string, string, unknown]>([
    [
      "1: maps merge key by key, at every depth",
      "a: {x: 1, y: {p: 1, q: 2}}",
      "a: {y: {q: 3}}",
      { a: { x: 1, y: { p: 1, q: 3 } } },
    ],
    [
      "2: lists, texts and numbers replace as a whole",
      "a: [1, 2]\nb: x\nc: 1",
      "a: [3]\nb: y\nc: 2",
      { a: [3], b: "y", c: 2 },
    ],
    [
      "2: so does a map what is none, and the other way round",
      "a: 1\nb: {x: 1}",
      "a: {x: 1}\nb: 1",
      { a: { x: 1 }, b: 1 },
    ],
    ["3: null takes a key away", "a: {x: 1, y: 2}\nb: 1", "a: {x: null}\nb:", { a: { y: 2 } }],
    ["3: also one that is not there", "a: 1", "b: null", { a: 1 }],
    [
      "4: what only the overlay has is added",
      "a: {x: 1}",
      "a: {z: 1}\nc: 2",
      { a: { x: 1, z: 1 }, c: 2 },
    ],
  ])("%s", (_, base, over, expected) => expect(valueOf(laid(base, over))).toEqual(expected));
  test("every part keeps its place", () => {
    const node = laid("a: {x: 1, y: 2}", "a: {y: 3}");
    expect(["x", "y"].map((key) => nodeAt(node, ["a", key])!.place.source.path)).toEqual([
      "a.yaml",
      "a.prod.yaml",
    ]);
  });
});
