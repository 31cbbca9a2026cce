import { distance } from "fastest-levenshtein";

/**
 * A problem in a definition: what is wrong, where, and how to fix it. Diagnostics are collected,
 * never thrown.
 */
export interface Diagnostic {
  /** An `error` rejects the definition; a `warning` is printed and the deployment continues. */
  readonly severity: "error" | "warning";
  /** Id of the broken rule, as in docs/rules.md, for example `property/required`. */
  readonly rule: string;
  /**
   * Full property path, for example `headers.Authorization` or
   * `configuration.reporting.reportTypes[0].id`.
   */
  readonly path: string;
  /** What is wrong. Never contains the value. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}

/** Builds a diagnostic that rejects the definition. */
export function errorDiagnostic(
  rule: string,
  path: string,
  message: string,
  hint?: string,
): Diagnostic {
  return { severity: "error", rule, path, message, ...(hint !== undefined && { hint }) };
}

/** Builds a diagnostic that is printed and rejects nothing. */
export function warningDiagnostic(
  rule: string,
  path: string,
  message: string,
  hint?: string,
): Diagnostic {
  return { ...errorDiagnostic(rule, path, message, hint), severity: "warning" };
}

/** Formats a diagnostic as one line: `headers.Accept: must be text. Write it in quotes.` */
export function formatDiagnostic({
  path,
  message,
  hint,
}: Pick<Diagnostic, "path" | "message" | "hint">): string {
  const where = path === "" ? "" : `${path}: `;
  return `${where}${message}.${hint === undefined ? "" : ` ${hint}${hint.endsWith("?") ? "" : "."}`}`;
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a, b`, or, when there are more than `most`, `a, b and 20 more`. */
export function listed(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;

/** Joins the parts of a property path as Pulumi prints them: `a.b[0]["odd key"]`. */
export function joinPath(...parts: readonly (string | number)[]): string {
  return parts.reduce<string>((path, part) => {
    if (typeof part === "number") {
      return `${path}[${part}]`;
    }
    if (!PLAIN_KEY.test(part)) {
      return `${path}[${JSON.stringify(part)}]`;
    }
    return path === "" ? part : `${path}.${part}`;
  }, "");
}

/** Appends a relative property path to the path `at`. */
export function pathBelow(at: string, path: string): string {
  return at === "" || path === "" || path.startsWith("[") ? `${at}${path}` : `${at}.${path}`;
}

const STEP = /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g;

/** Splits a property path into its parts; the inverse of {@link joinPath}. */
export function splitPath(path: string): (string | number)[] {
  return [...path.matchAll(STEP)].map(([, index, quoted, plain]) =>
    index === undefined ? (quoted === undefined ? (plain ?? "") : unquoted(quoted)) : Number(index),
  );
}

function unquoted(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

/** The candidate closest to the word, or `undefined` if none is close. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const lower = word.toLowerCase().replace(/[_-]/g, "");
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const steps = distance(lower, candidate.toLowerCase());
    if (steps < bestDistance) {
      [best, bestDistance] = [candidate, steps];
    }
  }
  return best;
}
