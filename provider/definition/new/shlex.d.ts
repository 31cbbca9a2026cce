/** The part of shlex that is used. */
declare module "shlex" {
  /** Splits a text into words as a POSIX shell does. Throws an error for an open quote. */
  export function split(text: string): string[];
}
