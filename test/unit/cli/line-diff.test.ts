/** A diff of lines holds both texts, and no line twice that both have in order. */
import fc from "fast-check";
import { lineDiff } from "../../../provider/cli/report/line-diff";

const texts = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });

test("without the added lines it is the first text, without the removed ones the second", () =>
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const lines = lineDiff(before, after);
      const without = (sign: "-" | "+"): string[] =>
        lines.filter((line) => line.sign !== sign).map(({ text }) => text);
      expect(without("+")).toEqual(before);
      expect(without("-")).toEqual(after);
    }),
  ));
test("a line that was inserted is the only one that is added", () =>
  fc.assert(
    fc.property(texts, fc.nat(12), (before, at) => {
      const after = [...before.slice(0, at), "new", ...before.slice(at)];
      expect(lineDiff(before, after).filter(({ sign }) => sign !== " ")).toEqual([
        { sign: "+", text: "new" },
      ]);
    }),
  ));
test("texts that are too long to match are removed and added as a whole", () => {
  const long = (letter: string): string[] => Array.from({ length: 2_500 }, () => letter);
  const lines = lineDiff(["same", ...long("a")], ["same", ...long("b")]);
  expect(lines).toHaveLength(5_001);
  expect(lines.slice(0, 2)).toEqual([
    { sign: " ", text: "same" },
    { sign: "-", text: "a" },
  ]);
});
