import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTempFolder } from "../../harness/engine/temp-folder";
import { linkModules } from "../../harness/e2e/modules";

/**
 * Creates the folder of a project `shop` with the given JavaScript program and without definitions.
 */
export function definitionProject(program: string): string {
  const folder = makeTempFolder("definitions");
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n",
  );
  writeFileSync(
    join(folder, "package.json"),
    '{"name": "shop", "dependencies": {"@pulumi/pulumi": "*", "pulumi-connectors": "*"}}',
  );
  writeFileSync(join(folder, "index.js"), program);
  linkModules(folder);
  return folder;
}
