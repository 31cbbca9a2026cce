import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type DefinitionDiagnostic, errorInFile } from "../diagnostic";
import { type Source } from "./source";

/** What definition files end with. */
const EXTENSIONS: readonly string[] = [".yaml", ".yml", ".json"];

/** In bytes. A file of definitions that people review is a thousand times smaller. */
const LARGEST = 5 * 1024 * 1024;

/** Files, by the absolute path of each, in the order of their paths. */
export interface Found {
  readonly files: readonly string[];
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** A path as people know it: relative to a folder, with forward slashes. */
export function shownPath(path: string, from: string): string {
  const shown = relative(from, path) || ".";
  return (shown.startsWith("..") ? path : shown).split(sep).join("/");
}

/** Whether a path is a folder or lies in it, told from the paths alone. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The nearest folder of which something holds, from one upwards. */
export function nearestFolder(
  start: string,
  holds: (folder: string) => boolean,
): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (holds(folder)) {
      return folder;
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}

/**
 * All definition files that paths name: a file as it is, a folder with all below it. Hidden folders, `node_modules` and
 * Pulumi's own files are left out; a folder that is reached twice, as by a link to one above, is read once.
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
      if (statSync(path).isDirectory()) {
        enter(path);
      } else if (named || isDefinitionFile(path)) {
        files.add(path);
      }
    } catch (error) {
      diagnostics.push(unreadable(shown, error));
    }
  }

  function leadsOut(path: string): boolean {
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
      if (entry.name.startsWith(".") || entry.name === "node_modules") {
        continue;
      }
      if (entry.isSymbolicLink() && leadsOut(path)) {
        diagnostics.push(
          errorInFile(
            "file/unreadable",
            shownPath(path, from),
            "is a link that leads out of the project",
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

/** Absolute paths of what may be definition files directly in a folder. */
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

/** A file as a source: UTF-8, with or without a mark at its start. */
export function readSource(path: string, from: string): Source | DefinitionDiagnostic {
  const shown = shownPath(path, from);
  try {
    const bytes = readFileSync(path);
    if (bytes.length > LARGEST) {
      return errorInFile(
        "file/too-large",
        shown,
        `is larger than ${LARGEST / 1024 / 1024} MiB`,
        "Split it",
      );
    }
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
      return notUtf8(shown, "is in UTF-16");
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
  EACCES: ["may not be read", "Give yourself the right to read it"],
  EPERM: ["may not be read", "Give yourself the right to read it"],
  EISDIR: ["is a folder", "Name a file"],
  ELOOP: ["is a link that leads back to itself", "Remove the link"],
  ENOTDIR: ["is below something that is no folder", "Correct the path"],
};

function unreadable(shown: string, error: unknown): DefinitionDiagnostic {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  const [message, hint] = REASONS[code] ?? [
    `cannot be read (${code})`,
    "Look at the file and its folder",
  ];
  return errorInFile("file/unreadable", shown, message, hint);
}
