import { joinPath, suggest } from "../../diagnostics";
import { adoptingField } from "../../model/field";
import { type Definition, propertyPath } from "../definition";
import { type DefinitionDiagnostic, errorAt, warningAt } from "../file-diagnostic";
import { type Node } from "../read/node";
import { positionOf } from "../read/source";

/** Checks definitions against each other. */
export function checkAcross(definitions: readonly Definition[]): DefinitionDiagnostic[] {
  return [...checkDependencies(definitions), ...sameIds(definitions), ...sameNames(definitions)];
}

/** Checks that every name in `dependsOn` is defined, and that there are no cycles. */
export function checkDependencies(definitions: readonly Definition[]): DefinitionDiagnostic[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const diagnostics: DefinitionDiagnostic[] = [];
  for (const definition of definitions.filter(({ selected }) => selected)) {
    for (const { name, place } of definition.options.dependsOn ?? []) {
      const path = joinPath("connectors", definition.name, "options", "dependsOn");
      if (!byName.has(name)) {
        const meant = suggest(
          name,
          [...byName.keys()].filter((each) => each !== definition.name),
        );
        diagnostics.push(
          errorAt(
            "definition/depends-on",
            place,
            "no connector of this name is defined",
            meant === undefined ? "Write the name of a definition" : `Did you mean ${meant}?`,
            path,
          ),
        );
      } else if (name === definition.name) {
        diagnostics.push(
          errorAt(
            "definition/depends-on",
            place,
            "a connector cannot depend on itself",
            "Remove the dependency",
            path,
          ),
        );
      } else if (reaches(name, definition.name, byName)) {
        diagnostics.push(
          errorAt(
            "definition/depends-on",
            place,
            "the two depend on each other",
            "Remove one of the dependencies",
            path,
          ),
        );
      }
    }
  }
  return diagnostics;
}

function reaches(from: string, to: string, byName: ReadonlyMap<string, Definition>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) {
      return true;
    }
    if (seen.has(name)) {
      continue;
    }
    seen.add(name);
    open.push(...(byName.get(name)?.options.dependsOn ?? []).map((each) => each.name));
  }
  return false;
}

function sameIds(definitions: readonly Definition[]): DefinitionDiagnostic[] {
  return duplicates(definitions, (definition) => {
    const id = adoptedIdNode(definition);
    return id?.kind === "scalar" && id.value !== null
      ? [id, `${workspaceOf(definition)}/${String(id.value)}`]
      : undefined;
  }).map(([definition, node, first]) =>
    errorAt(
      "definition/same-id",
      node.place,
      `${first} already adopts this connector`,
      "A connector can have only one definition: correct one of the two",
      propertyPath(definition, adoptingField(definition.vendor.table)),
    ),
  );
}

/**
 * People cannot distinguish connectors of the same name in one workspace, and neither can a
 * deployment that lost its state.
 */
function sameNames(definitions: readonly Definition[]): DefinitionDiagnostic[] {
  return duplicates(definitions, (definition) => {
    const name = definition.properties.entries.get("name");
    if (
      name?.kind !== "scalar" ||
      typeof name.value !== "string" ||
      name.value.includes("${") ||
      isDistinguished(definition)
    ) {
      return undefined;
    }
    return [name, `${workspaceOf(definition)}/${name.value.trim()}`];
  }).map(([definition, node, first]) =>
    warningAt(
      "definition/same-name",
      node.place,
      `${first} has the same name in the same workspace`,
      'Give it another name, or write onConflict: "create" if both should exist',
      propertyPath(definition, "name"),
    ),
  );
}

/**
 * Definitions whose key an earlier one has, each with the node of the key and a description of the
 * earlier one.
 */
function duplicates(
  definitions: readonly Definition[],
  keyOf: (definition: Definition) => readonly [Node, string] | undefined,
): [Definition, Node, string][] {
  const seen = new Map<string, string>();
  return definitions.flatMap((definition): [Definition, Node, string][] => {
    const [node, key] = keyOf(definition) ?? [];
    if (node === undefined || key === undefined) {
      return [];
    }
    const first = seen.get(key);
    if (first !== undefined) {
      return definition.selected ? [[definition, node, first]] : [];
    }
    seen.set(
      key,
      `${definition.name} (${definition.place.source.path}:${positionOf(definition.place).line})`,
    );
    return [];
  });
}

function isDistinguished(definition: Definition): boolean {
  const onConflict = definition.properties.entries.get("onConflict");
  return (
    (onConflict?.kind === "scalar" && onConflict.value === "create") ||
    adoptedIdNode(definition) !== undefined
  );
}

function adoptedIdNode({ properties, vendor }: Definition): Node | undefined {
  return properties.entries.get(adoptingField(vendor.table));
}

/**
 * Identifies the workspace that a definition writes: the properties whose change replaces the
 * connector, except its id.
 */
function workspaceOf({ type, vendor, options, properties }: Definition): string {
  const places = vendor.table.fields
    .filter(({ replaces, createOnly }) => replaces && !createOnly)
    .map(({ name }) => properties.entries.get(name));
  return JSON.stringify([
    type,
    options.provider?.name,
    ...places.map((node) => (node?.kind === "scalar" ? node.value : undefined)),
  ]);
}

/** Options that Pulumi supports only for a whole resource, and a fleet is one resource. */
export function checkFleetOptions(definition: Definition): DefinitionDiagnostic[] {
  const { protect, aliases, dependsOn } = definition.options;
  const given = Object.entries({ protect, aliases, dependsOn })
    .filter(([, value]) => value !== undefined)
    .map(([option]) => option);
  return given.map((option) =>
    errorAt(
      "definition/fleet",
      definition.place,
      `a fleet is one resource, so ${option} cannot apply to one of its connectors`,
      option === "protect" ? "Remove it; the program can protect the whole fleet" : "Remove it",
      joinPath("connectors", definition.name, "options", option),
    ),
  );
}
