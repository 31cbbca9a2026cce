import { asMessage, Message, type Part } from "../../message";
import { formsOf } from "./encodings";

const REDACTED: Part = { text: "[redacted]", isOwn: true };

/**
 * A shorter beginning or end of a secret reveals little, and to redact it would redact ordinary
 * words.
 */
const SHORTEST_PART = 8;

/**
 * A shorter string is redacted as a whole word only, because it may be a part of ordinary words.
 */
const SHORTEST_ANYWHERE = 6;

/**
 * A scheme word precedes a credential, unless it is part of a sentence: `Bearer token required`.
 */
const BEARER =
  /\b(Bearer)(\s+)(?!(?:tokens?|auth|authentication|authorization|scheme|credentials?|header|realm)(?![\w.~+/=-]))[\w.~+/=-]+/gi;
const CREDENTIAL_HEADER =
  /\b(x-api-?key|(?:proxy-)?authorization)(\\*["']?\s*[:=]\s*\\*["']?)(?:(?:Bearer|Basic|Token)\s+)?[^\s"'\\,;}\]]+/gi;

type Span = readonly [start: number, end: number];

/** Redacts what came from outside: in a message that part, a string as a whole. */
export type Redact = (text: string | Message) => Message;

/**
 * Redacts the given strings (see {@link redactValues}) and what follows `Bearer`, `x-apikey:` or
 * `authorization:`.
 */
export function redact(text: string, sensitive: Iterable<string>): string {
  return String(redactor(sensitive)(text));
}

/**
 * {@link redact} for many texts. Reads the strings at the first text, because most callers have
 * none.
 */
export function redactor(...sensitive: readonly Iterable<string>[]): Redact {
  let forms: string[] | undefined;
  return (text) => {
    const plain = String(text);
    forms ??= allForms(sensitive.flatMap((each) => [...each]));
    return withoutSpans(asMessage(text), [...spansOf(plain, forms), ...credentialSpans(plain)]);
  };
}

/**
 * Redacts the given strings, in any form in which a server repeats them (see {@link formsOf}). Also
 * redacts a string of which the text holds the beginning or the end only. Ignores empty strings.
 * For messages in which `headers.Authorization: …` is a property and what is wrong with it.
 *
 * Redact before shortening a text, not after.
 */
export function redactValues(text: string | Message, sensitive: Iterable<string>): Message {
  return withoutSpans(asMessage(text), spansOf(String(text), allForms(sensitive)));
}

/** The credentials behind a scheme word or the name of a header. */
function credentialSpans(text: string): Span[] {
  return [CREDENTIAL_HEADER, BEARER].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: whole, 1: name = "", 2: between = "" }): Span => [
      index + name.length + between.length,
      index + whole.length,
    ]),
  );
}

function allForms(sensitive: Iterable<string>): string[] {
  return [...new Set([...sensitive].flatMap((value) => formsOf(value)))];
}

function occurrences(text: string, form: string): Span[] {
  const spans: Span[] = [];
  const probe = form.slice(0, SHORTEST_PART);
  for (let at = text.indexOf(probe); at !== -1; at = text.indexOf(probe, at + 1)) {
    const end = at + commonLength(text, at, form);
    const isFound = end - at === form.length || isCutOff(text, end, at + SHORTEST_PART);
    if (isFound && (form.length >= SHORTEST_ANYWHERE || isWord(text, at, end))) {
      spans.push([at, end]);
    }
  }
  return spans;
}

/** Whether neither neighbor of a span is a letter, a digit or `_`. */
function isWord(text: string, start: number, end: number): boolean {
  return !/[\p{L}\p{N}_]/u.test(`${text[start - 1] ?? ""}${text[end] ?? ""}`);
}

function commonLength(text: string, start: number, form: string): number {
  let length = 0;
  while (length < form.length && text[start + length] === form[length]) {
    length++;
  }
  return length;
}

/**
 * Whether a beginning ends with the text or at an ellipsis, whose first dots may be part of the
 * beginning.
 */
function isCutOff(text: string, end: number, least: number): boolean {
  const ellipsis =
    text.startsWith("…", end) ||
    [0, 1, 2, 3].some((dots) => end - dots >= least && text.startsWith("...", end - dots));
  return end === text.length || ellipsis;
}

/**
 * Where the end of a string may stand without its beginning: at the text's start, and after an
 * ellipsis.
 */
function cutStarts(text: string): number[] {
  return [
    0,
    ...[...text.matchAll(/…|\.{3,}/g)].map((ellipsis) => ellipsis.index + ellipsis[0].length),
  ];
}

/** The ends of a form that stand at `starts`. */
function tails(text: string, form: string, starts: readonly number[]): Span[] {
  if (form.length <= SHORTEST_PART || !text.includes(form.slice(-SHORTEST_PART))) {
    return [];
  }
  return starts
    .map((start): Span => [start, start + tailLength(text, start, form)])
    .filter(([start, end]) => end > start);
}

/** How long the longest end of `form` is that stands at `start`; 0 when none does. */
function tailLength(text: string, start: number, form: string): number {
  const probe = text.slice(start, start + SHORTEST_PART);
  for (
    let at = form.indexOf(probe);
    at !== -1 && form.length - at >= SHORTEST_PART;
    at = form.indexOf(probe, at + 1)
  ) {
    if (text.startsWith(form.slice(at), start)) {
      return form.length - at;
    }
  }
  return 0;
}

/** Where forms stand, whole, or cut off at an end of the text. */
function spansOf(text: string, forms: readonly string[]): Span[] {
  const starts = cutStarts(text);
  return forms.flatMap((form) => [...occurrences(text, form), ...tails(text, form, starts)]);
}

/**
 * Redacts overlapping spans as one, so that no part of either remains. A span that lies in our own
 * words is no secret.
 */
function withoutSpans(message: Message, spans: readonly Span[]): Message {
  const outside = outsideOf(message);
  const found = spans
    .filter(([start, end]) => outside.some(([from, to]) => from < end && start < to))
    .sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const parts: Part[] = [];
  let from = 0;
  for (const [start, end] of found) {
    if (start >= from) {
      parts.push(...slice(message, from, start), REDACTED);
    }
    from = Math.max(from, end);
  }
  return new Message([...parts, ...slice(message, from, Infinity)]);
}

/** The ranges of a message that came from outside. */
function outsideOf({ parts }: Message): Span[] {
  let at = 0;
  return parts.flatMap(({ text, isOwn }): Span[] => {
    const start = at;
    at += text.length;
    return isOwn ? [] : [[start, at]];
  });
}

function slice({ parts }: Message, from: number, to: number): Part[] {
  let at = 0;
  return parts
    .map(({ text, isOwn }) => {
      const start = at;
      at += text.length;
      return { text: text.slice(Math.max(0, from - start), Math.max(0, to - start)), isOwn };
    })
    .filter(({ text }) => text !== "");
}
