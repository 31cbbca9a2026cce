import { type Document, isCollection, isScalar, visit, type YAMLError } from "yaml";
import { type DefinitionDiagnostic, errorAt } from "../file-diagnostic";
import { lineAbove, lineOf, type Place, positionOf, type Source } from "./source";

type SyntaxRule = readonly [rule: string, message: string, hint: string];

export const TOO_DEEP: SyntaxRule = [
  "syntax/too-deep",
  "is nested too deeply to be read",
  "Move inner parts to files of their own with $file",
];
export const NO_ANCHOR: SyntaxRule = [
  "syntax/alias",
  "this alias has no anchor before it",
  "Put a text that starts with * in quotes, or write the anchor (&name) of the alias before it",
];

/** Messages for the parser's codes. Its own messages can quote the file, and so a secret. */
const SYNTAX: Readonly<Partial<Record<string, SyntaxRule>>> = {
  TAB_AS_INDENT: [
    "syntax/tab",
    "this line is indented with a tab, which YAML does not allow",
    "Indent with spaces in the whole file",
  ],
  DUPLICATE_KEY: [
    "syntax/duplicate-key",
    "this key is written twice in one map",
    "Keep one of them",
  ],
  MULTIPLE_DOCS: [
    "syntax/several-documents",
    "a second YAML document starts here",
    "Write one document per file",
  ],
  NON_STRING_KEY: ["syntax/key", "a key must be text", "Write it in quotes"],
  BAD_ALIAS: NO_ANCHOR,
  BAD_INDENT: [
    "syntax/indent",
    "the indentation matches no line above",
    "Align it with the keys or items that it belongs to",
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    "syntax/nested",
    "a map cannot start on the line of another map's key",
    "Put it on its own line, or quote the text",
  ],
  MISSING_CHAR: [
    "syntax/missing-character",
    "a character is missing, such as a colon, a quote or a closing bracket",
    "Close what was opened, and write key: value with a space after the colon",
  ],
  BAD_SCALAR_START: [
    "syntax/quote",
    "a text without quotes cannot start with this character",
    "Put the text in quotes",
  ],
  TAG_RESOLVE_FAILED: ["syntax/tag", "tags (!name) are not supported", "Remove the tag"],
  RESOURCE_EXHAUSTION: TOO_DEEP,
  MULTILINE_IMPLICIT_KEY: [
    "syntax/missing-character",
    "a key must fit on one line, followed by a colon",
    "Write key: value",
  ],
  BAD_DQ_ESCAPE: [
    "syntax/yaml",
    "this is not an escape of a text in double quotes",
    "Write \\\\ for a backslash, or use single quotes",
  ],
  MULTIPLE_ANCHORS: ["syntax/yaml", "a value can have one anchor only", "Remove the others"],
};

/** Errors that say nothing about the lines around them. */
const INDEPENDENT: readonly string[] = [
  "DUPLICATE_KEY",
  "TAG_RESOLVE_FAILED",
  "BAD_ALIAS",
  "NON_STRING_KEY",
];

/**
 * What is wrong with the syntax of a document: each mistake once, without the errors that follow
 * from it.
 */
export function syntaxErrors(
  source: Source,
  document: Document.Parsed,
): readonly DefinitionDiagnostic[] {
  const reported = new Set<number>();
  let hasTab = false;
  return [...document.errors, ...document.warnings].flatMap((error) => {
    const line = lineNumber(source, error.pos[0]);
    const isTab = error.code === "TAB_AS_INDENT";
    const follows = !INDEPENDENT.includes(error.code) && (reported.has(line) || (isTab && hasTab));
    hasTab ||= isTab;
    reported.add(line);
    return follows ? [] : [diagnosticOf(source, document, error)];
  });
}

function lineNumber(source: Source, start: number): number {
  return positionOf({ source, start, end: start }).line;
}

function diagnosticOf(
  source: Source,
  document: Document.Parsed,
  error: YAMLError,
): DefinitionDiagnostic {
  const [start, end] = error.pos;
  const opened = unclosedAt(source, document, error);
  if (opened !== undefined) {
    const what = /["']/.test(source.text[opened] ?? "") ? "quote" : "bracket";
    return errorAt(
      "syntax/missing-character",
      { source, start: opened, end: opened + 1 },
      `this ${what} is not closed`,
      what === "quote" ? "Close it at the end of the text" : "Close it after the last item",
    );
  }
  const place = { source, start, end };
  const [rule, message, hint] = likelyCause(place, document, error) ??
    SYNTAX[error.code] ?? [
      "syntax/yaml",
      `is not valid YAML (${error.code.toLowerCase().replace(/_/g, " ")})`,
      "Compare it with the lines around it",
    ];
  return errorAt(rule, place, message, hint);
}

/**
 * Where the quote or bracket opens that the parser misses the end of. It reports the place where it
 * gave up.
 */
function unclosedAt(
  { text }: Source,
  document: Document.Parsed,
  { code, pos: [at] }: YAMLError,
): number | undefined {
  if (code !== "MISSING_CHAR" && code !== "BAD_INDENT") {
    return undefined;
  }
  const isOpen = (start: number, end: number): boolean =>
    end === start + 1 || text[end - 1] !== CLOSING[text[start] ?? ""];
  return endingAt(document, at)
    .reverse()
    .find(([start, end]) => isOpen(start, end))?.[0];
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", "[": "]", "{": "}" };

/**
 * Ranges of the texts in quotes and the collections in brackets that end at an offset, outer ones
 * first.
 */
function endingAt(document: Document.Parsed, at: number): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  visit(document, {
    Node(_, node) {
      const [start, end] = node.range ?? [];
      const isEnclosed = isScalar(node)
        ? node.type === "QUOTE_SINGLE" || node.type === "QUOTE_DOUBLE"
        : isCollection(node) && node.flow === true;
      if (isEnclosed && start !== undefined && end === at) {
        ranges.push([start, end]);
      }
    },
  });
  return ranges;
}

/** A better rule than that of the parser's code, for mistakes that people often make. */
function likelyCause(
  place: Place,
  document: Document.Parsed,
  { code, pos: [at] }: YAMLError,
): SyntaxRule | undefined {
  const { text } = place.source;
  if (/^ *[^\S \t]/.test(lineOf(place))) {
    return [
      "syntax/indent",
      "this line is indented with a character that only looks like a space, such as a no-break space",
      "Indent with spaces",
    ];
  }
  if (code === "NON_STRING_KEY" && text.slice(at - 1, at + 1) === "{{") {
    return ["syntax/quote", "a text without quotes cannot start with {{", "Put the text in quotes"];
  }
  if (code === "MULTILINE_IMPLICIT_KEY" && /[|>][-+\d]*\s*$/.test(lineAbove(place))) {
    return [
      "syntax/indent",
      "the lines of a text below | or > must be indented more than its key",
      "Indent them",
    ];
  }
  const [quoted] = code === "UNEXPECTED_TOKEN" ? endingAt(document, at) : [];
  if (quoted) {
    const isSingle = text[quoted[0]] === "'";
    return [
      "syntax/yaml",
      "the text in quotes ends before this",
      isSingle
        ? "Write '' for a quote inside single quotes, or use double quotes"
        : 'Write \\" for a quote inside double quotes, or use single quotes',
    ];
  }
  return undefined;
}
