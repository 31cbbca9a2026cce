import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type DefinitionDiagnostic, errorInFile } from "../file-diagnostic";
import { type Source } from "./source";

/** Extensions of definition files. */
const EXTENSIONS: readonly string[] = [".yaml", ".yml", ".json"];

/** In bytes. Reviewed definition files are far smaller. */
const MAX_BYTES = 5 * 1024 * 1024;

/** Absolute paths of files, sorted. */
export interface Found {
  readonly files: readonly string[];
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/**
 * A path as shown to people: relative to a folder, with forward slashes; absolute outside that
 * folder.
 */
export function shownPath(path: string, from: string): string {
  const shown = relative(from, path) || ".";
  return (shown.startsWith("..") ? path : shown).split(sep).join("/");
}

/** Whether a path is a folder or inside it. Compares the paths only; links are not followed. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The nearest folder that matches, at or above `start`. */
export function nearestFolder(
  start: string,
  matches: (folder: string) => boolean,
): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (matches(folder)) {
      return folder;
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}

/**
 * Finds the definition files at paths. A folder is searched with its subfolders, without hidden
 * folders, `node_modules`, Pulumi's own files, and what is no file, such as a pipe. A folder that is reached twice, for example
 * through a link, is read once.
 */
export function findFiles(paths: readonly string[], from: string, root?: string): Found {
  const files = new Set<string>();
  const diagnostics: DefinitionDiagnostic[] = [];
  const entered = new Set<string>();
  for (const path of paths) {
    visit(resolve(from, path), true);
  }
  return { files: [...files].sort(), diagnostics };

  function visit(path: string, named: boolean): void {
    const shown = shownPath(path, from);
    try {
      const found = statSync(path);
      if (found.isDirectory()) {
        enter(path);
      } else if (named || (found.isFile() && isDefinitionFile(path))) {
        files.add(path);
      }
    } catch (error) {
      diagnostics.push(unreadable(shown, error));
    }
  }

  function isOutside(path: string): boolean {
    try {
      return !isWithin(realpathSync(path), realpathSync(root ?? from));
    } catch {
      return false;
    }
  }

  function enter(folder: string): void {
    const real = realpathSync(folder);
    if (entered.has(real)) {
      return;
    }
    entered.add(real);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const isIgnored = entry.name.startsWith(".") || entry.name === "node_modules";
      if (isIgnored || (entry.isSymbolicLink() && !mayHoldDefinitions(path))) {
        continue;
      }
      if (entry.isSymbolicLink() && isOutside(path)) {
        diagnostics.push(
          errorInFile(
            "file/unreadable",
            shownPath(path, from),
            "is a link to a place outside the project",
            "Remove the link",
          ),
        );
      } else if (!entry.isFile()) {
        visit(path, false);
      } else if (isDefinitionFile(path)) {
        files.add(path);
      }
    }
  }
}

/** Whether a link has the name of a definition file, or leads to a folder. */
function mayHoldDefinitions(path: string): boolean {
  try {
    return isDefinitionFile(path) || statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Absolute paths of the possible definition files directly in a folder. */
export function definitionFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isDefinitionFile(entry.name))
      .map(({ name }) => join(folder, name))
      .sort();
  } catch {
    return [];
  }
}

function isDefinitionFile(path: string): boolean {
  return (
    EXTENSIONS.includes(extname(path).toLowerCase()) &&
    !/^Pulumi(\..+)?\.ya?ml$/.test(basename(path)) &&
    !/^(package|package-lock|tsconfig)\.json$/.test(basename(path))
  );
}

/** Reads a file in UTF-8, with or without a byte order mark. */
export function readSource(path: string, from: string): Source | DefinitionDiagnostic {
  const shown = shownPath(path, from);
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_BYTES) {
      return errorInFile(
        "file/too-large",
        shown,
        `is larger than ${MAX_BYTES / 1024 / 1024} MiB`,
        "Split it",
      );
    }
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
      return notUtf8(shown, "is in UTF-16");
    }
    // Without a byte order mark, UTF-16 is valid UTF-8 with a NUL for every other character.
    if (bytes.subarray(0, 4).includes(0)) {
      return notUtf8(shown, "is not in UTF-8");
    }
    return { path: shown, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA"
      ? notUtf8(shown, "is not in UTF-8")
      : unreadable(shown, error);
  }
}

function notUtf8(shown: string, message: string): DefinitionDiagnostic {
  return errorInFile("file/encoding", shown, message, "Save it in UTF-8");
}

const REASONS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOENT: ["does not exist", "Correct the path"],
  EACCES: ["cannot be read (permission denied)", "Allow your user to read it"],
  EPERM: ["cannot be read (permission denied)", "Allow your user to read it"],
  EISDIR: ["is a folder", "Name a file"],
  ELOOP: ["is a link to itself", "Remove the link"],
  ENOTDIR: ["is below a path that is not a folder", "Correct the path"],
};

function unreadable(shown: string, error: unknown): DefinitionDiagnostic {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  const [message, hint] = REASONS[code] ?? [
    `cannot be read (${code})`,
    "Check the file and its folder",
  ];
  return errorInFile("file/unreadable", shown, message, hint);
}
