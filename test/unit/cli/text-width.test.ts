import { chopped, columnsOf, shortened, splitAt } from "../../../provider/cli/terminal/text-width";

const FAMILY = "👩‍👩‍👧";

describe("texts that are longer than what is segmented at once", () => {
  const word = "naïve 日本 ";
  const columnsOfWord = 11;
  const long = word.repeat(1_000);

  test("take the columns of their parts", () => {
    expect(columnsOf(word)).toBe(columnsOfWord);
    expect(columnsOf(long)).toBe(columnsOfWord * 1_000);
    expect(columnsOf(`${"é".repeat(2_500)}${FAMILY}`)).toBe(2_502);
  });

  test.each([0, 1, 99, 100, 101, 102, 999])("keep a character after %i letters whole", (count) => {
    const before = `é${"x".repeat(count)}`;
    const text = `${before}${FAMILY}${long}`;

    expect(columnsOf(text)).toBe(count + 3 + columnsOfWord * 1_000);
    expect(splitAt(text, count + 3)).toEqual([`${before}${FAMILY}`, long]);
    expect(splitAt(text, count + 2)[0]).toBe(before);
    expect(shortened(text, count + 4)).toBe(`${before}${FAMILY}…`);
  });

  test("are whole again from their pieces", () => {
    const pieces = chopped(long, 80);

    expect(pieces.join("")).toBe(long);
    expect(Math.max(...pieces.map(columnsOf))).toBeLessThanOrEqual(80);
  });
});
