import { type Diagnostic } from "../diagnostics";
import { type Place, positionOf } from "./source";

/** A fault in a definition file: a diagnostic with the rule that found it, and its place. */
export interface Finding extends Diagnostic {
  /** Id of a rule of docs/rules.md, for example `syntax/duplicate-key`. */
  readonly rule: string;
  /** Absent when the fault is the file's as a whole, or that there is none. */
  readonly place?: Place;
  /** The file, as people know it. */
  readonly file: string;
}

/** An error at a place. */
export function findingAt(rule: string, place: Place, message: string, hint?: string, path = ""): Finding {
  return { severity: "error", rule, place, file: place.source.path, path, message, ...(hint !== undefined && { hint }) };
}

/** An error of a file as a whole. */
export function findingIn(rule: string, file: string, message: string, hint?: string): Finding {
  return { severity: "error", rule, file, path: "", message, ...(hint !== undefined && { hint }) };
}

/** `file:line:column` of a finding, as far as it has one. */
export function where({ file, place }: Finding): string {
  if (place === undefined) return file;
  const { line, column } = positionOf(place);
  return `${file}:${line}:${column}`;
}
