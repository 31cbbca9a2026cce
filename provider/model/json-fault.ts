/** Where a text stops being JSON. */
export interface JsonFault {
  /** Index of the first character that cannot follow. */
  readonly at: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Why a body is not the JSON that its header promises, with the place; `undefined` if it is. */
export function jsonFault(body: string): JsonFault | undefined {
  try {
    JSON.parse(body);
    return undefined;
  } catch {
    const at = firstFault(body);
    const before = body.slice(0, at).split("\n");
    return { at, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}

/** The texts of JSON, its literals and its brackets. */
const TOKEN =
  /\s*(?:"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)|[[\]{},:])/y;

/** Where a text stops being JSON. `JSON.parse` does not always say, and quotes the text. */
function firstFault(text: string): number {
  const open: string[] = [];
  let expects: Expected = "value";
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0].trim();
    const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    const next: Expected | undefined =
      token === undefined ? undefined : follow(token, expects, open);
    if (next === undefined) {
      return start;
    }
    expects = next;
    at = TOKEN.lastIndex;
  }
}

type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "next";

/** What follows a token, or `undefined` where the token may not stand. */
function follow(token: string, expects: Expected, open: string[]): Expected | undefined {
  switch (expects) {
    case "colon":
      return token === ":" ? "value" : undefined;
    case "key":
      return token.startsWith('"') ? "colon" : undefined;
    case "keyOrEnd":
      return token.startsWith('"') ? "colon" : closing(token, "}", open);
    case "value":
      return opening(token, open);
    case "valueOrEnd":
      return opening(token, open) ?? closing(token, "]", open);
    case "next":
      return token === "," ? separating(open) : closing(token, open.at(-1), open);
  }
}

function separating(open: readonly string[]): Expected | undefined {
  const bracket = open.at(-1);
  return bracket === undefined ? undefined : bracket === "}" ? "key" : "value";
}

function opening(token: string, open: string[]): Expected | undefined {
  if (token === "{" || token === "[") {
    open.push(token === "{" ? "}" : "]");
    return token === "{" ? "keyOrEnd" : "valueOrEnd";
  }
  return /^["\d\-tfn]/.test(token) ? "next" : undefined;
}

function closing(token: string, bracket: string | undefined, open: string[]): Expected | undefined {
  return token === bracket && open.pop() === bracket ? "next" : undefined;
}
