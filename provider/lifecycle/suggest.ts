import { distance } from "fastest-levenshtein";

/** The candidate that the word was probably meant to be, or `undefined` when none is close. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const lower = word.toLowerCase().replace(/[_-]/g, "");
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const steps = distance(lower, candidate.toLowerCase());
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
}
