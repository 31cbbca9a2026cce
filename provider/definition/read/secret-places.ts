import {
  isReference,
  looksLikeCredential,
  namesCredential,
  textCredentials,
} from "../../model/credential-detection";
import { type MapNode, type Node, type ScalarNode } from "./node";
import { type Place } from "./source";

/**
 * Places of everything in a tree that is, or may be, secret, whether or not it is a valid
 * definition.
 */
export function secretPlaces(node: Node): Place[] {
  const places: Place[] = [];
  collect(node, false, places);
  return places;
}

/** @param isSecret whether the node is below a key that holds secrets. */
function collect(node: Node, isSecret: boolean, places: Place[]): void {
  switch (node.kind) {
    case "scalar":
      if (holdsSecret(node, isSecret)) {
        places.push(node.place);
      }
      return;
    case "list":
      for (const item of node.items) {
        collect(item, isSecret, places);
      }
      return;
    case "map":
      for (const [key, entry] of node.entries) {
        collect(entry, isSecret || isSecretKey(node, key), places);
      }
  }
}

function holdsSecret({ value }: ScalarNode, isSecret: boolean): boolean {
  const text = String(value ?? "");
  if (isSecret) {
    return !isReference(text);
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
