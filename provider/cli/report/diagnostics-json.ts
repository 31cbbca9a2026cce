import { type DefinitionDiagnostic } from "../../definition/file-diagnostic";
import { positionOf } from "../../definition/read/source";
import { escapedJson } from "../../json";
import { type ValidationResult } from "../../definition/validate/validate";

/** A diagnostic for pipelines. Lines and columns count from 1; 0 means the file as a whole. */
export interface DiagnosticRecord {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: "error" | "warning";
  /** Property path within the file, for example `connectors.awin.properties.name`. Can be empty. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** A diagnostic, for pipelines. */
export function recordOf({
  file,
  place,
  rule,
  severity,
  path,
  message,
  hint = "",
}: DefinitionDiagnostic): DiagnosticRecord {
  const { line, column } = place ? positionOf(place) : { line: 0, column: 0 };
  return { file, line, column, rule, severity, path, message, hint };
}

/** `{"diagnostics": [...]}`. */
export function jsonReport({ diagnostics }: ValidationResult): string {
  return `${escapedJson({ diagnostics: diagnostics.map(recordOf) }, 2)}\n`;
}
