import { type FieldTable } from "../model/field";
import { type LoweredLimit, loweredLimits } from "../model/project";
import { type Reporter } from "./adapter";

type Values = Readonly<Record<string, unknown>>;

/** A connector as it was read. */
export interface ReadLimits {
  readonly name: string;
  /** What the last deployment or refresh knew. */
  readonly before: Values;
  readonly now: Values;
  /** The highest limit of each kind that a connector of the scope has, by output. */
  readonly highest: () => Promise<Values>;
}

/**
 * Warns, once for each kind of limit, that the vendor's plan grants more than it did: the limit of
 * a connector has risen by itself, or another connector has more than this one, which asks for it.
 */
export class RisenLimits {
  private readonly said = new Set<string>();

  constructor(
    private readonly table: FieldTable,
    private readonly reporter: Reporter,
  ) {}

  async compare({ name, before, now, highest }: ReadLimits): Promise<void> {
    const wasLowered = loweredLimits(this.table, before, before);
    for (const { output, property, effective } of wasLowered) {
      const current = now[output];
      if (typeof current === "number" && current > effective) {
        this.warnOnce(output, risen(this.table, name, property, effective, current));
      }
    }
    const lowered = loweredLimits(this.table, now, now).filter(
      ({ output }) => !this.said.has(output),
    );
    const most = lowered.length > 0 ? await highest() : {};
    for (const limit of lowered) {
      const granted = most[limit.output];
      if (typeof granted === "number" && granted > limit.effective) {
        this.warnOnce(limit.output, mayHaveRisen(this.table, name, limit, granted));
      }
    }
  }

  private warnOnce(output: string, message: string): void {
    if (!this.said.has(output)) {
      this.said.add(output);
      this.reporter.warn(message);
    }
  }
}

function risen(
  { vendor }: FieldTable,
  name: string,
  property: string,
  before: number,
  now: number,
): string {
  return `${vendor}'s plan grants more than before: ${property} of connector "${name}" is ${now} now, not ${before}. Other connectors may have more, too.`;
}

function mayHaveRisen(
  { vendor }: FieldTable,
  name: string,
  { property, wanted, effective }: LoweredLimit,
  granted: number,
): string {
  return (
    `${vendor} connector "${name}": ${property} is ${effective}, not ${wanted}, but another connector of the workspace has ${granted}: the plan may have risen since. ` +
    `What a plan grants may reach a connector only when it is written again. To ask for more now, change ${property} in the definition, for example to ${granted}, and run pulumi up. The same may hold for other connectors: compare ${property} with their outputs.`
  );
}
