import { isText, Lazy, NotRendered, textOf, Tuple, type Value } from "./values";

/** The steps that the rendering of a template may take. */
const MOST_STEPS = 1_000_000;

/** Characters of a text that count as one step. */
const CHARACTERS = 16;

/**
 * Counts what a rendering does, so that no template runs or grows without end. What uses a value
 * takes about as long as the value is large; so each value counts whenever it is used.
 */
export class Work {
  private steps = 0;

  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > MOST_STEPS) {
      throw new NotRendered("a template that runs this long");
    }
  }

  /** Counts a value with all that it holds, and what it holds several times as often. */
  spendOn(value: Value): void {
    if (value instanceof Map) {
      this.spend(1);
      for (const [key, item] of value) {
        this.spendOn(key);
        this.spendOn(item);
      }
    } else if (Array.isArray(value)) {
      this.spendOnAll(value);
    } else if (value instanceof Tuple || value instanceof Lazy) {
      this.spendOnAll(value.items);
    } else {
      this.spend(1 + sizeOf(value));
    }
  }

  private spendOnAll(items: readonly Value[]): void {
    this.spend(1);
    for (const item of items) {
      this.spendOn(item);
    }
  }
}

function sizeOf(value: Value): number {
  if (typeof value === "bigint") {
    return BigInt.asIntN(64, value) === value ? 0 : value.toString(16).length;
  }
  return isText(value) ? Math.floor(textOf(value).length / CHARACTERS) : 0;
}
