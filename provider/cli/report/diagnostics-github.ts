import { type DefinitionDiagnostic, formatMessage } from "../../definition/file-diagnostic";
import { type ValidationResult } from "../../definition/validate/validate";
import { printable } from "../terminal/style";
import { recordOf } from "./diagnostics-json";

/** Annotations of a pull request, as GitHub Actions reads them from standard output. */
export function githubReport({ diagnostics }: ValidationResult): string {
  const property = (text: string): string =>
    data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const line = (diagnostic: DefinitionDiagnostic): string => {
    const { file, line: at, column, rule, severity } = recordOf(diagnostic);
    const where = at === 0 ? "" : `,line=${at},col=${column}`;
    return `::${severity} file=${property(file)}${where},title=${property(rule)}::${data(formatMessage(diagnostic))}\n`;
  };
  return diagnostics.map(line).join("");
}

function data(text: string): string {
  return text
    .split(/\r?\n/)
    .map(printable)
    .join("\n")
    .replaceAll("%", "%25")
    .replaceAll("\n", "%0A");
}
