import { Help } from "commander";

/**
 * Most columns of a line for people: what every terminal has, and what logs of pipelines show
 * without wrapping.
 */
export const WIDTH = 80;

/** Characters of two columns. Ambiguous ones have one, as in most terminals. */
const WIDE =
  /^(?![\uff61-\uffdc])[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;
/** Characters that are not drawn, or drawn over the one before. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const graphemes = new Intl.Segmenter();

/**
 * The pieces that are segmented one by one: for a text as a whole, the time grows with the square of
 * its length. They end before ASCII, which continues no character; a run of 1,000 others without any
 * is cut where it is.
 */
const PIECE = /[^]{100,1000}?(?=[\u0020-\u007e])|[^]{1,1000}/gu;

/** Most texts: ASCII, with our own arrows and ellipses. One column per character. */
const PLAIN = /^[\u0020-\u007e→…]*$/;

/** How many columns of a terminal a text takes. The text must not hold control characters. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) {
    return text.length;
  }
  let columns = 0;
  for (const [, width] of charactersOf(text)) {
    columns += width;
  }
  return columns;
}

/**
 * Characters as people count them, with their columns: a letter with its accents, an emoji of
 * several parts. One after the other, because a line of a file can have millions.
 */
function* charactersOf(text: string): Iterable<readonly [character: string, columns: number]> {
  if (PLAIN.test(text)) {
    for (const character of text) {
      yield [character, 1];
    }
    return;
  }
  for (const [piece] of text.matchAll(PIECE)) {
    for (const { segment } of graphemes.segment(piece)) {
      yield [segment, ZERO_WIDTH.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1];
    }
  }
}

/**
 * A text in two parts: as much as fits into so many columns, and the rest. Never splits a
 * character.
 */
export function splitAt(text: string, columns: number): readonly [head: string, rest: string] {
  let taken = 0;
  let length = 0;
  for (const [character, width] of charactersOf(text)) {
    taken += width;
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
  let piece = "";
  let taken = 0;
  for (const [character, width] of charactersOf(text)) {
    if (taken + width > Math.max(2, columns)) {
      pieces.push(piece);
      [piece, taken] = ["", 0];
    }
    piece += character;
    taken += width;
  }
  return [...pieces, piece];
}

/** A text that ends in `…` where it takes more than so many columns. */
export function shortened(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${splitAt(text, columns - 1)[0]}…`;
}

/** A word, or a command or placeholder that should stay on one line. */
const WORD = /(?:`[^`]*`|\{\{[^{}]*\}\}|\S)+/g;
/** Replaces the spaces of a word while text is wrapped. */
const INNER_SPACE = "\ue000";

const layout = Object.assign(new Help(), { displayWidth: columnsOf, minWidthToWrap: 1 });

/**
 * Wraps a text into indented lines. A word that is longer than a line is not split, so that it can
 * be copied.
 */
export function wrapped(text: string, indent = 0, width = WIDTH): string[] {
  const room = width - indent;
  const paragraphs = text.split("\n").map((paragraph) => paragraph.match(WORD) ?? []);
  return paragraphs
    .filter((words) => words.length > 0)
    .flatMap((words) => {
      const joined = words.map((word) =>
        columnsOf(word) > room ? word : word.replaceAll(" ", INNER_SPACE),
      );
      return layout.boxWrap(joined.join(" "), room).split("\n");
    })
    .map((line) => `${" ".repeat(indent)}${line.replaceAll(INNER_SPACE, " ")}`);
}
