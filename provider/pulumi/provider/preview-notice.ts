import { type Registration } from "../../lifecycle/registrations";
import { type FieldTable } from "../../model/field";
import { atExit, type Notifier } from "../../observe/index";
import {
  adoptionText,
  deletionText,
  heldText,
  type LeavingMember,
  type LeftAlone,
  leftAloneText,
  type RenamedMember,
  renameText,
  type ReplacedMember,
  replacementText,
} from "./preview-texts";

/** What an update of a fleet does that Pulumi's preview does not say. */
export interface FleetChanges {
  readonly leaving: readonly LeavingMember[];
  readonly replaced: readonly ReplacedMember[];
  readonly renamed: readonly RenamedMember[];
  readonly leftAlone: readonly LeftAlone[];
  /** Ids of connectors that go on under another key. */
  readonly moved: ReadonlySet<string>;
}

/** Tells what the resources of the deployment hold. */
export interface Holders {
  has(id: string): boolean;
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
  private readonly singles = new Map<string, LeftAlone>();
  /** Names of new connectors that take an existing one over, or fail. */
  private readonly newNames = new Set<string>();
  private isDismissed = false;
  private isPlanned = false;

  constructor(
    private readonly table: FieldTable,
    private readonly notifier: Notifier,
    private readonly holders: Holders,
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
    const { leaving, replaced, renamed, leftAlone } = changes;
    if ([leaving, replaced, renamed, leftAlone].some(({ length }) => length > 0)) {
      this.plan();
    }
  }

  /** Notes what a connector's update leaves alone; the last word counts. */
  setSingle(id: string, leftAlone: LeftAlone): void {
    this.singles.set(id, leftAlone);
    if (leftAlone.fields.length > 0) {
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
    const { table } = this;
    const fleets = [...this.fleets.values()];
    const adopting = [...this.adopting];
    const isHeld = ([id]: readonly [id: string, name: string]): boolean =>
      this.holders.has(id) && !fleets.some(({ moved }) => moved.has(id));
    const deleted = fleets.flatMap(({ leaving }) => leaving.filter((each) => this.isDeleted(each)));
    const replaced = fleets.flatMap((each) => each.replaced);
    const leftAlone = [...this.singles.values(), ...fleets.flatMap((each) => each.leftAlone)];
    return [
      textOf(deletionText, table, deleted),
      textOf(replacementText, table, replaced),
      textOf(
        adoptionText,
        table,
        adopting.filter((each) => !isHeld(each)),
      ),
      textOf(heldText, table, adopting.filter(isHeld)),
      textOf(
        renameText,
        table,
        fleets.flatMap(({ renamed }) => renamed),
      ),
      textOf(
        leftAloneText,
        table,
        leftAlone.filter(({ fields }) => fields.length > 0),
      ),
    ].flat();
  }

  private isDeleted({ id, name, claim }: LeavingMember): boolean {
    return (
      !this.holders.isReserved(id) &&
      !this.holders.heldByAnother(id, claim) &&
      !(name !== undefined && this.newNames.has(name.trim()))
    );
  }
}

function textOf<T>(
  text: (table: FieldTable, all: readonly T[]) => string,
  table: FieldTable,
  all: readonly T[],
): string[] {
  return all.length === 0 ? [] : [text(table, all)];
}
