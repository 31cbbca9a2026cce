import { matches } from "./equivalence";
import { type Field, type FieldTable } from "./field";
import { UNKNOWN_TEXT } from "./request";
import { type CommonState } from "./state";

/** Vendors write times in seconds, and may round the same one differently. */
const TOLERANCE_MS = 2_000;

/** A date without a time: the day, in any zone. */
const DAY_TOLERANCE_MS = 36 * 60 * 60 * 1_000;

/** Whether two texts of a vendor are the same time, however they are written. */
function isSameTime(one: string, other: string): boolean {
  const isDay = [one, other].some((text) => /^\d{4}-\d{2}-\d{2}$/.test(text.trim()));
  const distance = Math.abs(toMs(one) - toMs(other));
  return one === other || distance < (isDay ? DAY_TOLERANCE_MS : TOLERANCE_MS);
}

/** NaN, which is near to nothing, for a text that is not a time. Without a zone it is UTC. */
function toMs(text: string): number {
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.trim());
  return Date.parse(hasZone ? text : `${text.trim()}Z`);
}

/**
 * Pure. Whether the connector with a state's id is provably another one. A missing time proves
 * nothing: a vendor may leave it out. Neither does a text that is no time.
 */
export function isAnother(
  { createdAt: known }: { readonly createdAt?: string | undefined },
  createdAt: string | undefined,
): boolean {
  return (
    known !== undefined &&
    createdAt !== undefined &&
    !Number.isNaN(toMs(known) - toMs(createdAt)) &&
    !isSameTime(known, createdAt)
  );
}

/** Pure. Whether the connector of a state is another one, and the older one of the two. */
export function isEarlier(
  state: { readonly createdAt?: string | undefined },
  createdAt: string | undefined,
): boolean {
  return isAnother(state, createdAt) && toMs(state.createdAt ?? "") < toMs(createdAt ?? "");
}

/**
 * Pure. Whether the connector with a state's id is provably the same one: by the time of its
 * creation; where the vendor has none, by its name.
 */
export function isSameConnector(
  { createdAt: known, name }: Pick<CommonState, "createdAt" | "name">,
  found: { readonly createdAt: string | undefined; readonly name: string },
): boolean {
  if (known !== undefined && found.createdAt !== undefined) {
    return isSameTime(known, found.createdAt);
  }
  return known === found.createdAt && name !== undefined && name.trim() === found.name.trim();
}

/** Fields that a list shows. */
const LISTED: ReadonlySet<Field["kind"]> = new Set(["text", "integer", "choice", "entries"]);

/**
 * Pure. Names of the fields that a connector has other values of than its state says, as far as
 * that says them. After a write of which the outcome is not known, it says nothing.
 *
 * @param found the state as a read of that connector makes it.
 */
export function otherFields(
  { fields }: FieldTable,
  state: CommonState & object,
  found: object,
): string[] {
  const [known, seen] = [state, found].map((values): Readonly<Record<string, unknown>> => ({
    ...values,
  }));
  return state.name === UNKNOWN_TEXT
    ? []
    : fields
        .filter(
          ({ name, kind, createOnly }) =>
            LISTED.has(kind) && !createOnly && known?.[name] !== undefined,
        )
        .map(({ name }) => name)
        .filter((name) => !matches(known?.[name], seen?.[name]));
}
