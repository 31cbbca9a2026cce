import { isReference, looksLikeCredential, namesCredential } from "../lifecycle/credentials";
import { lineOf, type Place, positionOf } from "./source";

/** What stands in a printed line for a secret, whatever its length. */
const MASK = "••••••••";

/** A key and what follows on its line; the value in quotes, or up to what may end it. */
const PAIR = /("(?:[^"\\]|\\.)*"|'[^']*'|[\w.$-]+)(\s*:\s+|":\s*|\s*=\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,{}[\]#][^,{}[\]#]*)/g;

/** A line, fit to be printed. */
export interface PrintableLine {
  readonly text: string;
  /** Where the place begins in it, from 0. */
  readonly start: number;
}

/**
 * The line that a place begins in, fit to be printed: without known secrets, and without what a name on the line, or
 * the map that it belongs to, says is one.
 *
 * @param secrets texts that are secret, for example those of definitions that could be read.
 */
export function printableLine(place: Place, secrets: readonly string[]): PrintableLine {
  const line = lineOf(place);
  const within = belongsToSecrets(place);
  const longestFirst = [...secrets].filter((secret) => secret.length > 1).sort((one, other) => other.length - one.length);
  const masked = (text: string): string => hideValues(longestFirst.reduce((rest, secret) => rest.replaceAll(secret, MASK), text), within);
  return { text: masked(line), start: masked(line.slice(0, positionOf(place).column - 1)).length };
}

function hideValues(line: string, within: boolean): string {
  return line.replace(PAIR, (pair, key: string, separator: string, value: string) => {
    const bare = value.trim().replace(/^["']|["']$/g, "");
    const hidden = !isReference(bare) && bare !== MASK && (within || namesCredential(key.replace(/^["']|["']$/g, "")) || looksLikeCredential(bare));
    return hidden ? `${key}${separator}${MASK}` : pair;
  });
}

/** Whether a line lies in a map called `secrets`, told by indentation: also where the file is no YAML. */
function belongsToSecrets({ source, start }: Place): boolean {
  const before = source.text.slice(0, start).split(/\r\n|\n|\r/);
  let indent = indentOf(lineOf({ source, start, end: start }));
  for (const line of before.slice(0, -1).reverse()) {
    if (line.trim() === "" || indentOf(line) >= indent) continue;
    if (/^\s*["']?secrets["']?\s*:/.test(line)) return true;
    indent = indentOf(line);
  }
  return false;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
