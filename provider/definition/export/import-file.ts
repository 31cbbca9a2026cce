import { CONNECTOR } from "../../vendors/native-types";
import { type VendorName } from "../../vendors/resources";
import { type VendorConnection } from "../connection";
import { freeName } from "./export-files";
import { type Workspace } from "./read-workspace";

/** A vendor's workspace, as it was read. */
export interface WorkspaceOfVendor {
  readonly vendor: VendorName;
  readonly connection: VendorConnection;
  readonly workspace: Workspace;
}

/** The file that `pulumi import --file` takes, for every connector of these workspaces. */
export function importFile(workspaces: readonly WorkspaceOfVendor[]): string {
  const taken = new Set<string>();
  const resources = workspaces.flatMap(({ vendor, connection, workspace }) =>
    workspace.connectors.map(({ ref, definition: { properties } }) => {
      const label = typeof properties["name"] === "string" ? properties["name"] : "";
      const name = freeName(label, ref.key, taken);
      taken.add(name);
      const id = connection.adapter.addressing.formatId(ref);
      return { type: `${vendor}${CONNECTOR}`, name, id };
    }),
  );
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}
