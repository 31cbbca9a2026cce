/** `npm run generate`: writes every file that is generated from the tables and the documents. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { generatedFiles } from "./files";
import { PROGRAMS } from "./programs";

async function main(): Promise<void> {
  const root = resolve(__dirname, "../..");
  const files = await generatedFiles();
  // Deletes programs whose blocks no longer exist.
  rmSync(join(root, PROGRAMS), { recursive: true, force: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    process.stdout.write(`${path}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
