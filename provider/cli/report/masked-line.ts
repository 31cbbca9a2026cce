import { lineOf, type Place, positionOf } from "../../definition/read/source";
import { looksLikeCredential, textCredentials } from "../../model/credential-detection";
import { VENDOR_NAMES, VENDORS } from "../../vendors/index";

/** Replaces a secret in a printed line. Its length says nothing about the secret. */
const MASK = "••••••••";

const SCALARS: readonly string[] = ["text", "integer", "choice"];

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
  const hidden = merged(
    secrets
      .filter(
        ({ source, start, end }) =>
          source === place.source && start < from + line.length && end > from,
      )
      .map(({ start, end }): [number, number] => [
        Math.max(0, start - from),
        Math.min(line.length, end - from),
      ])
      .sort(([one], [other]) => one - other),
  );
  let text = "";
  let at = 0;
  const [first, last] = [column - 1, Math.min(line.length, place.end - from)];
  let [start, stop] = [first, last];
  for (const [begin, end] of hidden) {
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
  const rest = line.slice(at);
  // What follows a secret as a comment may be the rest of it.
  const shown = hidden.length > 0 && /^\s*#/.test(rest) ? ` # ${MASK}` : rest;
  const whole = text + shown;
  return { text: whole, start: Math.max(0, start), end: Math.min(stop, whole.length) };
}

/** Sorted spans, with those that overlap as one. */
function merged(spans: readonly [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [start, end] of spans) {
    const last = result.at(-1);
    if (last && start < last[1]) {
      last[1] = Math.max(last[1], end);
    } else {
      result.push([start, end]);
    }
  }
  return result;
}

/**
 * The line of a syntax error. In a file that could not be parsed, any value may be secret: only the
 * line's key is shown, unless the value is one of a property that holds no secrets.
 */
export function lineOfSyntaxError(place: Place): MaskedLine {
  const line = lineOf(place);
  const column = positionOf(place).column - 1;
  if (isHarmless(place)) {
    return { text: line, start: column, end: Math.min(line.length, column + length(place)) };
  }
  const [, indent = "", key = "", others = ""] =
    /^(\s*(?:[-?]\s+)*)((?:"[\w.$-]*"|'[\w.$-]*'|[\w.$-]+)\s*:(?=\s|$))?(.*)$/s.exec(line) ?? [];
  const text = `${indent}${key}${others.trim() === "" ? "" : ` ${MASK}`}`;
  const start = Math.min(column, Math.max(0, text.length - 1));
  return { text, start, end: Math.min(text.length, start + length(place)) };
}

function length({ start, end }: Place): number {
  return end - start;
}

/** Properties of connectors that hold no secrets. */
const HARMLESS = new Set(
  VENDOR_NAMES.flatMap((name) => VENDORS[name].table.fields)
    .filter(({ kind, secret }) => secret === undefined && SCALARS.includes(kind))
    .map(({ name }) => name),
);

/** A key of a block map, and its value. */
const ENTRY = /^( *)(["']?)([\w.$-]+)\2\s*:(?:\s+(.*))?$/s;

/**
 * Whether a line is that of a property without secrets: directly below `connectors`, a name and
 * `properties`, each with a larger indentation, and not below a key that has no value, whose value
 * it might be.
 */
function isHarmless(place: Place): boolean {
  const [, indent = "", , key = "", value = ""] = ENTRY.exec(lineOf(place)) ?? [];
  if (looksLikeCredential(value.replace(/^["']/, "")) || textCredentials(value).length > 0) {
    return false;
  }
  const lines = place.source.text
    .slice(0, place.start)
    .split(/\r?\n/)
    .slice(0, -1)
    .filter((line) => !/^\s*(#.*)?$/.test(line));
  const parents = parentsOf(lines, indent.length);
  const [root, , properties] = parents;
  return key === "type"
    ? root === "connectors" && parents.length === 2
    : HARMLESS.has(key) &&
        root === "connectors" &&
        properties === "properties" &&
        parents.length === 3;
}

/**
 * The keys that a line is below; none if a line above it may be one, or if a key without a value
 * may go on in it.
 */
function parentsOf(lines: readonly string[], indent: number): readonly string[] {
  const parents: string[] = [];
  let [within, below] = [indent, indent];
  for (const line of [...lines].reverse()) {
    const [, , , key, value = ""] = ENTRY.exec(line) ?? [];
    const depth = line.length - line.trimStart().length;
    const opens = key !== undefined && /^([|>]\S*)?\s*$/.test(value);
    if (opens && below <= depth) {
      return [];
    }
    if (depth < within) {
      if (key === undefined || value.trim() !== "") {
        return [];
      }
      parents.unshift(key);
      within = depth;
    }
    below = depth;
  }
  return parents;
}
