import { type FieldTable } from "../../model/field";
import { type Stacks } from "../read/pulumi-files";
import { type ExportedFiles, exportFiles } from "./export-files";
import { type KnownDefinitions, referencedKeys } from "./known-definitions";
import { type ExistingConnector, type Workspace } from "./read-workspace";

/** What to export, and for which folder. */
export interface ExportRequest {
  readonly table: FieldTable;
  readonly workspace: Workspace;
  readonly known: KnownDefinitions;
  readonly stacks: Stacks | undefined;
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
}

/**
 * The definition files of every connector that the folder does not define yet, or that it may
 * overwrite.
 */
export function exportWorkspace(request: ExportRequest): ExportedWorkspace {
  const { table, workspace, known, stacks, schema } = request;
  const { selected, refused } = selectConnectors(request);
  const taken = { names: known.names(), keys: known.configKeys(stacks) };
  const connectors = selected.map(({ ref, definition }) => {
    const previous = known.ofConnector(table, ref.key);
    if (previous) {
      // A definition that is overwritten keeps its keys.
      referencedKeys(previous).forEach((key) => taken.keys.delete(key));
    }
    return exportFiles(table, definition, ref.key, schema, taken, previous?.name);
  });
  return { connectors, skipped: workspace.connectors.length - selected.length, refused };
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
