import { type DefinitionDiagnostic, formatMessage, formatLocation } from "../../definition/diagnostic";
import { type Place, positionOf } from "../../definition/read/source";
import { type ValidationResult } from "../../definition/validate/validate";
import { counted } from "../../diagnostics";
import { printable, type Style } from "../terminal/style";
import { columnsOf, WIDTH, wrapped } from "../terminal/text-width";
import { excerpt } from "./excerpt";

/** For people: each finding with its line, and a summary. */
export function prettyReport({ findings, definitions, secrets }: ValidationResult, style: Style): string {
  return `${diagnosticsText(findings, secrets, style)}${findings.length > 0 ? "\n" : ""}${summary(findings, definitions, style)}\n`;
}

/** Each finding with its line. */
export function diagnosticsText(
  findings: ValidationResult["findings"],
  secrets: readonly Place[],
  style: Style,
): string {
  const parts = findings.map((finding) =>
    [...head(finding, style), ...source(finding, secrets, style), ...advice(finding)].join("\n"),
  );
  return parts.map((part) => `${part}\n`).join("\n");
}

/** On one line, unless the file's path is long: it stays whole, so that a terminal or an editor can open it. */
function head(finding: DefinitionDiagnostic, style: Style): string[] {
  const { severity, rule } = finding;
  const place = printable(formatLocation(finding));
  const kind = `${style(colourOf(finding), severity)}  ${style("dim", rule)}`;
  return columnsOf(`${place}  ${severity}  ${rule}`) <= WIDTH
    ? [`${style("bold", place)}  ${kind}`]
    : [style("bold", place), `  ${kind}`];
}

function source(finding: DefinitionDiagnostic, secrets: readonly Place[], style: Style): string[] {
  const number = finding.place ? String(positionOf(finding.place).line) : "";
  const shown = excerpt(finding, secrets, WIDTH - number.length - 5);
  if (shown === undefined) {
    return [];
  }
  const gutter = " ".repeat(number.length);
  return [
    `  ${style("dim", `${number} |`)} ${shown.text}`,
    `  ${style("dim", `${gutter} |`)} ${style(colourOf(finding), shown.marker)}`,
  ];
}

/** What is wrong and how to mend it: on one line, or each on its own. */
function advice(finding: DefinitionDiagnostic): string[] {
  const all = formatMessage(finding);
  const fault = formatMessage({ ...finding, hint: undefined });
  const onOne = linesOf(all);
  return onOne.length === 1
    ? onOne
    : [...linesOf(fault), ...linesOf(all.slice(fault.length).trimStart())];
}

function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => wrapped(printable(line), 2));
}

function colourOf({ severity }: DefinitionDiagnostic): "red" | "magenta" {
  return severity === "error" ? "red" : "magenta";
}

function summary(findings: ValidationResult["findings"], definitions: number, style: Style): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const judged = `${counted(definitions, "connector")} checked`;
  if (findings.length === 0) {
    return `${style("green", "No faults.")} ${judged}.`;
  }
  const counts = [
    ...(errors > 0 ? [style("red", counted(errors, "error"))] : []),
    ...(warnings > 0 ? [style("magenta", counted(warnings, "warning"))] : []),
  ];
  return `${counts.join(", ")}. ${judged}.`;
}
