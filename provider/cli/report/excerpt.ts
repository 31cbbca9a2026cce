import { type DefinitionDiagnostic } from "../../definition/file-diagnostic";
import { lineOfSyntaxError, maskedLine } from "./masked-line";
import { type Place } from "../../definition/read/source";
import { printable } from "../terminal/style";
import { columnsOf, shortened, splitAt } from "../terminal/text-width";

/** Part of a line, and the marker to print below it. */
export interface Excerpt {
  readonly text: string;
  readonly marker: string;
}

/**
 * The line of a diagnostic, without its secrets, at most `width` columns wide. `undefined` for an
 * empty line.
 */
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
  } = rule.startsWith("syntax/") ? lineOfSyntaxError(place) : maskedLine(place, secrets);
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

/** The start of a line if it shows the marked part; otherwise a part of the line around it. */
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
  // The leading … takes one column.
  return { text: `…${shortened(rest, width - 1)}`, dropped: columnsOf(gone) - 1 };
}
