import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "pulumi-connectors-engine";
const folders = new Set<string>();
let prepared = false;

/**
 * A folder outside the repository that is deleted when this process ends, unless it was deleted
 * before. What a killed process has left is deleted by the next process, which finds the owner in
 * its name.
 */
export function makeTempFolder(purpose: string): string {
  if (!prepared) {
    prepared = true;
    process.on("exit", () => {
      folders.forEach(deleteTempFolder);
    });
    deleteOrphans();
  }
  // Its real path: on macOS the system's folder is behind a link, on Windows it may be named in the
  // short form.
  const folder = realpathSync.native(
    mkdtempSync(join(tmpdir(), `${PREFIX}-${process.pid}-${purpose}-`)),
  );
  folders.add(folder);
  return folder;
}

export function deleteTempFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function deleteOrphans(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
