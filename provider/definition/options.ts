import { suggest } from "../diagnostics";
import { type DefinitionDiagnostic, errorAt } from "./file-diagnostic";
import { type MapNode, type Node } from "./read/node";
import { type Place } from "./read/source";

/** Pulumi's resource options that apply to a connector. */
export interface DefinitionOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** Property paths. */
  readonly ignoreChanges?: readonly NameReference[];
  readonly aliases?: readonly string[];
  /** Names of definitions. */
  readonly dependsOn?: readonly NameReference[];
  /** Name of an explicit provider. */
  readonly provider?: NameReference;
}

/** The name of something that is declared elsewhere. */
export interface NameReference {
  readonly name: string;
  readonly place: Place;
}

/** How one option is read. */
interface OptionType<T> {
  /** `undefined` where the value is of another type. */
  readonly read: (node: Node) => T | undefined;
  /** Follows the option's name: `must be true or false`. */
  readonly message: string;
  readonly hint?: string;
}

const flag: OptionType<boolean> = {
  read: (node) =>
    node.kind === "scalar" && typeof node.value === "boolean" ? node.value : undefined,
  message: "must be true or false",
  hint: "Write true or false, without quotes",
};

function list<T>(read: (names: readonly NameReference[]) => T, example: string): OptionType<T> {
  return {
    read: (node) => {
      const names = node.kind === "list" ? node.items.map(nameIn) : [undefined];
      return names.every((each) => each !== undefined) ? read(names) : undefined;
    },
    message: "must be a list of texts",
    hint: `Example: ${example}`,
  };
}

const textsOf = (names: readonly NameReference[]): string[] => names.map(({ name }) => name);

const OPTIONS: {
  readonly [Name in keyof DefinitionOptions]-?: OptionType<DefinitionOptions[Name]>;
} = {
  protect: flag,
  retainOnDelete: flag,
  ignoreChanges: list((paths) => paths, "ignoreChanges: [rateLimit]"),
  aliases: list(textsOf, "aliases: [scoring]"),
  dependsOn: list((names) => names, "dependsOn: [scoring]"),
  provider: { read: nameIn, message: "must be the name of a provider, as text" },
};

/** Reads the options of a definition. */
export function readOptions(node: Node | undefined): {
  readonly options: DefinitionOptions;
  readonly diagnostics: readonly DefinitionDiagnostic[];
} {
  if (node === undefined) {
    return { options: {}, diagnostics: [] };
  }
  if (node.kind !== "map") {
    const hint = "Example: options: {protect: true}";
    return {
      options: {},
      diagnostics: [errorAt("definition/options", node.place, "options must be a map", hint)],
    };
  }
  const diagnostics: DefinitionDiagnostic[] = unknownKeys(
    node,
    Object.keys(OPTIONS),
    "definition/options",
    "there is no option of this name",
  );
  const options: Record<string, unknown> = {};
  for (const [name, { read, message, hint }] of Object.entries(OPTIONS)) {
    const entry = node.entries.get(name);
    if (entry === undefined) {
      continue;
    }
    const value = read(entry);
    if (value === undefined) {
      diagnostics.push(errorAt("definition/options", entry.place, `${name} ${message}`, hint));
    } else {
      options[name] = value;
    }
  }
  return { options, diagnostics };
}

function nameIn(node: Node): NameReference | undefined {
  return node.kind === "scalar" && typeof node.value === "string" && node.value !== ""
    ? { name: node.value, place: node.place }
    : undefined;
}

/** An error for each key that is not known, with a suggestion. */
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
