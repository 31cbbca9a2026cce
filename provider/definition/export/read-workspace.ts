import { ConnectorError } from "../../errors";
import { type Ref } from "../../lifecycle/adapter";
import { type ExportedDefinition } from "../../model/field";
import { type ProgressLine, type VendorConnection } from "../connection";
import { DefinitionError } from "../file-diagnostic";

/** An existing connector, and the definition that adopts it. */
export interface ExistingConnector {
  readonly ref: Ref;
  readonly definition: ExportedDefinition;
}

/** The connectors of a workspace, in the order of their ids. */
export interface Workspace {
  readonly connectors: readonly ExistingConnector[];
  /** Why connectors that are listed could not be read. */
  readonly failures: readonly string[];
  /** Names of connectors that were deleted while the command read. */
  readonly deleted: readonly string[];
}

/** Reads every connector of a workspace. One that cannot be read does not stop the others. */
export async function readWorkspace(
  { table, adapter, scope: workspace, inputs, checkSettings, definitionOf }: VendorConnection,
  progress: ProgressLine,
): Promise<Workspace> {
  const [settingError] = checkSettings(inputs);
  if (settingError !== undefined) {
    throw new DefinitionError(settingError);
  }
  const scope = workspace ?? "";
  const { items, complete } = await adapter.list(scope, "content");
  if (!complete) {
    throw new DefinitionError(
      `${table.vendor} did not list all connectors, so some would be missing. Nothing was written. Run the command again later.`,
    );
  }
  let done = 0;
  const failures: string[] = [];
  const deleted: string[] = [];
  const found = await Promise.all(
    items.map(async (item): Promise<ExistingConnector[]> => {
      const ref = { scope, key: adapter.keyOf(item) };
      const remote = await adapter
        .complete(ref, item, undefined, {
          verb: "read",
          name: adapter.nameOf(item),
          ref,
          sensitive: [],
        })
        .then((whole) => {
          if (whole === undefined) {
            deleted.push(`${adapter.nameOf(item)} (id ${ref.key})`);
          }
          return whole;
        })
        .catch((error: unknown) => {
          if (!(error instanceof ConnectorError)) {
            throw error;
          }
          failures.push(error.message);
          return undefined;
        });
      progress.at((done += 1), items.length);
      return remote === undefined ? [] : [{ ref, definition: definitionOf(ref, remote) }];
    }),
  ).finally(() => progress.end());
  return { connectors: found.flat().sort(byKey), failures, deleted };
}

/** Numbers by their value, anything else by its text. */
function byKey({ ref: one }: ExistingConnector, { ref: other }: ExistingConnector): number {
  const number = (key: string): number => (/^\d+$/.test(key) ? Number(key) : 0);
  return number(one.key) - number(other.key) || (one.key < other.key ? -1 : 1);
}
