import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeTempFolder } from "../../harness/engine/temp-folder";
import { linkModules } from "../../harness/e2e/modules";

const ROOT = resolve(__dirname, "../..");

/** An editable copy of examples/gitops, with the root project's Pulumi.yaml. */
export interface Project {
  readonly folder: string;
  /** Replaces a text in one of the project's files, as a pull request would. */
  edit(file: string, from: string, to: string): void;
}

export function copyGitops(): Project {
  const folder = makeTempFolder("demo");
  cpSync(join(ROOT, "examples/gitops"), folder, { recursive: true });
  const description = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8").replace(
    /^main: .*$/m,
    "main: index.ts",
  );
  writeFileSync(join(folder, "Pulumi.yaml"), description);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "demo", private: true }));
  linkModules(folder);
  return { folder, edit: (file, from, to) => editFile(join(folder, file), from, to) };
}

function editFile(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) {
    throw new Error(`${path} does not hold ${from}`);
  }
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}
