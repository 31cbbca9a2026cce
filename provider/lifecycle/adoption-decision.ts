import { type ErrorCode } from "../errors";
import { joined, type Message, own, ownText } from "../message";
import { adoptingField, type FieldTable, type OnConflict } from "../model/field";

/** What a definition says that decides about existing connectors. */
export interface Definition {
  readonly name: string;
  readonly onConflict?: OnConflict | undefined;
}

/** The connector that a definition names. */
export interface Named {
  /** The vendor's id. */
  readonly key: string;
  readonly exists: boolean;
  /** Set when it is not free: this resource's own predecessor, or another resource, has it. */
  readonly heldBy?: "predecessor" | "another";
}

/** An existing connector with the definition's name. */
export interface Namesake {
  /** The vendor's id. */
  readonly key: string;
  /** The name as the vendor writes it. */
  readonly name: string;
  /** False when another resource or definition of this deployment has it. */
  readonly isFree: boolean;
  /** True when an interrupted create of this very definition left it half done. */
  readonly isUnfinished: boolean;
  /**
   * Property paths at which it differs from the definition; `undefined` when it was not compared
   * yet.
   */
  readonly differences?: readonly string[];
}

/** What is known of existing connectors. */
export interface Existing {
  /** Set when the definition names a connector; nothing else counts then. */
  readonly named?: Named;
  readonly namesakes: readonly Namesake[];
  /** False when the vendor may have connectors that it did not list. */
  readonly isListComplete: boolean;
  /**
   * True when a resource that exists may hold a connector of this name, and has not shown which.
   */
  readonly isHolderUnknown: boolean;
}

/** What a new resource does about existing connectors. */
export type Verdict =
  | { readonly action: "create" }
  /** Compare this namesake with the definition, then decide again. */
  | { readonly action: "compare"; readonly key: string }
  /** Take this connector over. The message, if there is one, is a warning. */
  | { readonly action: "adopt"; readonly key: string; readonly message?: Message }
  | { readonly action: "refuse"; readonly code: ErrorCode; readonly message: Message };

/**
 * Pure. Decides whether a new resource takes over an existing connector:
 *
 * 1. An identifier in the definition adopts that connector, with any content.
 * 2. A connector that an interrupted create left half done is finished.
 * 3. `onConflict`: `create` looks no further; `fail` refuses any namesake; `adopt` takes the one
 *    namesake with any content, and fails on several.
 * 4. Unset: an identical namesake is adopted with a warning, a different one fails with the lines
 *    to write.
 *
 * Connectors that other resources of this deployment hold or name do not count, nor does any
 * namesake while a resource that exists has not shown which one it holds.
 */
export function decideAdoption(
  table: FieldTable,
  definition: Definition,
  existing: Existing,
): Verdict {
  if (existing.named) {
    return decideNamed(table, existing.named);
  }
  const { onConflict } = definition;
  if (!existing.isListComplete && onConflict !== "create") {
    return refuse("unexpected_response", incomplete(table));
  }
  const free = existing.namesakes.filter(({ isFree }) => isFree);
  if (existing.isHolderUnknown || free.length === 0) {
    return { action: "create" };
  }
  const unfinished = free.find(({ isUnfinished }) => isUnfinished);
  if (unfinished) {
    const message = own`Finishing the ${describe(table, unfinished)}, which an interrupted deployment left half done.`;
    return { action: "adopt", key: unfinished.key, message };
  }
  switch (onConflict) {
    case "create":
      return { action: "create" };
    case "fail":
      return refuse(
        "conflict",
        conflictMessage(table, definition, free, own`and onConflict: "fail" refuses it`),
      );
    case "adopt":
      return decideOnly(table, definition, free);
    case undefined:
      return decideIdentical(table, definition, free);
  }
}

/**
 * One line on what a resource that does not manage the connector yet does; `undefined` when it
 * takes it over.
 */
export function outcomeOf(table: FieldTable, { action }: Verdict): string | undefined {
  switch (action) {
    case "create":
      return 'creates another one (onConflict: "create")';
    case "refuse":
      return `refuses: write ${adoptingField(table)} to take it over`;
    case "adopt":
    case "compare":
      return undefined;
  }
}

/** A refusal because of namesakes, with the exact lines that resolve it. */
export function conflictMessage(
  table: FieldTable,
  { name, onConflict }: Definition,
  namesakes: readonly Pick<Namesake, "key">[],
  why: Message,
): Message {
  const property = adoptingField(table);
  const keys = namesakes.map(({ key }) => key);
  const isNumber = table.fields.find((field) => field.name === property)?.kind === "integer";
  const isOne = keys.length === 1;
  const found = isOne
    ? own`a connector named "${name}" (id ${keys.join()})`
    : own`${keys.length} connectors named "${name}" (ids ${keys.join(", ")})`;
  const take = isOne
    ? own`To take it over and make it equal to the definition, write`
    : own`To take one of them over and make it equal to the definition, write one of`;
  return joined(
    [
      own`${ownText(table.vendor)} already has ${found}, ${why}.`,
      own`  ${take}`,
      ...keys
        .slice(0, 10)
        .map((key) => own`    ${ownText(property)}: ${isNumber ? key : JSON.stringify(key)},`),
      ...(onConflict === "create"
        ? []
        : [own`  To create another one beside it, write\n    onConflict: "create",`]),
    ],
    "\n",
  );
}

function decideNamed(table: FieldTable, { key, exists, heldBy }: Named): Verdict {
  const property = ownText(adoptingField(table));
  const vendor = ownText(table.vendor);
  if (!exists) {
    return refuse(
      "not_found",
      own`${vendor} has no connector ${key}, which ${property} names. Correct ${property}, or remove it to create a connector`,
    );
  }
  const managed = own`${vendor} connector ${key}, which ${property} names, is managed already`;
  switch (heldBy) {
    case "predecessor":
      // Another process may be about to delete it for the resource that this one replaces; no claim
      // reaches that far.
      return refuse(
        "conflict",
        own`${managed}: by this resource, which is being replaced (by --replace, or for another provider), and whose old self would delete the connector. Remove the resource from the state with \`pulumi state delete\`, then run pulumi up again, which adopts the connector anew`,
      );
    case "another":
      return refuse(
        "conflict",
        own`${managed}: by another resource of this program, or by this one, which is being replaced. Let only one resource adopt it. Where this one is replaced (replaceOnChanges), the connector cannot be created anew: set deleteBeforeReplace: true, or remove replaceOnChanges; either way it stays and is updated`,
      );
    case undefined:
      return { action: "adopt", key };
  }
}

/** `onConflict: "adopt"`: the namesake is taken with any content. */
function decideOnly(table: FieldTable, definition: Definition, free: readonly Namesake[]): Verdict {
  const [only, ...others] = free;
  if (only === undefined || others.length > 0) {
    const why = own`so onConflict: "adopt" cannot tell which one is meant`;
    return refuse("conflict", conflictMessage(table, definition, free, why));
  }
  const message = own`Adopting the ${describe(table, only)}, as onConflict: "adopt" says. From now on this stack manages it; destroy deletes it.`;
  return { action: "adopt", key: only.key, message };
}

function decideIdentical(
  table: FieldTable,
  definition: Definition,
  free: readonly Namesake[],
): Verdict {
  const identical = free.find(({ differences }) => differences?.length === 0);
  if (identical) {
    const others = free.filter((other) => other !== identical).map(({ key }) => key);
    const rest =
      others.length === 0
        ? own``
        : own` Others of this name stay as they are: ${others.join(", ")}.`;
    const message = own`Adopting the ${describe(table, identical)}: it already is what the definition says. From now on this stack manages it; destroy deletes it. If another stack manages it too, give one of them another name. If a resource of this stack that was not part of this update (--target) manages it, remove that one with \`pulumi state delete\`: destroying it would delete the connector.${rest}`;
    return { action: "adopt", key: identical.key, message };
  }
  const next = free.find(({ differences }) => differences === undefined);
  if (next) {
    return { action: "compare", key: next.key };
  }
  const paths = [...new Set(free.flatMap(({ differences = [] }) => differences))];
  const differ = ownText(free.length === 1 ? "differs" : "differ");
  const why = own`which ${differ} from the definition in: ${paths.slice(0, 10).join(", ")}`;
  return refuse("conflict", conflictMessage(table, definition, free, why));
}

function describe({ vendor }: FieldTable, { key, name }: Namesake): Message {
  return own`existing ${ownText(vendor)} connector "${name}" (id ${key})`;
}

function incomplete(table: FieldTable): Message {
  return ownText(
    `${table.vendor} did not list all connectors, so it is not known whether one of this name exists. ` +
      `Write ${adoptingField(table)} to adopt one, or onConflict: "create" to create one in any case`,
  );
}

function refuse(code: ErrorCode, message: Message): Verdict {
  return { action: "refuse", code, message };
}
