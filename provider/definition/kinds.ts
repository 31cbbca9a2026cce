import { type FieldTable } from "../lifecycle/field";
import { databarFields } from "../vendors/databar/fields";
import { supermetricsFields } from "../vendors/supermetrics/fields";
import { describeLogo } from "../vendors/supermetrics/logo";

/** What a definition's `type` stands for. */
export interface Kind {
  readonly table: FieldTable;
  /** What a program finds at the path of a file that it names; faults included. */
  readonly describeFile?: (path: unknown) => unknown;
}

/** The kind of a table's resource. */
export function kindOf(table: FieldTable): Kind {
  return KINDS[table.resource] ?? { table };
}

/** By the resource's class name, as definitions write it. */
export const KINDS: Readonly<Record<string, Kind>> = {
  DatabarConnector: { table: databarFields },
  SupermetricsConnector: { table: supermetricsFields, describeFile: describeLogo },
};
