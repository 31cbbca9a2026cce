import {
  isReference,
  looksLikeCredential,
  namesCredential,
  textCredentials,
} from "../../model/credential-detection";
import { type Node } from "./node";
import { type Place } from "./source";

/** Places of all that is, or may be, secret in a tree, whether or not a definition is made of it. */
export function secretPlaces(node: Node): Place[] {
  const places: Place[] = [];
  const walk = (each: Node, secret: boolean): void => {
    if (each.kind === "scalar") {
      const text = String(each.value ?? "");
      if (
        secret
          ? !isReference(text)
          : typeof each.value === "string" &&
            (looksLikeCredential(text) || textCredentials(text).length > 0)
      ) {
        places.push(each.place);
      }
    } else if (each.kind === "list") {
      for (const item of each.items) {
        walk(item, secret);
      }
    } else {
      const name = each.entries.get("name") ?? each.entries.get("id");
      const pair = name?.kind === "scalar" && namesCredential(String(name.value));
      for (const [key, entry] of each.entries) {
        walk(
          entry,
          secret || key === "secrets" || namesCredential(key) || (pair && key === "value"),
        );
      }
    }
  };
  walk(node, false);
  return places;
}
