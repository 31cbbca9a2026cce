import { counted, listed } from "../../diagnostics";
import { type Registration } from "../../lifecycle/registrations";
import { adoptingField, type FieldTable } from "../../model/field";
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

/** A new connector of a fleet that has the name of one that leaves it, and other values. */
export interface RenamedMember {
  readonly key: string;
  /** The key that leaves. */
  readonly from: string;
  readonly id: string;
}

/** What a definition sets no longer, and what stays at the vendor. */
export interface LeftAlone {
  readonly name: string;
  readonly fields: readonly string[];
}

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

/** Only what is held before counts: what `deleteBeforeReplace` deletes first is free then. */
function heldText(
  { vendor }: FieldTable,
  held: readonly (readonly [id: string, name: string])[],
): string {
  const names = listed(
    held.map(([id, name]) => (name === "" ? id : `${JSON.stringify(name)} (${id})`)),
    MOST_NAMES,
  );
  return `The update fails, unless it deletes the resource first that manages the connector now: ${counted(held.length, "definition")} of this program ${held.length === 1 ? "names a" : "name"} ${vendor} ${held.length === 1 ? "connector" : "connectors"} that another resource manages: ${names}. Let only one resource name each.`;
}

function renameText(table: FieldTable, renamed: readonly RenamedMember[]): string {
  const names = listed(
    renamed.map(({ key, from, id }) => `${key} (was ${from}, id ${id})`),
    MOST_NAMES,
  );
  return `The update fails for ${counted(renamed.length, `${table.vendor} connector`)} of a fleet whose key and content change at once: ${names}. Change the key first, or write ${adoptingField(table)} with the id below the new key.`;
}

function leftAloneText({ vendor }: FieldTable, all: readonly LeftAlone[]): string {
  const names = listed(
    all.map(({ name, fields }) => `${JSON.stringify(name)} (${fields.join(", ")})`),
    MOST_NAMES,
  );
  return `Pulumi shows as removed what definitions no longer set, but ${vendor} keeps it as it is: ${names}.`;
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
