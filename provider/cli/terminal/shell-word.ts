import { printableLines } from "./style";

/**
 * A text as one word of a POSIX shell, in quotes where it needs them. Line ends stay; characters
 * that control the terminal do not.
 */
export function shellWord(text: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)
    ? text
    : `'${printableLines(text).replaceAll("'", "'\\''")}'`;
}
