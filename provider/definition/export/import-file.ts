import { CONNECTOR } from "../../vendors/native-types";
import { type VendorName } from "../../vendors/resources";
import { type VendorConnection } from "../connection";
import { freeName } from "./export-files";
import { type Workspace } from "./read-workspace";

/** The file that `pulumi import --file` takes, for every connector of a workspace. */
export function importFile(
  vendor: VendorName,
  { adapter }: VendorConnection,
  { connectors }: Workspace,
): string {
  const taken = new Set<string>();
  const resources = connectors.map(({ ref, definition: { properties } }) => {
    const label = typeof properties["name"] === "string" ? properties["name"] : "";
    const name = freeName(label, ref.key, taken);
    taken.add(name);
    return { type: `${vendor}${CONNECTOR}`, name, id: adapter.addressing.formatId(ref) };
  });
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}
