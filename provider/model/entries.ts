import { looksLikeCredential, namesCredential } from "./credential-detection";
import { isAllMask, isMasked, isMaskOf } from "./equivalence";

/** A name and its value, as vendors list them. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}

/** Name → value, a list standing for the same name given several times. */
export type Entries = Record<string, string | string[]>;

/** Our map in the vendor's form. Names keep the program's order, a list becomes neighbours. */
export function toNameValues(entries: Entries | undefined): NameValue[] {
  return Object.entries(entries ?? {}).flatMap(([name, value]) =>
    [value].flat().map((text) => ({ name, value: text })),
  );
}

/**
 * Remote entries in the program's form. A name whose value only differs in form keeps the
 * program's; a masked value is taken for the program's where it hides a credential or everything;
 * names that the program did not write are drift, because a full replacement removes them.
 */
export function projectEntries(
  wanted: Entries | undefined,
  list: readonly NameValue[],
  caseInsensitive: boolean,
): Entries | undefined {
  const fold = (name: string): string =>
    caseInsensitive ? name.trim().toLowerCase() : name.trim();
  const actual = new Map<string, [name: string, values: string[]]>();
  for (const { name, value } of list) {
    const key = fold(name);
    const seen = actual.get(key);
    if (seen) {
      seen[1].push(value);
    } else {
      actual.set(key, [name, [value]]);
    }
  }
  const kept: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries(wanted ?? {})) {
    const found = actual.get(fold(name));
    actual.delete(fold(name));
    if (found) {
      kept.push([name, sameValues(name, [value].flat(), found[1]) ? value : unlist(found[1])]);
    } else if (Array.isArray(value) && value.length === 0) {
      kept.push([name, value]);
    }
  }
  for (const [name, values] of actual.values()) {
    kept.push([name, unlist(values)]);
  }
  if (kept.length === 0 && wanted === undefined) {
    return undefined;
  }
  // `__proto__` is a legal header name: made of pairs, it is one like any other.
  return Object.fromEntries(kept);
}

/** The order among the values of one name is the vendor's to choose. */
function sameValues(name: string, wanted: readonly string[], actual: readonly string[]): boolean {
  if (wanted.length !== actual.length) {
    return false;
  }
  if (actual.every((text, index) => isHidden(name, wanted, text, wanted[index] ?? ""))) {
    return wanted.every((text) => text !== "");
  }
  const rest = actual.map((text) => text.trim());
  return wanted.every((text) => {
    const at = rest.indexOf(text.trim());
    return at >= 0 && rest.splice(at, 1).length === 1;
  });
}

/**
 * Whether a vendor's text stands for a value that it hides. Of what is no credential, only
 * asterisks between the value's own ends are a mask: elsewhere `wait...` and `[hidden]` are values
 * like any other.
 */
function isHidden(name: string, wanted: readonly string[], text: string, value: string): boolean {
  return (
    isAllMask(text) ||
    isMaskOf(text, value) ||
    (isMasked(text) && (namesCredential(name) || wanted.every(looksLikeCredential)))
  );
}

function unlist(values: string[]): string | string[] {
  return values.length === 1 ? (values[0] ?? "") : values;
}
