/** No answer of either vendor comes near it; deeper ones would overflow the stack of whoever walks them. */
const DEEPEST = 200;

/**
 * The value of a JSON text; `undefined` when it is empty, malformed, or nested deeper than 200 levels.
 * A key `__proto__` becomes an ordinary own property, as `JSON.parse` makes it.
 */
export function parseJson(text: string): unknown {
  if (text === "" || depthOf(text) > DEEPEST) {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Brackets open at once outside strings, the most; counted in the text, because parsing comes too late. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) {
      at = endOfString(text, at);
    } else if (character === 0x5b || character === 0x7b) {
      deepest = Math.max(deepest, ++depth);
    } else if (character === 0x5d || character === 0x7d) {
      depth--;
    }
  }
  return deepest;
}

/** Where the string that begins at `start` has its closing quote; the text's end when it has none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) {
      return at;
    }
    if (character === 0x5c) {
      at++;
    }
  }
  return text.length;
}
