import { escapedJson } from "../../json";
import { type PlannedChange } from "../../lifecycle/planned";
import { printable } from "../terminal/style";
import { type DiffLine, lineDiff } from "./line-diff";

/** How many lines around a change are shown. */
const CONTEXT = 3;

/**
 * A change of a text of several lines, line by line, as it can be printed. A number stands for so
 * many unchanged lines. `undefined` for other values.
 */
export function changedLines({
  secret,
  before = "",
  after = "",
}: PlannedChange): readonly (DiffLine | number)[] | undefined {
  if (secret || typeof before !== "string" || typeof after !== "string") {
    return undefined;
  }
  if (![before, after].some((text) => /\n[^]/.test(text))) {
    return undefined;
  }
  const saysEnd = before !== "" && after !== "" && before.endsWith("\n") !== after.endsWith("\n");
  return folded(lineDiff(linesOf(before), linesOf(after))).map((line) =>
    typeof line === "number" ? line : { ...line, text: shownLine(line, saysEnd) },
  );
}

/** With their line ends. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** As JSON where the text alone would not show what differs, such as a space at its end. */
function shownLine({ sign, text }: DiffLine, saysEnd: boolean): string {
  const content = text.replace(/\n$/, "");
  const isPlain = printable(content) === content && !/\s$/.test(content);
  const end = saysEnd && sign !== " " && !text.endsWith("\n") ? " (no line end)" : "";
  return `${isPlain ? content : escapedJson(content)}${end}`;
}

/** Leaves out what is far from every change. */
function folded(lines: readonly DiffLine[]): (DiffLine | number)[] {
  const isNear = lines.map(() => false);
  lines.forEach(({ sign }, index) => {
    if (sign !== " ") {
      isNear.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
    }
  });
  const shown: (DiffLine | number)[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (isNear[index] === true) {
      shown.push(line);
    } else if (typeof last === "number") {
      shown[shown.length - 1] = last + 1;
    } else {
      shown.push(1);
    }
  }
  return shown;
}
