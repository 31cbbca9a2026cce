import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { nearestFolder } from "../definition/read/files";

const SCHEMA = "node_modules/pulumi-connectors/schema.json";

/**
 * Where editors find the schema, relative to the folder of a definition file: in the package that
 * the project uses. Package managers install it above the project in a workspace.
 */
export function schemaPath(folder: string, project: string): string {
  const owner = nearestFolder(project, (each) => existsSync(join(each, SCHEMA))) ?? project;
  return relative(folder, join(owner, SCHEMA)).split(sep).join("/");
}
