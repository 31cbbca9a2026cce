/**
 * A part of the library for `npm run mutation`. All members are glob patterns from the repository's
 * root.
 */
export interface Part {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  readonly ignoredTests: readonly string[];
}

export const PARTS: Readonly<Record<string, Part>>;

/** A regular expression for a glob pattern with `*` and `**`. */
export function patternOf(glob: string): RegExp;
