import { counted, listed } from "../../diagnostics";
import { type Registration } from "../../lifecycle/claims";
import { type FieldTable } from "../../model/field";
import { atExit, type Notifier } from "../../observe/index";

/** Longest list of connectors in a message. */
const MOST_NAMES = 20;

/** A connector that leaves its fleet. */
export interface LeavingMember {
  readonly key: string;
  readonly id: string;
  readonly name?: string;
  readonly claim?: string;
}

/** A connector of a fleet in whose place its key gets another one. */
export interface ReplacedMember {
  readonly key: string;
  readonly id: string;
  /** Id of the connector that the definition names; without one, a new connector is created. */
  readonly by?: string;
  /** Whether the old connector stays at the vendor. */
  readonly isRetained: boolean;
}

/** What an update of a fleet does that Pulumi's preview does not say. */
export interface FleetChanges {
  readonly leaving: readonly LeavingMember[];
  readonly replaced: readonly ReplacedMember[];
}

/** Tells whether another resource of the deployment keeps a connector from being deleted. */
export interface Keepers {
  isReserved(id: string): boolean;
  heldByAnother(id: string, claim: string | undefined): boolean;
}

/**
 * Warns at the end of a preview of what Pulumi shows as something else: existing connectors that
 * are adopted show as new; connectors of a fleet that are deleted or replaced show as one
 * update. A process that writes is no preview, and warns of nothing.
 */
export class PreviewNotice {
  private readonly adopting = new Map<string, string>();
  private readonly fleets = new Map<string, FleetChanges>();
  /** Names of new connectors that take an existing one over, or fail. */
  private readonly newNames = new Set<string>();
  private isDismissed = false;
  private isPlanned = false;

  constructor(
    private readonly table: FieldTable,
    private readonly notifier: Notifier,
    private readonly keepers: Keepers,
  ) {}

  /** Notes a connector that is not in the state yet. */
  addNew({ name, adopts, isAlwaysNew }: Registration): void {
    if (adopts !== undefined) {
      this.adopting.set(adopts, name);
      this.plan();
    } else if (!isAlwaysNew) {
      this.newNames.add(name.trim());
    }
  }

  /** Notes what a fleet's update does; the last word counts. @param id of the fleet. */
  setFleet(id: string, changes: FleetChanges): void {
    this.fleets.set(id, changes);
    if (changes.leaving.length + changes.replaced.length > 0) {
      this.plan();
    }
  }

  dismiss(): void {
    this.isDismissed = true;
  }

  private plan(): void {
    if (this.isPlanned) {
      return;
    }
    this.isPlanned = true;
    atExit(async () => {
      if (!this.isDismissed) {
        this.texts().forEach((text) => this.notifier.warn(text));
        await this.notifier.flush();
      }
    });
  }

  private texts(): string[] {
    const fleets = [...this.fleets.values()];
    const deleted = fleets.flatMap(({ leaving }) => leaving.filter((each) => this.isDeleted(each)));
    const replaced = fleets.flatMap((each) => each.replaced);
    return [
      ...(deleted.length > 0 ? [deletionText(this.table, deleted)] : []),
      ...(replaced.length > 0 ? [replacementText(this.table, replaced)] : []),
      ...(this.adopting.size > 0 ? [adoptionText(this.table, [...this.adopting])] : []),
    ];
  }

  private isDeleted({ id, name, claim }: LeavingMember): boolean {
    return (
      !this.keepers.isReserved(id) &&
      !this.keepers.heldByAnother(id, claim) &&
      !(name !== undefined && this.newNames.has(name.trim()))
    );
  }
}

function deletionText({ vendor }: FieldTable, deleted: readonly LeavingMember[]): string {
  const names = listed(deleted.map(placeOf), MOST_NAMES);
  return `The update deletes ${counted(deleted.length, `${vendor} connector`)} that left the fleet: ${names}.`;
}

function replacementText({ vendor }: FieldTable, replaced: readonly ReplacedMember[]): string {
  const names = listed(
    replaced.map((each) => {
      const by = each.by === undefined ? "a new connector" : `connector ${each.by}`;
      return `${placeOf(each)} by ${by}`;
    }),
    MOST_NAMES,
  );
  const stay = replaced.filter(({ isRetained }) => isRetained).length;
  const old = [
    ...(stay < replaced.length ? [`deletes ${replaced.length - stay} of the old`] : []),
    ...(stay > 0 ? [`keeps ${stay} of the old (retainOnDelete)`] : []),
  ];
  return `The update replaces ${counted(replaced.length, `${vendor} connector`)} of a fleet: ${names}. It ${old.join(" and ")}.`;
}

function placeOf({ key, id }: { readonly key: string; readonly id: string }): string {
  return `${key} (id ${id})`;
}

/** @param adopting pairs of a connector's id and the name in its definition. */
function adoptionText(
  { resource, vendor }: FieldTable,
  adopting: readonly (readonly [id: string, name: string])[],
): string {
  const [only, ...others] = adopting;
  if (only !== undefined && others.length === 0) {
    const [id, name] = only;
    return `${resource}${name === "" ? "" : ` ${JSON.stringify(name)}`} adopts connector ${id}, which Pulumi shows as new. Nothing is created, and nothing is written if the connector equals the definition.`;
  }
  const names = listed(
    adopting.map(([id, name]) => (name === "" ? id : `${JSON.stringify(name)} (${id})`)),
    MOST_NAMES,
  );
  return `${adopting.length} existing ${vendor} connectors are adopted, which Pulumi shows as new. Nothing is created, and nothing is written to those that equal their definitions: ${names}.`;
}
