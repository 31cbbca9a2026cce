import { adoptingField, type FieldTable } from "../../model/field";
import { type Definition } from "../definition";
import { type Stacks } from "../read/pulumi-files";
import { positionOf } from "../read/source";
import { type ExportedFiles, exportFiles, type Taken } from "./export-files";
import { type KnownDefinitions, referencedKeys } from "./known-definitions";
import { type ExistingConnector, type Workspace } from "./read-workspace";

/** What to export, and for which folder. */
export interface ExportRequest {
  readonly table: FieldTable;
  readonly workspace: Workspace;
  readonly known: KnownDefinitions;
  /** What earlier connectors use; the names and keys of these ones are added. */
  readonly taken: Taken;
  /** Write connectors again that the folder defines already. */
  readonly overwrite: boolean;
  /** Where an editor finds the schema, relative to the folder. */
  readonly schema: string;
}

/** Definition files of a workspace, not written yet. */
export interface ExportedWorkspace {
  /** Connectors with diagnostics cannot be written. */
  readonly connectors: readonly ExportedFiles[];
  /** How many connectors the folder defines already. */
  readonly skipped: number;
  /** Why connectors that should be overwritten are not. */
  readonly refused: readonly string[];
  /** What has become of connectors that the folder defines already. */
  readonly changed: readonly string[];
}

/** What is in use before an export. */
export function takenIn(known: KnownDefinitions, stacks: Stacks | undefined): Taken {
  return { names: known.names(), keys: known.configKeys(stacks) };
}

/**
 * The definition files of every connector that the folder does not define yet, or that it may
 * overwrite.
 */
export function exportWorkspace(request: ExportRequest): ExportedWorkspace {
  const { table, workspace, known, taken, schema } = request;
  const { selected, refused } = selectConnectors(request);
  const connectors = selected.map(({ ref, definition }) => {
    const previous = known.ofConnector(table, ref.key);
    if (previous) {
      // A definition that is overwritten keeps its keys.
      referencedKeys(previous).forEach((key) => taken.keys.delete(key));
    }
    return exportFiles(table, definition, ref.key, schema, taken, previous?.name);
  });
  return {
    connectors,
    skipped: workspace.connectors.length - selected.length,
    refused,
    changed: changesSince(request, selected),
  };
}

/** Definitions whose connector is gone, or has another name now. */
function changesSince(
  { table, workspace, known }: ExportRequest,
  selected: readonly ExistingConnector[],
): string[] {
  const { vendor } = table;
  const byKey = new Map(workspace.connectors.map((each) => [each.ref.key, each]));
  const isRead = workspace.failures.length === 0;
  return known.adopting(table).flatMap(({ definition, key }) => {
    const found = byKey.get(key);
    const at = `${definition.name} (${definition.place.source.path}:${positionOf(definition.place).line})`;
    if (found === undefined) {
      const gone = `${at} names the connector ${key}, which ${vendor} does not have. Delete the definition, or remove ${adoptingField(table)} to create the connector again`;
      return isRead ? [gone] : [];
    }
    const [before, now] = [nameIn(definition), found.definition.properties["name"]];
    return before === undefined || before === now || selected.includes(found)
      ? []
      : [
          `${at} defines the connector ${key} as ${JSON.stringify(before)}; at ${vendor} it is ${JSON.stringify(now)} now. Correct name, or export it again with --overwrite`,
        ];
  });
}

/** The connector's name, unless it depends on the stack. */
function nameIn({ properties }: Definition): string | undefined {
  const node = properties.entries.get("name");
  const name = node?.kind === "scalar" ? String(node.value) : undefined;
  return name?.includes("${") ? undefined : name;
}

function selectConnectors({ table, workspace, known, overwrite }: ExportRequest): {
  readonly selected: readonly ExistingConnector[];
  readonly refused: readonly string[];
} {
  const refused: string[] = [];
  const selected = workspace.connectors.filter(({ ref }) => {
    const previous = known.ofConnector(table, ref.key);
    if (previous === undefined || (overwrite && known.isExported(previous))) {
      return true;
    }
    if (overwrite) {
      refused.push(
        `${previous.name} is not overwritten, because ${previous.place.source.path} holds more than the command writes. Move the definition to a file ${previous.name}.yaml of its own, without options`,
      );
    }
    return false;
  });
  return { selected, refused };
}
