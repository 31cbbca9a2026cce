/** Temporary folders with definition files. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const made: string[] = [];

/** The folder's path, once the files are there. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), "definitions-")));
  made.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Removes the folders of the test that just ended. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true });
  }
}

/** A Databar definition file: of each connector, what is special about it. */
export function databarFile(
  connectors: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  options: Readonly<Record<string, unknown>> = {},
): string {
  const definitions = Object.entries(connectors).map(([name, properties]) => [
    name,
    {
      type: "DatabarConnector",
      properties: { name, method: "get", url: "https://example.com/", ...properties },
      ...options,
    },
  ]);
  return JSON.stringify({ connectors: Object.fromEntries(definitions) });
}
