import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** How a file is written. */
export interface WriteOptions {
  /** Permissions of a new file. Default: the user's. */
  readonly mode?: number;
  /** Fail if the file exists. Default: false, replace it. */
  readonly exclusive?: boolean;
}

/** Errors of file systems without hard links, such as FAT and some network drives. */
const NO_LINKS: readonly unknown[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** Writes a file completely or not at all: first to a temporary file beside it, then renames. */
export function writeAtomically(
  path: string,
  content: string,
  { mode, exclusive = false }: WriteOptions = {},
): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(beside, content, mode === undefined ? {} : { mode });
    if (exclusive) {
      putNew(beside, path);
    } else {
      renameSync(beside, path);
    }
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Renames a file. Throws `EEXIST` if the new name is taken. */
function putNew(beside: string, path: string): void {
  try {
    linkSync(beside, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code)) {
      throw error;
    }
    copyFileSync(beside, path, constants.COPYFILE_EXCL);
  }
}
