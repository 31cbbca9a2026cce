import { suggest } from "../diagnostics";
import { type DefinitionDiagnostic, errorAt } from "./diagnostic";
import { type MapNode, type Node } from "./read/node";
import { type Place } from "./read/source";

/** Pulumi's resource options, as far as they mean something for a connector. */
export interface DefinitionOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly aliases?: readonly string[];
  /** Names of definitions, each with its place. */
  readonly dependsOn?: readonly Named[];
  /** Name of an explicit provider, with its place. */
  readonly provider?: Named;
}

/** A name that stands for something declared elsewhere. */
export interface Named {
  readonly name: string;
  readonly place: Place;
}

const FLAGS = ["protect", "retainOnDelete"] as const;
const LISTS = ["ignoreChanges", "aliases", "dependsOn"] as const;
const KNOWN: readonly string[] = [...FLAGS, ...LISTS, "provider"];

/** The options that a definition writes, and what is wrong with them. */
export function readOptions(node: Node | undefined): {
  readonly options: DefinitionOptions;
  readonly diagnostics: readonly DefinitionDiagnostic[];
} {
  if (node === undefined) {
    return { options: {}, diagnostics: [] };
  }
  if (node.kind !== "map") {
    return {
      options: {},
      diagnostics: [
        errorAt(
          "definition/options",
          node.place,
          "options must be a map",
          "Example: options: {protect: true}",
        ),
      ],
    };
  }
  const diagnostics: DefinitionDiagnostic[] = unknownKeys(
    node,
    KNOWN,
    "definition/options",
    "there is no option of this name",
  );
  const options: Record<string, unknown> = {};
  const refuse = (entry: Node, message: string, hint?: string): void =>
    void diagnostics.push(errorAt("definition/options", entry.place, message, hint));
  for (const [key, entry] of node.entries) {
    if ((FLAGS as readonly string[]).includes(key)) {
      if (entry.kind === "scalar" && typeof entry.value === "boolean") {
        options[key] = entry.value;
      } else {
        refuse(entry, `${key} must be true or false`, "Write it without quotes");
      }
    } else if ((LISTS as readonly string[]).includes(key)) {
      const names = entry.kind === "list" ? entry.items.map(named) : [undefined];
      if (names.every((each) => each !== undefined)) {
        options[key] = key === "dependsOn" ? names : names.map(({ name }) => name);
      } else {
        refuse(
          entry,
          `${key} must be a list of texts`,
          `Example: ${key}: [${key === "ignoreChanges" ? "rateLimit" : "scoring"}]`,
        );
      }
    } else if (key === "provider") {
      const name = named(entry);
      if (name) {
        options["provider"] = name;
      } else {
        refuse(entry, "provider must be the name of a provider, as text");
      }
    }
  }
  return { options, diagnostics };
}

function named(node: Node): Named | undefined {
  return node.kind === "scalar" && typeof node.value === "string" && node.value !== ""
    ? { name: node.value, place: node.place }
    : undefined;
}

/** A fault for each key that means nothing, with the one that was probably meant. */
export function unknownKeys(
  map: MapNode,
  known: readonly string[],
  rule: string,
  message: string,
): DefinitionDiagnostic[] {
  return [...map.entries]
    .filter(([key]) => !known.includes(key))
    .map(([key, { key: place }]) => {
      const meant = suggest(key, known);
      return errorAt(
        rule,
        place ?? map.place,
        message,
        meant === undefined ? `Known: ${known.join(", ")}` : `Did you mean ${meant}?`,
      );
    });
}
