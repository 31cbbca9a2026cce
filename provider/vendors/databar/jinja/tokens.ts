/** One token of a template, by the names of jinja2's lexer. */
export interface Token {
  readonly kind: TokenKind;
  /** Text between the tags, a name, an operator, the value of a text, or the digits of a number. */
  readonly text: string;
  /** Where it starts in the text that {@link tokensOf} reads. */
  readonly at: number;
}

export type TokenKind =
  | "data"
  | "outputBegin"
  | "outputEnd"
  | "tagBegin"
  | "tagEnd"
  | "name"
  | "string"
  | "integer"
  | "float"
  | "operator"
  | "end";

/** What is wrong with a template. The message never quotes it. */
export class TemplateFault extends Error {
  constructor(
    message: string,
    /** Where that shows in the template as {@link tokensOf} reads it. */
    readonly at: number,
  ) {
    super(message);
    this.name = "TemplateFault";
  }
}

const OPENING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

const RAW_BEGIN = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y;
const RAW_END = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g;
const COMMENT_END = /\+#\}|-#\}\s*|#\}/g;
const TAG_END = /\+%\}|-%\}\s*|%\}/y;
const OUTPUT_END = /-\}\}\s*|\}\}/y;
const SPACE = /\s+/y;
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const STRING = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+*/%~[\](){}><=.:|,;]/y;

/** A template as jinja2 reads it: line ends are `\n`, and the last one is dropped. */
export function normalizeSource(template: string): string {
  return template.replace(/\r\n|\r/g, "\n").replace(/\n$/, "");
}

/** Splits a normalized template into tokens. Throws {@link TemplateFault}. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const start = tagStart(source, at);
    const strips = source[start + 2] === "-";
    const text = source.slice(at, start);
    const data = strips ? text.trimEnd() : text;
    if (data !== "") {
      tokens.push({ kind: "data", text: data, at });
    }
    if (start === source.length) {
      break;
    }
    at = readTag(source, start, tokens);
  }
  tokens.push({ kind: "end", text: "", at: source.length });
  return tokens;
}

function tagStart(source: string, from: number): number {
  const start = source.slice(from).search(/\{[{%#]/);
  return start === -1 ? source.length : from + start;
}

/** Reads what starts at `start`: a comment, a raw block, an output or a tag. Returns its end. */
function readTag(source: string, start: number, tokens: Token[]): number {
  const kind = source[start + 1];
  if (kind === "#") {
    return endOf(COMMENT_END, source, start + 2, "a comment ({# … #}) is not closed", start);
  }
  if (kind === "{") {
    const from = start + (source[start + 2] === "-" ? 3 : 2);
    tokens.push({ kind: "outputBegin", text: "", at: start });
    return readCode(source, start, from, true, tokens);
  }
  const raw = matchAt(RAW_BEGIN, source, start);
  if (raw !== undefined) {
    return readRaw(source, start, start + raw.length, tokens);
  }
  const from = start + (/[-+]/.test(source[start + 2] ?? "") ? 3 : 2);
  tokens.push({ kind: "tagBegin", text: "", at: start });
  return readCode(source, start, from, false, tokens);
}

function readRaw(source: string, start: number, from: number, tokens: Token[]): number {
  const end = endOf(RAW_END, source, from, "a raw block is not closed", start);
  RAW_END.lastIndex = from;
  const closing = RAW_END.exec(source);
  const text = source.slice(from, closing?.index);
  const data = closing?.[1] === "-" ? text.trimEnd() : text;
  if (data !== "") {
    tokens.push({ kind: "data", text: data, at: from });
  }
  return end;
}

function endOf(pattern: RegExp, source: string, from: number, fault: string, at: number): number {
  pattern.lastIndex = from;
  const found = pattern.exec(source);
  if (!found) {
    throw new TemplateFault(fault, at);
  }
  return found.index + found[0].length;
}

/** Reads the tokens of an output or a tag up to its end. */
function readCode(
  source: string,
  start: number,
  from: number,
  isOutput: boolean,
  tokens: Token[],
): number {
  const open: string[] = [];
  let at = from;
  while (at < source.length) {
    const end =
      open.length === 0 ? matchAt(isOutput ? OUTPUT_END : TAG_END, source, at) : undefined;
    if (end !== undefined) {
      tokens.push({ kind: isOutput ? "outputEnd" : "tagEnd", text: "", at });
      return at + end.length;
    }
    const space = matchAt(SPACE, source, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const [token, length] = codeToken(source, at);
    balance(token, open);
    tokens.push(token);
    at += length;
  }
  throw new TemplateFault(
    isOutput ? "an expression ({{ … }}) is not closed" : "a statement ({% … %}) is not closed",
    start,
  );
}

const LITERALS: readonly (readonly [TokenKind, RegExp])[] = [
  ["float", FLOAT],
  ["integer", INTEGER],
  ["name", NAME],
  ["string", STRING],
  ["operator", OPERATOR],
];

function codeToken(source: string, at: number): readonly [Token, number] {
  for (const [kind, pattern] of LITERALS) {
    const text = matchAt(pattern, source, at);
    if (text !== undefined) {
      return [{ kind, text: kind === "string" ? unescape(text) : text, at }, text.length];
    }
  }
  throw new TemplateFault(
    /["']/.test(source[at] ?? "")
      ? "a text in an expression is not closed"
      : "an expression holds a character that Jinja does not know",
    at,
  );
}

function balance({ kind, text, at }: Token, open: string[]): void {
  if (kind !== "operator") {
    return;
  }
  const closing = OPENING[text];
  if (closing !== undefined) {
    open.push(closing);
  } else if (/^[})\]]$/.test(text) && open.pop() !== text) {
    throw new TemplateFault("a bracket is closed that was not opened", at);
  }
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\u0007",
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** The value of a text in quotes, with Python's escapes. */
function unescape(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(
      /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{1,3})|([^]))/gi,
      (
        whole: string,
        x?: string,
        u?: string,
        long?: string,
        octal?: string,
        character?: string,
      ) => {
        const hex = x ?? u ?? long;
        if (hex !== undefined) {
          return String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff));
        }
        return octal === undefined
          ? (ESCAPES[character ?? ""] ?? whole)
          : String.fromCodePoint(parseInt(octal, 8));
      },
    );
}
