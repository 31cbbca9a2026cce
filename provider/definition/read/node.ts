import { type KeyPath } from "../../model/credential-detection";
import { type Json } from "../../json";
import { type Place } from "./source";

/**
 * A value as written in a file, with the place of each part. Included content keeps the places of
 * its own file.
 */
export type Node = ScalarNode | ListNode | MapNode;

interface Written {
  readonly place: Place;
  /** Its key, in a map. */
  readonly key?: Place;
}

export interface ScalarNode extends Written {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** A number as YAML writes it, where its value is written differently: `007`, `1.10`. */
  readonly literal?: string;
}

export interface ListNode extends Written {
  readonly kind: "list";
  readonly items: readonly Node[];
}

export interface MapNode extends Written {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Node>;
}

/** The value without places. */
export function valueOf(node: Node): Json {
  if (node.kind === "scalar") {
    return node.value;
  }
  if (node.kind === "list") {
    return node.items.map(valueOf);
  }
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, valueOf(entry)]));
}

/** The scalars within a node, each with its path, which begins with that of the node. */
export function scalarsIn(
  node: Node,
  path: KeyPath = [],
): (readonly [scalar: ScalarNode, path: KeyPath])[] {
  if (node.kind === "scalar") {
    return [[node, path]];
  }
  return node.kind === "list"
    ? node.items.flatMap((item, index) => scalarsIn(item, [...path, index]))
    : [...node.entries].flatMap(([key, entry]) => scalarsIn(entry, [...path, key]));
}

/** The node at a path, or the nearest one above it. */
export function nearest(node: Node, path: KeyPath): Node {
  const [step, ...rest] = path;
  const next = step === undefined ? undefined : childOf(node, step);
  return next ? nearest(next, rest) : node;
}

/** The node at a path. */
export function nodeAt(node: Node, path: KeyPath): Node | undefined {
  const [step, ...rest] = path;
  if (step === undefined) {
    return node;
  }
  const next = childOf(node, step);
  return next && nodeAt(next, rest);
}

function childOf(node: Node, step: string | number): Node | undefined {
  if (node.kind === "list") {
    return typeof step === "number" ? node.items[step] : undefined;
  }
  return node.kind === "map" ? node.entries.get(String(step)) : undefined;
}
