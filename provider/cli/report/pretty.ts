import { sentence, where } from "../../definition/finding";
import { type Place, positionOf } from "../../definition/source";
import { type Verdict } from "../../definition/validate";
import { counted } from "../../diagnostics";
import { type Style } from "../style";
import { excerpt } from "./findings";

/** Columns that a line may take, gutter included. */
const WIDTH = 80;

/** For people: each finding with its line, and a summary. */
export function prettyReport({ findings, definitions, secrets }: Verdict, style: Style): string {
  return `${findingsText(findings, secrets, style)}${findings.length > 0 ? "\n" : ""}${summary(findings, definitions, style)}\n`;
}

/** Each finding with its line. */
export function findingsText(findings: Verdict["findings"], secrets: readonly Place[], style: Style): string {
  const parts = findings.map((finding) => {
    const colour = finding.severity === "error" ? "red" : "yellow";
    const head = `${style("bold", where(finding))}  ${style(colour, finding.severity)}  ${style("dim", finding.rule)}`;
    const number = finding.place ? String(positionOf(finding.place).line) : "";
    const gutter = " ".repeat(number.length);
    const shown = excerpt(finding, secrets, WIDTH - number.length - 5);
    const lines = shown ? [`  ${style("dim", `${number} |`)} ${shown.text}`, `  ${style("dim", `${gutter} |`)} ${style(colour, shown.marker)}`] : [];
    return [head, ...lines, ...wrapped(sentence(finding))].join("\n");
  });
  return parts.map((part) => `${part}\n`).join("\n");
}

function summary(findings: Verdict["findings"], definitions: number, style: Style): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const judged = `${counted(definitions, "connector")} checked`;
  if (findings.length === 0) return `${style("green", "No faults.")} ${judged}.`;
  const counts = [...(errors > 0 ? [style("red", counted(errors, "error"))] : []), ...(warnings > 0 ? [style("yellow", counted(warnings, "warning"))] : [])];
  return `${counts.join(", ")}. ${judged}.`;
}

/** Words in lines of at most 80 columns, indented by two. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}
