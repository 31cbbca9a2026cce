import {
  isReference,
  looksLikeCredential,
  namesCredential,
  textCredentials,
} from "../../model/credential-detection";
import { suggest } from "../../diagnostics";
import { VENDOR_NAMES, VENDORS } from "../../vendors/index";
import { type MapNode, type Node, type ScalarNode } from "./node";
import { type Place } from "./source";

/**
 * Places of everything in a definition file that is, or may be, secret, whether or not it is a valid
 * one. A value at a place where no definition has one may be a secret that lost its key or its
 * indentation.
 */
export function secretPlaces(node: Node): Place[] {
  const places: Place[] = [];
  collect(node, false, places);
  for (const stray of strayNodes(node)) {
    collect(stray, true, places);
  }
  return places;
}

/** The values of a file that no definition has. */
function strayNodes(node: Node): Node[] {
  const { strays, known } = entriesOf([node], (key) => /^(connectors|\$schema|x-.*)$/.test(key));
  const connectors = entriesOf(known.get("connectors") ?? [], () => true);
  const parts = entriesOf([...connectors.known.values()].flat(), (key) => PARTS.includes(key));
  const properties = entriesOf(parts.known.get("properties") ?? [], isProperty);
  return [...strays, ...connectors.strays, ...parts.strays, ...properties.strays];
}

/** Keys of a connector. */
const PARTS: readonly string[] = ["type", "properties", "options", "examples"];

const FIELDS = VENDOR_NAMES.flatMap((name) => VENDORS[name].table.fields);
const NAMES = FIELDS.map(({ name }) => name);

/** Whether a property is known, or a misspelling of one that holds no secret. */
function isProperty(name: string): boolean {
  const meant = suggest(name, NAMES);
  return (
    NAMES.includes(name) ||
    FIELDS.some((field) => field.name === meant && field.secret === undefined)
  );
}

/** The entries of maps by their keys where those are known; all else is stray. */
function entriesOf(
  nodes: readonly Node[],
  isKnown: (key: string) => boolean,
): { readonly strays: readonly Node[]; readonly known: ReadonlyMap<string, readonly Node[]> } {
  const strays: Node[] = [];
  const known = new Map<string, Node[]>();
  for (const node of nodes) {
    if (node.kind !== "map") {
      strays.push(node);
      continue;
    }
    for (const [key, entry] of node.entries) {
      if (isKnown(key)) {
        known.set(key, [...(known.get(key) ?? []), entry]);
      } else {
        strays.push(entry);
      }
    }
  }
  return { strays, known };
}

/** @param isSecret whether the node is below a key that holds secrets. */
function collect(node: Node, isSecret: boolean, places: Place[]): void {
  switch (node.kind) {
    case "scalar":
      if (holdsSecret(node, isSecret)) {
        places.push(withAnchor(node.place));
      }
      return;
    case "list":
      for (const item of node.items) {
        collect(item, isSecret, places);
        if (isSecret && item.kind === "map") {
          // A colon in the text makes a map of it, whose key is a part of the text.
          places.push(...[...item.entries.values()].flatMap(({ key }) => key ?? []));
        }
      }
      return;
    case "map":
      for (const [key, entry] of node.entries) {
        collect(entry, isSecret || isSecretKey(node, key), places);
      }
  }
}

/** Matches right behind an anchor, which is its group. Looks back from there, however long a file is. */
const BEHIND_ANCHOR = /(?<=(&[^\s,[\]{}]*\s*))/y;

/** A secret that begins with `&`, without quotes, is read as the anchor of a value. */
function withAnchor(place: Place): Place {
  BEHIND_ANCHOR.lastIndex = place.start;
  const [, anchor = ""] = BEHIND_ANCHOR.exec(place.source.text) ?? [];
  return { ...place, start: place.start - anchor.length };
}

function holdsSecret({ value }: ScalarNode, isSecret: boolean): boolean {
  const text = String(value ?? "");
  if (isSecret) {
    return value === null || !isReference(text);
  }
  return (
    typeof value === "string" && (looksLikeCredential(text) || textCredentials(text).length > 0)
  );
}

/**
 * Whether a key of a map holds a secret: by its own name, or as the `value` of a name and value
 * pair.
 */
function isSecretKey(map: MapNode, key: string): boolean {
  if (key === "secrets" || namesCredential(key)) {
    return true;
  }
  const name = map.entries.get("name") ?? map.entries.get("id");
  return key === "value" && name?.kind === "scalar" && namesCredential(String(name.value));
}
