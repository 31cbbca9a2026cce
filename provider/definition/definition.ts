import { joinPath, suggest } from "../diagnostics";
import { type KeyPath } from "../model/credential-detection";
import { type DefinitionDiagnostic, errorAt, errorInFile } from "./file-diagnostic";
import { type VendorRow, VENDORS } from "../vendors/index";
import { type MapNode, type Node } from "./read/node";
import { type DefinitionOptions, readOptions, unknownKeys } from "./options";
import { type Place } from "./read/source";

/** A connector as written in a file. */
export interface Definition {
  /** The resource's name in the stack. The connector's own name is a property. */
  readonly name: string;
  /** Where the name is written. */
  readonly place: Place;
  /** The resource's class name. */
  readonly type: string;
  readonly vendor: VendorRow;
  readonly properties: MapNode;
  readonly options: DefinitionOptions;
  /** Rows and the requests that they lead to; only `validate` reads them. */
  readonly examples?: Node;
  /** Absolute path of the folder that paths in the definition are relative to. */
  readonly folder: string;
  /** False for a definition of a file that was only loaded because another one depends on it. */
  readonly selected: boolean;
}

/** The definitions of a file, and what is wrong with it. */
export interface Defined {
  readonly definitions: readonly Definition[];
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** A property's path within its file, for example `connectors.awin.properties.name`. */
export function propertyPath({ name }: Definition, ...path: KeyPath): string {
  return joinPath("connectors", name, "properties", ...path);
}

const TYPES = Object.values(VENDORS).map(({ table }) => table.resource);

/** Reads the definitions of a file. `node` is absent for an empty file. */
export function readDefinitions(
  node: Node | undefined,
  file: string,
  folder: string,
  selected = true,
): Defined {
  if (node === undefined) {
    return withoutDefinitions(
      errorInFile(
        "file/empty",
        file,
        "is empty",
        "Write connectors: with a connector in it, or delete the file",
      ),
    );
  }
  if (node.kind !== "map") {
    return withoutDefinitions(
      invalidShape(node, "a definition file must be a map", "Start it with connectors:"),
    );
  }
  const connectors = node.entries.get("connectors");
  const unknown = unknownKeys(
    without(node, /^(x-.*|\$schema)$/),
    ["connectors"],
    "definition/key",
    "a definition file has no key of this name",
  );
  if (connectors === undefined) {
    return withoutDefinitions(
      ...unknown,
      invalidShape(node, "defines no connectors", "Start it with connectors:"),
    );
  }
  if (connectors.kind !== "map") {
    return withoutDefinitions(
      ...unknown,
      invalidShape(
        connectors,
        "connectors must be a map",
        "Write the name of each connector's resource, with type and properties below it",
      ),
    );
  }
  const read = [...connectors.entries].map(([name, connector]) =>
    readDefinition(name, connector, folder, selected),
  );
  return {
    definitions: read.flatMap(({ definitions }) => definitions),
    diagnostics: [...unknown, ...read.flatMap(({ diagnostics }) => diagnostics)],
  };
}

function readDefinition(name: string, node: Node, folder: string, selected: boolean): Defined {
  const place = node.key ?? node.place;
  const at = joinPath("connectors", name);
  if (node.kind !== "map") {
    return withoutDefinitions(
      invalidShape(node, "a connector must be a map", "Write type and properties", at),
    );
  }
  const diagnostics: DefinitionDiagnostic[] = [];
  if (name.trim() === "" || name.includes("::") || /[\u0000-\u001f\u007f]/.test(name)) {
    diagnostics.push(
      errorAt(
        "definition/name",
        place,
        "cannot be a resource name: it is empty, or holds :: or control characters",
        "Use letters, digits and -",
      ),
    );
  }
  diagnostics.push(
    ...unknownKeys(
      node,
      ["type", "properties", "options", "examples"],
      "definition/key",
      "a connector has no key of this name; its properties go below properties",
    ),
  );
  const { options, diagnostics: ofOptions } = readOptions(node.entries.get("options"));
  diagnostics.push(...ofOptions);
  const type = typeOf(node, at, diagnostics);
  const properties = node.entries.get("properties");
  if (properties === undefined) {
    diagnostics.push(
      invalidShape(
        node,
        "has no properties",
        "Write properties: with at least the connector's name",
        at,
      ),
    );
  } else if (properties.kind !== "map") {
    diagnostics.push(
      invalidShape(
        properties,
        "properties must be a map",
        "Write name: value pairs",
        `${at}.properties`,
      ),
    );
  }
  if (type === undefined || properties?.kind !== "map") {
    return withoutDefinitions(...diagnostics);
  }
  const examples = node.entries.get("examples");
  const definition = { name, place, ...type, properties, options, examples, folder, selected };
  return { definitions: [definition], diagnostics };
}

function typeOf(
  node: MapNode,
  at: string,
  diagnostics: DefinitionDiagnostic[],
): { readonly type: string; readonly vendor: VendorRow } | undefined {
  const type = node.entries.get("type");
  const name = type?.kind === "scalar" && typeof type.value === "string" ? type.value : undefined;
  const vendor = Object.values(VENDORS).find(({ table }) => table.resource === name);
  if (name !== undefined && vendor) {
    return { type: name, vendor };
  }
  const meant = name === undefined ? undefined : suggest(name, TYPES);
  const hint = meant === undefined ? `Write one of ${TYPES.join(", ")}` : `Did you mean ${meant}?`;
  diagnostics.push(
    errorAt(
      "definition/type",
      type?.place ?? node.key ?? node.place,
      type ? "there is no connector type of this name" : "a connector must have a type",
      hint,
      `${at}.type`,
    ),
  );
  return undefined;
}

function without(map: MapNode, keys: RegExp): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => !keys.test(key))) };
}

function invalidShape(node: Node, message: string, hint: string, path = ""): DefinitionDiagnostic {
  return errorAt("definition/shape", node.key ?? node.place, message, hint, path);
}

function withoutDefinitions(...diagnostics: readonly DefinitionDiagnostic[]): Defined {
  return { definitions: [], diagnostics };
}
