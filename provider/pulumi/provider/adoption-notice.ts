import { type Registration } from "../../lifecycle/claims";
import { type FieldTable } from "../../model/field";
import { atExit, type Notifier } from "../../observe/index";

/** Longest list of connectors in a message. */
const MOST_NAMES = 20;

/**
 * Warns once, at the end of a preview, of the new resources that name the connector that they
 * adopt: Pulumi shows them as creates. A process that writes is no preview, and warns of nothing.
 */
export class AdoptionNotice {
  private readonly adopting = new Map<string, string>();
  private isDismissed = false;

  constructor(
    private readonly table: FieldTable,
    private readonly notifier: Notifier,
  ) {}

  add({ name, adopts }: Registration): void {
    if (adopts === undefined || this.isDismissed) {
      return;
    }
    if (this.adopting.size === 0) {
      atExit(async () => {
        if (this.adopting.size > 0) {
          this.notifier.warn(adoptionText(this.table, [...this.adopting]));
          await this.notifier.flush();
        }
      });
    }
    this.adopting.set(adopts, name);
  }

  dismiss(): void {
    this.isDismissed = true;
    this.adopting.clear();
  }
}

/** @param adopting pairs of a connector's id and the name in its definition. */
export function adoptionText(
  { resource, vendor }: FieldTable,
  adopting: readonly (readonly [id: string, name: string])[],
): string {
  const [only, ...others] = adopting;
  if (only !== undefined && others.length === 0) {
    const [id, name] = only;
    return `${resource}${name === "" ? "" : ` ${JSON.stringify(name)}`} adopts connector ${id}, which Pulumi shows as a create. Nothing is created, and nothing is written if the connector equals the definition.`;
  }
  const names = adopting
    .slice(0, MOST_NAMES)
    .map(([id, name]) => (name === "" ? id : `${JSON.stringify(name)} (${id})`));
  const more = adopting.length - names.length;
  return `${adopting.length} existing ${vendor} connectors are adopted, which Pulumi shows as creates. Nothing is created, and nothing is written to those that equal their definitions: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
