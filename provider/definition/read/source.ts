/** The text of a file. */
export interface Source {
  /** As shown to people: relative to their folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A range of a source, in UTF-16 units from its start. `end` is exclusive. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A position as editors count: from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LINE_END = /\r\n|\n|\r/g;
const starts = new WeakMap<Source, readonly number[]>();

/** The start of a place. */
export function positionOf({ source, start }: Place): Position {
  const lines = lineStarts(source);
  const line = lineAt(lines, start);
  return { line: line + 1, column: start - (lines[line] ?? 0) + 1 };
}

/** The line that a place starts in, without its line end. */
export function lineOf({ source, start }: Place): string {
  const lines = lineStarts(source);
  const line = lineAt(lines, start);
  return source.text.slice(lines[line], lines[line + 1]).replace(/[\r\n]+$/, "");
}

/** The line above that; empty for the first line. */
export function lineAbove({ source, start }: Place): string {
  const line = lineAt(lineStarts(source), start);
  return line === 0 ? "" : lineOf({ source, start: lineStarts(source)[line - 1] ?? 0, end: start });
}

function lineStarts(source: Source): readonly number[] {
  let lines = starts.get(source);
  if (!lines) {
    lines = [0, ...[...source.text.matchAll(LINE_END)].map((end) => end.index + end[0].length)];
    starts.set(source, lines);
  }
  return lines;
}

/** Index of the last line that starts at or before an offset. */
function lineAt(lines: readonly number[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] ?? 0) <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
