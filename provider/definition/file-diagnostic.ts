import {
  type Diagnostic,
  errorDiagnostic,
  formatDiagnostic,
  joinPath,
  splitPath,
  warningDiagnostic,
} from "../diagnostics";
import { type Place, positionOf } from "./read/source";

/** A diagnostic of a definition file. */
export interface DefinitionDiagnostic extends Diagnostic {
  /** The file, as shown to people. */
  readonly file: string;
  /** Absent when the diagnostic is about the file as a whole, or about a missing file. */
  readonly place?: Place;
}

/** An error at a place. */
export function errorAt(
  rule: string,
  place: Place,
  message: string,
  hint?: string,
  path = "",
): DefinitionDiagnostic {
  return placed(errorDiagnostic(rule, path, message, hint), place);
}

/** A warning at a place. */
export function warningAt(
  rule: string,
  place: Place,
  message: string,
  hint?: string,
  path = "",
): DefinitionDiagnostic {
  return placed(warningDiagnostic(rule, path, message, hint), place);
}

function placed(diagnostic: Diagnostic, place: Place): DefinitionDiagnostic {
  return { ...diagnostic, place, file: place.source.path };
}

/** An error of a file as a whole. */
export function errorInFile(
  rule: string,
  file: string,
  message: string,
  hint?: string,
): DefinitionDiagnostic {
  return { ...errorDiagnostic(rule, "", message, hint), file };
}

/** `file:line:column`, or `file` where there is no place. */
export function formatLocation({ file, place }: DefinitionDiagnostic): string {
  if (place === undefined) {
    return file;
  }
  const { line, column } = positionOf(place);
  return `${file}:${line}:${column}`;
}

/**
 * `headers.Accept: must be text. Write it in quotes.` The path is that of the property, without its
 * connector.
 */
export function formatMessage({ message, hint, path }: DefinitionDiagnostic): string {
  const [connectors, , properties, ...rest] = splitPath(path);
  const property =
    connectors === "connectors" && properties === "properties" ? joinPath(...rest) : "";
  return formatDiagnostic({ path: property, message, ...(hint !== undefined && { hint }) });
}

/** Equal for two diagnostics that say the same. */
export function identityOf({ rule, file, place, path, message }: DefinitionDiagnostic): string {
  return JSON.stringify([rule, file, startOf(place), path, message]);
}

function startOf(place: Place | undefined): number {
  return place?.start ?? -1;
}

/** Diagnostics in the order of files and lines, each once. */
export function sortedUnique(diagnostics: readonly DefinitionDiagnostic[]): DefinitionDiagnostic[] {
  const unique = new Map(diagnostics.map((each) => [identityOf(each), each]));
  return [...unique.values()].sort((one, other) =>
    one.file < other.file
      ? -1
      : one.file > other.file
        ? 1
        : startOf(one.place) - startOf(other.place),
  );
}

/** Definitions cannot be planned or exported. The diagnostics, if any, are the reason. */
export class DefinitionError extends Error {
  /** @param secrets places in the files that must not be printed. */
  constructor(
    message: string,
    readonly diagnostics: readonly DefinitionDiagnostic[] = [],
    readonly secrets: readonly Place[] = [],
  ) {
    super(message);
    this.name = "DefinitionError";
  }
}
