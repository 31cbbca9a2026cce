import { type Diagnostic, formatDiagnostic, joinPath, splitPath } from "../diagnostics";
import { type Place, positionOf } from "./read/source";

/** A fault in a definition file: a diagnostic with the rule that found it, and its place. */
export interface DefinitionDiagnostic extends Diagnostic {
  /** Id of a rule of docs/rules.md, for example `syntax/duplicate-key`. */
  readonly rule: string;
  /** Absent when the fault is the file's as a whole, or that there is none. */
  readonly place?: Place;
  /** The file, as people know it. */
  readonly file: string;
}

/** An error at a place. */
export function errorAt(
  rule: string,
  place: Place,
  message: string,
  hint?: string,
  path = "",
): DefinitionDiagnostic {
  return {
    severity: "error",
    rule,
    place,
    file: place.source.path,
    path,
    message,
    ...(hint !== undefined && { hint }),
  };
}

/** An error of a file as a whole. */
export function errorInFile(rule: string, file: string, message: string, hint?: string): DefinitionDiagnostic {
  return { severity: "error", rule, file, path: "", message, ...(hint !== undefined && { hint }) };
}

/** `file:line:column` of a finding, as far as it has one. */
export function formatLocation({ file, place }: DefinitionDiagnostic): string {
  if (place === undefined) {
    return file;
  }
  const { line, column } = positionOf(place);
  return `${file}:${line}:${column}`;
}

/** `headers.Accept: must be text. Write it in quotes.` */
export function formatMessage({ message, hint, path }: DefinitionDiagnostic): string {
  const [connectors, , properties, ...rest] = splitPath(path);
  const property =
    connectors === "connectors" && properties === "properties" ? joinPath(...rest) : "";
  return formatDiagnostic({
    severity: "error",
    path: property,
    message,
    ...(hint !== undefined && { hint }),
  });
}

/** Two findings of the same identity say the same. */
export function identityOf(finding: DefinitionDiagnostic): string {
  return JSON.stringify([
    finding.rule,
    finding.file,
    start(finding),
    finding.path,
    finding.message,
  ]);
}

function start({ place }: DefinitionDiagnostic): number {
  return place?.start ?? -1;
}

/** Findings in the order of files and lines, each once. */
export function sortedUnique(findings: readonly DefinitionDiagnostic[]): DefinitionDiagnostic[] {
  const unique = new Map(findings.map((finding) => [identityOf(finding), finding]));
  return [...unique.values()].sort((one, other) =>
    one.file < other.file ? -1 : one.file > other.file ? 1 : start(one) - start(other),
  );
}
