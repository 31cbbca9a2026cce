import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = new Set<string>();
let hooked = false;

/** A folder outside the repository that is deleted when this process ends, unless it was deleted before. */
export function makeTempFolder(purpose: string): string {
  if (!hooked) {
    hooked = true;
    process.on("exit", () => {
      folders.forEach(deleteTempFolder);
    });
  }
  const folder = mkdtempSync(join(tmpdir(), `pulumi-connectors-${purpose}-`));
  folders.add(folder);
  return folder;
}

export function deleteTempFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
