import {
  type DefinitionDiagnostic,
  formatMessage,
  formatLocation,
} from "../../definition/file-diagnostic";
import { type Place, positionOf } from "../../definition/read/source";
import { type ValidationResult } from "../../definition/validate/validate";
import { counted } from "../../diagnostics";
import { forPeople, printable, type Style, styleFor } from "../terminal/style";
import { columnsOf, WIDTH, wrapped } from "../terminal/text-width";
import { excerpt } from "./excerpt";

/** For people: each diagnostic with its line, and a summary. */
export function prettyReport(
  { diagnostics, definitions, secrets }: ValidationResult,
  style: Style,
): string {
  return `${diagnosticsText(diagnostics, secrets, style)}${diagnostics.length > 0 ? "\n" : ""}${summary(diagnostics, definitions, style)}\n`;
}

/** Prints diagnostics on standard error. */
export function printDiagnostics(
  diagnostics: ValidationResult["diagnostics"],
  secrets: readonly Place[],
  stream: NodeJS.WriteStream = process.stderr,
): void {
  const text = diagnosticsText(diagnostics, secrets, styleFor(stream));
  stream.write(`${forPeople(text, stream)}\n`);
}

/** Each diagnostic with its line. */
export function diagnosticsText(
  diagnostics: ValidationResult["diagnostics"],
  secrets: readonly Place[],
  style: Style,
): string {
  const parts = diagnostics.map((diagnostic) =>
    [...head(diagnostic, style), ...source(diagnostic, secrets, style), ...advice(diagnostic)].join(
      "\n",
    ),
  );
  return parts.map((part) => `${part}\n`).join("\n");
}

/**
 * On one line, unless the path is long: it is never split, so that a terminal or an editor can open
 * it.
 */
function head(diagnostic: DefinitionDiagnostic, style: Style): string[] {
  const { severity, rule } = diagnostic;
  const place = printable(formatLocation(diagnostic));
  const kind = `${style(colourOf(diagnostic), severity)}  ${rule}`;
  return columnsOf(`${place}  ${severity}  ${rule}`) <= WIDTH
    ? [`${style("bold", place)}  ${kind}`]
    : [style("bold", place), `  ${kind}`];
}

function source(
  diagnostic: DefinitionDiagnostic,
  secrets: readonly Place[],
  style: Style,
): string[] {
  const number = diagnostic.place ? String(positionOf(diagnostic.place).line) : "";
  const shown = excerpt(diagnostic, secrets, WIDTH - number.length - 5);
  if (shown === undefined) {
    return [];
  }
  const gutter = " ".repeat(number.length);
  return [
    `  ${style("dim", `${number} |`)} ${shown.text}`,
    `  ${style("dim", `${gutter} |`)} ${style(colourOf(diagnostic), shown.marker)}`,
  ];
}

/** The message and the hint: on one line, or each on its own lines. */
function advice(diagnostic: DefinitionDiagnostic): string[] {
  const all = formatMessage(diagnostic);
  const message = formatMessage({ ...diagnostic, hint: undefined });
  const onOne = linesOf(all);
  return onOne.length === 1
    ? onOne
    : [...linesOf(message), ...linesOf(all.slice(message.length).trimStart())];
}

function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => wrapped(printable(line), 2));
}

function colourOf({ severity }: DefinitionDiagnostic): "red" | "magenta" {
  return severity === "error" ? "red" : "magenta";
}

function summary(
  diagnostics: ValidationResult["diagnostics"],
  definitions: number,
  style: Style,
): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const checked = `${counted(definitions, "connector")} checked`;
  if (diagnostics.length === 0) {
    return `${style("green", "No problems.")} ${checked}.`;
  }
  const counts = [
    ...(errors > 0 ? [style("red", counted(errors, "error"))] : []),
    ...(warnings > 0 ? [style("magenta", counted(warnings, "warning"))] : []),
  ];
  return `${counts.join(", ")}. ${checked}.`;
}
