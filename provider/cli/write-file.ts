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
  /** Permissions of a new file. Default: as usual for the user. */
  readonly mode?: number;
  /** Fail where a file of this name is there already. Default: false, replace it. */
  readonly exclusive?: boolean;
}

/** What file systems say that have no hard links, such as FAT and some network drives. */
const NO_LINKS: readonly unknown[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** Writes a file whole or not at all: beside it first, then under its name. Interrupted, it leaves what was there. */
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

/** Gives a file its name, unless there is one of this name: then it throws `EEXIST`. */
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
