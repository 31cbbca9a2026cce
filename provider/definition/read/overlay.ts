import { type MapNode, type Node } from "./node";

/**
 * Merges the overlay of one environment into what all environments share:
 *
 * 1. Maps merge key by key, at every depth.
 * 2. Any other value (text, number, list) replaces the whole value.
 * 3. `null` removes a key. The key can be a connector.
 * 4. Keys that only the overlay has are added.
 *
 * Every part keeps its place.
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

/** Removes nulls from a value that only the overlay has: there is nothing to remove. */
function withoutNulls(node: Node): Node {
  if (node.kind !== "map") {
    return node;
  }
  const kept = [...node.entries].filter(
    ([, entry]) => entry.kind !== "scalar" || entry.value !== null,
  );
  return { ...node, entries: new Map(kept.map(([key, entry]) => [key, withoutNulls(entry)])) };
}
