import { counted, listed } from "../../diagnostics";
import { adoptingField, type FieldTable } from "../../model/field";

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

/** A connector that a definition names to be adopted, and the name in its definition. */
type Adopting = readonly [id: string, name: string];

export function deletionText({ vendor }: FieldTable, deleted: readonly LeavingMember[]): string {
  const names = listed(deleted.map(placeText), MOST_NAMES);
  return `The update deletes ${counted(deleted.length, `${vendor} connector`)} that left the fleet: ${names}.`;
}

export function replacementText(
  { vendor }: FieldTable,
  replaced: readonly ReplacedMember[],
): string {
  const names = listed(
    replaced.map((each) => {
      const by = each.by === undefined ? "a new connector" : `connector ${each.by}`;
      return `${placeText(each)} by ${by}`;
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
export function heldText({ vendor }: FieldTable, held: readonly Adopting[]): string {
  const names = listed(held.map(adoptedText), MOST_NAMES);
  return `The update fails, unless it deletes the resource first that manages the connector now: ${counted(held.length, "definition")} of this program ${held.length === 1 ? "names a" : "name"} ${vendor} ${held.length === 1 ? "connector" : "connectors"} that another resource manages: ${names}. Let only one resource name each.`;
}

export function renameText(table: FieldTable, renamed: readonly RenamedMember[]): string {
  const names = listed(
    renamed.map(({ key, from, id }) => `${key} (was ${from}, id ${id})`),
    MOST_NAMES,
  );
  return `The update fails for ${counted(renamed.length, `${table.vendor} connector`)} of a fleet whose key and content change at once: ${names}. Change the key first, or write ${adoptingField(table)} with the id below the new key.`;
}

export function leftAloneText({ vendor }: FieldTable, all: readonly LeftAlone[]): string {
  const names = listed(
    all.map(({ name, fields }) => `${JSON.stringify(name)} (${fields.join(", ")})`),
    MOST_NAMES,
  );
  return `Pulumi shows as removed what definitions no longer set, but ${vendor} keeps it as it is: ${names}.`;
}

function placeText({ key, id }: { readonly key: string; readonly id: string }): string {
  return `${key} (id ${id})`;
}

export function adoptionText(
  { resource, vendor }: FieldTable,
  adopting: readonly Adopting[],
): string {
  const [only, ...others] = adopting;
  if (only !== undefined && others.length === 0) {
    const [id, name] = only;
    return `${resource}${name === "" ? "" : ` ${JSON.stringify(name)}`} adopts connector ${id}, which Pulumi shows as new. Nothing is created, and nothing is written if the connector equals the definition.`;
  }
  const names = listed(adopting.map(adoptedText), MOST_NAMES);
  return `${adopting.length} existing ${vendor} connectors are adopted, which Pulumi shows as new. Nothing is created, and nothing is written to those that equal their definitions: ${names}.`;
}

function adoptedText([id, name]: Adopting): string {
  return name === "" ? id : `${JSON.stringify(name)} (${id})`;
}
