/**
 * How many generated cases a property gets, and where they start. The tables and properties are the same for everybody;
 * `npm run test:all` runs a few cases of each, `npm run reliability` many.
 */
import fc, { type Parameters } from "fast-check";
import { count } from "./run-counts";

/** How much is run: 1 in `npm run test:all`. */
const FACTOR = numberOf("RELIABILITY_FACTOR", 1);

/** Where generation starts. A failure prints its own seed; give that to see the same cases again. */
const SEED = numberOf("RELIABILITY_SEED", 20_261_122);

/** True where everything is to be enumerated, however long it takes. */
export const THOROUGH = FACTOR > 1;

/** Holds a property against generated cases; a failure names the seed, the smallest case, and how to run it again. */
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
