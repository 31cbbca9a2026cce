import { type DefinitionDiagnostic } from "../../definition/diagnostic";
import { printableLine, unreadLine } from "./masked-line";
import { type Place } from "../../definition/read/source";
import { printable } from "../terminal/style";
import { columnsOf, shortened, splitAt } from "../terminal/text-width";

/** A piece of a line, and below it a marker of what is meant. */
export interface Excerpt {
  readonly text: string;
  readonly marker: string;
}

/** The line that a diagnostic is about, without its secrets, at most so many columns wide. Undefined where there is nothing to see. */
export function excerpt(
  { place, rule }: DefinitionDiagnostic,
  secrets: readonly Place[],
  width: number,
): Excerpt | undefined {
  if (place === undefined) {
    return undefined;
  }
  const {
    text: line,
    start,
    end,
  } = rule.startsWith("syntax/") ? unreadLine(place) : printableLine(place, secrets);
  if (line.trim() === "") {
    return undefined;
  }
  // A tab would shift the marker.
  const shown = printable(line.replaceAll("\t", " ")).trimEnd();
  const lead = columnsOf(shown.slice(0, start));
  const size = Math.max(1, columnsOf(shown.slice(start, end)));
  const { text, dropped } = windowOf(shown, lead, size, width);
  const at = Math.min(lead - dropped, width - 1);
  return {
    text,
    marker: `${" ".repeat(at)}${"^".repeat(Math.max(1, Math.min(size, columnsOf(text) - at)))}`,
  };
}

/** A line from its beginning where the marked part can be seen so; else from a little before that part. */
function windowOf(
  line: string,
  lead: number,
  size: number,
  width: number,
): { readonly text: string; readonly dropped: number } {
  const whole = columnsOf(line);
  if (whole <= width || lead + size < width) {
    return { text: shortened(line, width), dropped: 0 };
  }
  const from = Math.max(0, Math.min(lead - Math.floor(width / 4), whole - width));
  if (from === 0) {
    return { text: shortened(line, width), dropped: 0 };
  }
  const [gone, rest] = splitAt(line, from + 1);
  // The sign that something is missing takes a column of its own.
  return { text: `…${shortened(rest, width - 1)}`, dropped: columnsOf(gone) - 1 };
}
