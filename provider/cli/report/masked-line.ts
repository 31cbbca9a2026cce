import { lineOf, type Place, positionOf } from "../../definition/read/source";

/** What stands in a printed line for a secret, whatever its length. */
const MASK = "••••••••";

/** A line, fit to be printed. */
export interface PrintableLine {
  readonly text: string;
  /** Where the place begins in it, from 0. */
  readonly start: number;
  /** Where it ends, or the line does. */
  readonly end: number;
}

/** The line that a place begins in, without the secrets on it. */
export function printableLine(place: Place, secrets: readonly Place[]): PrintableLine {
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

/** Of a file that could not be read, any text may be secret: of a line, its key alone is shown. */
export function unreadLine(place: Place): PrintableLine {
  const line = lineOf(place);
  const [, indent = "", key = "", others = ""] =
    /^(\s*(?:[-?]\s+)*)((?:"[\w.$-]*"|'[\w.$-]*'|[\w.$-]+)\s*:(?=\s|$))?(.*)$/s.exec(line) ?? [];
  const text = `${indent}${key}${others.trim() === "" ? "" : ` ${MASK}`}`;
  const start = Math.min(positionOf(place).column - 1, Math.max(0, text.length - 1));
  return { text, start, end: Math.min(text.length, start + place.end - place.start) };
}
