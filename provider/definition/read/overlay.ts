import { type MapNode, type Node } from "./node";

/**
 * Lays what one environment writes over what all environments share:
 *
 * 1. Maps merge key by key, at every depth.
 * 2. Anything else (texts, numbers, lists) replaces what was there as a whole.
 * 3. `null` takes a key away, a connector included.
 * 4. What only the overlay has is added.
 *
 * Every part keeps the place where it is written.
 */
export function overlay(base: Node, over: Node): Node {
  if (base.kind !== "map" || over.kind !== "map") {
    return over;
  }
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    if (entry.kind === "scalar" && entry.value === null) {
      entries.delete(key);
    } else {
      entries.set(key, below ? overlay(below, entry) : withoutNulls(entry));
    }
  }
  return { ...base, entries } satisfies MapNode;
}

/** What only the overlay has takes nothing away: there is nothing. */
function withoutNulls(node: Node): Node {
  if (node.kind !== "map") {
    return node;
  }
  const kept = [...node.entries].filter(
    ([, entry]) => entry.kind !== "scalar" || entry.value !== null,
  );
  return { ...node, entries: new Map(kept.map(([key, entry]) => [key, withoutNulls(entry)])) };
}
