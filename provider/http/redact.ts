import { formsOf } from "./redact-forms";

const MARK = "[redacted]";

/** A beginning shorter than this says too little to be worth hiding, and would hide ordinary words. */
const SHORTEST_BEGINNING = 8;

/** After a scheme word comes a credential, unless the sentence goes on: `Bearer token required`. */
const BEARER = /\b(Bearer)(\s+)(?!(?:tokens?|auth|authentication|authorization|scheme|credentials?|header|realm)(?![\w.~+/=-]))[\w.~+/=-]+/gi;
const CREDENTIAL_HEADER = /\b(x-api-?key|(?:proxy-)?authorization)(\\*["']?\s*[:=]\s*\\*["']?)(?:(?:Bearer|Basic|Token)\s+)?[^\s"'\\,;}\]]+/gi;

type Span = readonly [start: number, end: number];

/**
 * A text without the given strings (see {@link redactValues}) and without anything that follows `Bearer`, `x-apikey:`
 * or `authorization:`: for texts of others.
 */
export function redact(text: string, sensitive: Iterable<string>): string {
  return redactValues(text, sensitive).replace(CREDENTIAL_HEADER, `$1$2${MARK}`).replace(BEARER, `$1$2${MARK}`);
}

/**
 * A text without the given strings, as they are or in any form in which a server echoes them (see {@link formsOf}). A
 * string that the text cuts off, at its end or by an ellipsis, is taken out too. Empty strings are ignored. For texts
 * of our own, in which `headers.Authorization: …` is a property and what is wrong with it.
 *
 * Redact before shortening a text, not after.
 */
export function redactValues(text: string, sensitive: Iterable<string>): string {
  const forms = new Set([...sensitive].flatMap((value) => formsOf(value)));
  const spans = [...forms].flatMap((form) => occurrences(text, form));
  return cutOut(text, spans);
}

function occurrences(text: string, form: string): Span[] {
  const spans: Span[] = [];
  const probe = form.slice(0, SHORTEST_BEGINNING);
  for (let at = text.indexOf(probe); at !== -1; at = text.indexOf(probe, at + 1)) {
    const end = at + commonLength(text, at, form);
    if (end - at === form.length || isCutOff(text, end)) {
      spans.push([at, end]);
    }
  }
  return spans;
}

function commonLength(text: string, start: number, form: string): number {
  let length = 0;
  while (length < form.length && text[start + length] === form[length]) {
    length++;
  }
  return length;
}

function isCutOff(text: string, end: number): boolean {
  return end === text.length || text.startsWith("…", end) || text.startsWith("...", end);
}

/** Overlapping spans are cut out together: neither may leave the rest of the other. */
function cutOut(text: string, spans: readonly Span[]): string {
  let result = "";
  let from = 0;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start >= from) {
      result += text.slice(from, start) + MARK;
    }
    from = Math.max(from, end);
  }
  return result + text.slice(from);
}
