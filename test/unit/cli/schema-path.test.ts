/** The comment for editors leads to the schema that is installed, wherever that is. */
import { join } from "node:path";
import { schemaPath } from "../../../provider/cli/schema-path";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

const SCHEMA = "node_modules/pulumi-connectors/schema.json";

test.each<[string, Readonly<Record<string, string>>, string, string]>([
  ["of the project", { [`apps/shop/${SCHEMA}`]: "{}" }, "apps/shop/connectors", `../${SCHEMA}`],
  [
    "of a workspace above the project",
    { [SCHEMA]: "{}", "apps/shop/Pulumi.yaml": "" },
    "apps/shop/connectors",
    `../../../${SCHEMA}`,
  ],
  [
    "of the project, not of the workspace",
    { [SCHEMA]: "{}", [`apps/shop/${SCHEMA}`]: "{}" },
    "apps/shop/connectors/eu",
    `../../${SCHEMA}`,
  ],
  ["of the project, which is not installed yet", {}, "apps/shop/connectors", `../${SCHEMA}`],
  ["of the project, for a folder elsewhere", {}, "definitions", `../apps/shop/${SCHEMA}`],
])("%s", (_, files, folder, path) => {
  const root = folderOf({ ...files, "apps/shop/index.ts": "" });
  expect(schemaPath(join(root, folder), join(root, "apps/shop"))).toBe(path);
});
