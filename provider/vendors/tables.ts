import { type FieldTable } from "../model/field";
import { Unknown } from "../model/unknown";
import { databarFields } from "./databar/fields";
import { supermetricsFields } from "./supermetrics/fields";
import { describeLogo } from "./supermetrics/logo";

/** What a definition's `type` stands for. */
export interface Kind {
  readonly table: FieldTable;
  /** What a program finds at the path of a file that it names; faults included. */
  readonly describeFile?: (path: unknown) => unknown;
}

/** By the resource's class name, as definitions write it. */
const ROWS = {
  DatabarConnector: { table: databarFields },
  SupermetricsConnector: { table: supermetricsFields, describeFile: describeLogo },
} satisfies Readonly<Record<string, Kind>>;

/** What a definition's `type` may be. */
export type ConnectorType = keyof typeof ROWS;

/** Every kind, by the `type` that stands for it. */
export const KINDS: Readonly<Record<ConnectorType, Kind>> = ROWS;

/** Whether a text is the `type` of a kind. */
export function isConnectorType(type: string): type is ConnectorType {
  return Object.hasOwn(KINDS, type);
}

/** The kind of a table's resource. */
export function kindOf(table: FieldTable): Kind {
  return isConnectorType(table.resource) ? KINDS[table.resource] : { table };
}

/** Properties with what there is at the path of each file that they name; a path that is not known yet stays. */
export function withFiles(
  { table, describeFile }: Kind,
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const files = describeFile
    ? table.fields.filter(({ kind }) => kind === "file").map(({ name }) => name)
    : [];
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      files.includes(name) && !(value instanceof Unknown) ? describeFile?.(value) : value,
    ]),
  );
}
