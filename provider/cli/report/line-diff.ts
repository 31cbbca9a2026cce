/** A line of two texts: in both, only in the first, or only in the second. */
export interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** Texts with more pairs of lines between their first and last difference are not matched. */
const MAX_PAIRS = 4_000_000;

/** The lines of both texts in one order, with as many in common as possible. */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  const start = lengthInCommon(before, after);
  const rests = [before, after].map((lines) => lines.slice(start).reverse());
  const end = lengthInCommon(rests[0] ?? [], rests[1] ?? []);
  const signed = (sign: DiffLine["sign"], lines: readonly string[]): DiffLine[] =>
    lines.map((text) => ({ sign, text }));
  const removed = before.slice(start, before.length - end);
  const added = after.slice(start, after.length - end);
  return [
    ...signed(" ", after.slice(0, start)),
    ...(removed.length * added.length > MAX_PAIRS
      ? [...signed("-", removed), ...signed("+", added)]
      : matched(removed, added)),
    ...signed(" ", after.slice(after.length - end)),
  ];
}

/** By the longest common subsequence. */
function matched(before: readonly string[], after: readonly string[]): DiffLine[] {
  const width = after.length + 1;
  /** At `row * width + column`: how many lines the rests from there have in common. */
  const common = new Uint32Array((before.length + 1) * width);
  const commonAt = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      common[row * width + column] =
        before[row] === after[column]
          ? commonAt(row + 1, column + 1) + 1
          : Math.max(commonAt(row + 1, column), commonAt(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  for (let row = 0, column = 0; row < before.length || column < after.length;) {
    const [old, text] = [before[row], after[column]];
    if (old !== undefined && old === text) {
      lines.push({ sign: " ", text });
      row += 1;
      column += 1;
    } else if (
      old !== undefined &&
      (text === undefined || commonAt(row + 1, column) >= commonAt(row, column + 1))
    ) {
      lines.push({ sign: "-", text: old });
      row += 1;
    } else {
      lines.push({ sign: "+", text: text ?? "" });
      column += 1;
    }
  }
  return lines;
}

/** How many characters, or lines, two texts have in common at their start. */
export function lengthInCommon(
  one: string | readonly string[],
  other: string | readonly string[],
): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) {
    length += 1;
  }
  return length;
}
