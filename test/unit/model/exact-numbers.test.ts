/** Rule 16: a number that cannot be kept exactly is never written back rounded. */
import { ExactNumber, isKeptExactly, parseExact, stringifyExact } from "../../../provider/json";
import { mergeDocument, projectDocument, readLeaves } from "../../../provider/model/document";
import { matches } from "../../../provider/model/equivalence";

const DIGITS = "12345678901234567890";
const same = (leaf: string): string => leaf;

test.each([
  `{"a":${DIGITS}}`,
  `[-${DIGITS}.5,1e400,0.12345678901234567890,9007199254740993,1]`,
  "[1E+21,1e18,9007199254740992,-1000000000000000000]",
  `{"text \\"${DIGITS}\\\\":"${DIGITS}","__proto__":${DIGITS}}`,
  `{"a":"${"x".repeat(20)}","b":[{"c":null,"d":true}]}`,
])("%s is read and written with every digit", (text) =>
  expect(stringifyExact(parseExact(text))).toBe(text),
);

test.each(["1", "-0", "0.1", "1.50", "1e5", "1E+15", "123456789012345", "9007199254740991"])(
  "%s is kept",
  (literal) => {
    expect(isKeptExactly(literal)).toBe(true);
    expect(parseExact(literal)).toBe(Number(literal));
  },
);

test("a text that is not JSON is refused with any numbers", () => {
  expect(() => parseExact(`[0${DIGITS}]`)).toThrow(SyntaxError);
  expect(() => parseExact(`{"a":${DIGITS}`)).toThrow(SyntaxError);
});

test("the program sees its digits as text", () => {
  const document = parseExact(`{"a":${DIGITS}}`) as { a: ExactNumber };
  expect(readLeaves(document, same)).toEqual({ a: DIGITS });
  expect(projectDocument({ a: 1 }, document, same, same)).toEqual({ a: DIGITS });
  expect(projectDocument({ a: DIGITS }, document, same, same)).toEqual({ a: DIGITS });
  expect(JSON.stringify(document)).toBe(`{"a":"${DIGITS}"}`);
});

test("a number counts as its text digit by digit", () => {
  expect(matches(DIGITS, new ExactNumber(DIGITS))).toBe(true);
  expect(matches("12345678901234567891", new ExactNumber(DIGITS))).toBe(false);
});

test("a document goes out with the number as it came, where the program means it or does not manage it", () => {
  const actual = parseExact(`{"ours":${DIGITS},"theirs":${DIGITS}}`) as Record<string, ExactNumber>;
  const merged = mergeDocument({ ours: DIGITS, more: 1 }, { ours: DIGITS }, actual, same);
  expect(stringifyExact(merged)).toBe(`{"ours":${DIGITS},"more":1,"theirs":${DIGITS}}`);
});
