import { listed } from "../../diagnostics";

/** Longest list of connectors in a message. */
const MOST_NAMES = 20;

/** What is left to do about a connector of a fleet. */
export type Step = "create" | "update" | "replace" | "delete" | "delete the replaced";

/** What is left to do of a fleet, in words: `create a, b; update c`. */
export class Rest {
  private readonly keys = new Map<Step, string[]>();

  add(step: Step | undefined, key: string): void {
    if (step !== undefined) {
      this.keys.set(step, [...(this.keys.get(step) ?? []), key]);
    }
  }

  toString(): string {
    const steps = [...this.keys].map(([step, keys]) => `${step} ${listed(keys, MOST_NAMES)}`);
    return steps.length === 0 ? "nothing" : steps.join("; ");
  }
}
