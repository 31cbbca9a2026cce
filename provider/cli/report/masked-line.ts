import { lineOf, type Place, positionOf } from "../../definition/read/source";

/** Replaces a secret in a printed line. Its length says nothing about the secret. */
const MASK = "••••••••";

/** A line without its secrets. */
export interface MaskedLine {
  readonly text: string;
  /** Start of the place in `text`, from 0. */
  readonly start: number;
  /** End of the place, at most that of the line. */
  readonly end: number;
}

/** The line that a place starts in, with its secrets masked. */
export function maskedLine(place: Place, secrets: readonly Place[]): MaskedLine {
  const { column } = positionOf(place);
  const line = lineOf(place);
  const from = place.start - column + 1;
  const hidden = secrets
    .filter(
      ({ source, start, end }) =>
        source === place.source && start < from + line.length && end > from,
    )
    .map(({ start, end }): [number, number] => [
      Math.max(0, start - from),
      Math.min(line.length, end - from),
    ])
    .sort(([one], [other]) => one - other);
  let text = "";
  let at = 0;
  const [first, last] = [column - 1, Math.min(line.length, place.end - from)];
  let [start, stop] = [first, last];
  for (const [begin, end] of hidden) {
    if (begin < at) {
      continue;
    }
    text += line.slice(at, begin) + MASK;
    if (end <= first) {
      start += MASK.length - (end - begin);
    } else if (begin < first) {
      start = text.length - MASK.length;
    }
    if (end <= last) {
      stop += MASK.length - (end - begin);
    } else if (begin < last) {
      stop = text.length;
    }
    at = end;
  }
  return { text: text + line.slice(at), start: Math.max(0, start), end: stop };
}

/** The key of a line, with the rest masked: in a file that could not be parsed, any text may be secret. */
export function keyOfLine(place: Place): MaskedLine {
  const line = lineOf(place);
  const [, indent = "", key = "", others = ""] =
    /^(\s*(?:[-?]\s+)*)((?:"[\w.$-]*"|'[\w.$-]*'|[\w.$-]+)\s*:(?=\s|$))?(.*)$/s.exec(line) ?? [];
  const text = `${indent}${key}${others.trim() === "" ? "" : ` ${MASK}`}`;
  const start = Math.min(positionOf(place).column - 1, Math.max(0, text.length - 1));
  return { text, start, end: Math.min(text.length, start + place.end - place.start) };
}
