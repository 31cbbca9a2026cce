/**
 * The number of generated cases per property, and the seed. `npm run test:all` runs a few cases of
 * each property, `npm run reliability` many.
 */
import fc, { type Parameters } from "fast-check";
import { FACE } from "../../harness/in-process/stack";
import { count } from "./run-counts";

/** Factor for the number of cases: 1 in `npm run test:all`. */
const FACTOR = numberOf("RELIABILITY_FACTOR", 1);

/** The seed of the generator. A failure prints its seed; use it to repeat the same cases. */
const SEED = numberOf("RELIABILITY_SEED", 20_261_122);

/** True if tests enumerate all cases, regardless of the time. */
export const THOROUGH = FACTOR > 1;

/**
 * True if a table of single resources has each of its rows. The native packages share what is
 * behind the verbs, so that a few rows of the long tables show the way of a message through them.
 */
export const EVERY_ROW = THOROUGH || process.env[FACE] !== "native";

/**
 * Checks a property with generated cases. A failure reports the seed, the smallest case, and how to
 * repeat it.
 */
export async function holds<T extends [unknown, ...unknown[]]>(
  property: fc.IAsyncPropertyWithHooks<T>,
  cases: number,
): Promise<void> {
  const parameters: Parameters<T> = { numRuns: Math.ceil(cases * FACTOR), seed: SEED };
  const details = await fc.check(property, parameters);
  count("cases", details.numRuns);
  if (!details.failed) {
    return;
  }
  const reason =
    details.errorInstance instanceof Error
      ? details.errorInstance.message
      : String(details.errorInstance);
  throw new Error(
    `${fc.defaultReportMessage(details) ?? ""}\n${reason}\nRun it again with RELIABILITY_SEED=${details.seed} and RELIABILITY_FACTOR=${FACTOR}.`,
  );
}

function numberOf(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") {
    return otherwise;
  }
  if (!/^-?\d+(\.\d+)?$/.test(text)) {
    throw new Error(`${name} must be a number, not ${text}.`);
  }
  return Number(text);
}
