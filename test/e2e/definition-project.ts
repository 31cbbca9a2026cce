import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTempFolder } from "../../harness/engine/temp-folder";
import { linkModules } from "../../harness/e2e/modules";

/** The folder of a project called `shop` around a program in JavaScript, without definitions yet. */
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
