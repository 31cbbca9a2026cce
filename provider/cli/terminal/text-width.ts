/** Columns that a line for people takes at most: what a terminal has at least, and what logs of pipelines show whole. */
export const WIDTH = 80;

/** Characters that take two columns. What is ambiguous takes one, as in most terminals. */
const WIDE =
  /^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;
const HALF = /^[\uff61-\uffdc]$/;
/** Characters that are drawn over the one before, or not at all. */
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** How many columns of a terminal a text takes. It must hold no control characters. */
export function columnsOf(text: string): number {
  // Most texts are plain.
  if (/^[\u0020-\u007e]*$/.test(text)) {
    return text.length;
  }
  let columns = 0;
  for (const character of text) {
    columns += columnsOfCharacter(character);
  }
  return columns;
}

function columnsOfCharacter(character: string): 0 | 1 | 2 {
  if (NONE.test(character)) {
    return 0;
  }
  return WIDE.test(character) && !HALF.test(character) ? 2 : 1;
}

/** A text cut in two: as much as fits into so many columns, and the rest. A character is never cut. */
export function splitAt(text: string, columns: number): readonly [head: string, rest: string] {
  let taken = 0;
  let length = 0;
  for (const character of text) {
    taken += columnsOfCharacter(character);
    if (taken > columns) {
      break;
    }
    length += character.length;
  }
  return [text.slice(0, length), text.slice(length)];
}

/** A text in pieces of so many columns each. */
export function chopped(text: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  do {
    const [head, more] = splitAt(rest, Math.max(2, columns));
    pieces.push(head);
    rest = more;
  } while (rest !== "");
  return pieces;
}

/** A text that ends in `…` where it takes more than so many columns. */
export function shortened(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${splitAt(text, columns - 1)[0]}…`;
}

/** What stays on one line where it can: a command or a placeholder. */
const TOGETHER = /(?:`[^`]*`|\{\{[^{}]*\}\}|\S)+/g;

/** Lines of words, indented. A word that is longer than a line stays whole, so that it can be copied. */
export function wrapped(text: string, indent = 0, width = WIDTH): string[] {
  const room = width - indent;
  return text.split("\n").flatMap((paragraph) => {
    const words = (paragraph.match(TOGETHER) ?? []).flatMap((word) =>
      columnsOf(word) > room ? word.split(/\s+/) : [word],
    );
    const lines: string[] = [];
    for (const word of words) {
      const longer = `${lines.at(-1) ?? ""} ${word}`;
      if (lines.length > 0 && columnsOf(longer) <= room) {
        lines[lines.length - 1] = longer;
      } else {
        lines.push(word);
      }
    }
    return lines.map((line) => `${" ".repeat(indent)}${line}`);
  });
}
