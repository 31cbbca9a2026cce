import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { type Definition } from "../definition";
import { DefinitionError } from "../file-diagnostic";
import { definitionsOf, load } from "../load";
import { isWithin, shownPath } from "../read/files";
import { type VendorRow } from "../../vendors/index";
import { type History, type Resource, type VendorHistory } from "./history";

/** Where the definitions are now. */
export interface Folders {
  /** Paths of files and folders, as given on the command line. */
  readonly paths: readonly string[];
  /** Absolute path of the folder that they are relative to. */
  readonly from: string;
  /** Absolute path of the project's folder. */
  readonly root: string;
}

/** The definitions of a git revision, while its files are there. */
export class Base implements History {
  readonly source = "base";

  constructor(
    private readonly definitions: readonly Definition[],
    /** Files of the revision that cannot be read: their connectors are not known. */
    readonly unreadable: readonly string[],
    /** Removes the revision's files. */
    readonly dispose: () => void,
  ) {}

  of(vendor: VendorRow, _: readonly Definition[], provider?: string): VendorHistory {
    const own = this.definitions.filter(
      (definition) =>
        definition.vendor === vendor && definition.options.provider?.name === provider,
    );
    return { resources: own.map(resourceOf), managedElsewhere: new Set() };
  }
}

function resourceOf(definition: Definition): Resource {
  const { name, options } = definition;
  const keptBy = options.protect === true ? "protect" : "retainOnDelete";
  const isKept = options.protect === true || options.retainOnDelete === true;
  return { name, definition, ...(isKept && { keptBy }) };
}

/**
 * Reads the definitions of a git revision. Neither the work tree nor the index changes.
 *
 * @throws DefinitionError where git, the repository or the revision is missing.
 */
export function readBase(
  revision: string,
  { paths, from, root }: Folders,
  environment: string | undefined,
): Base {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-connectors-")));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    checkOut(revision, root, folder);
    const files = join(folder, "files");
    const inBase = isWithin(from, root) ? resolve(files, relative(root, from)) : files;
    const there = paths
      .map((path) => resolve(files, relative(root, resolve(from, path))))
      .filter((path) => isWithin(path, files));
    const loaded = load(there, { from: inBase, root: files });
    const { definitions, diagnostics } = definitionsOf(loaded, environment);
    const faults = [...loaded.diagnostics, ...diagnostics].filter(
      ({ severity, rule }) => severity === "error" && rule !== "file/none",
    );
    // A folder that the revision does not have holds no definitions.
    const missing = there.map((path) => shownPath(path, inBase));
    const unreadable = faults.map(({ file }) => file).filter((file) => !missing.includes(file));
    return new Base(definitions, [...new Set(unreadable)], dispose);
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Writes the files of the project as the revision has them to `files` in a folder. */
function checkOut(revision: string, root: string, folder: string): void {
  const git = (...args: readonly string[]): string => runGit(root, join(folder, "index"), args);
  const commit = git(
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  );
  const prefix = git("rev-parse", "--show-prefix");
  const tree = `${commit}:${prefix}`;
  // A project that the revision does not have yet has no files there.
  if (
    git("ls-tree", "-d", "--name-only", commit, prefix.replace(/\/$/, "") || ".") === "" &&
    prefix !== ""
  ) {
    return;
  }
  git("read-tree", tree);
  git("checkout-index", "--all", "--force", `--prefix=${join(folder, "files")}/`);
}

function runGit(cwd: string, index: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync("git", args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, GIT_INDEX_FILE: index, GIT_LFS_SKIP_SMUDGE: "1", LC_ALL: "C" },
  });
  if (error !== undefined) {
    throw new DefinitionError("--base needs git, which cannot be started here.");
  }
  if (status !== 0) {
    throw new DefinitionError(gitProblem(args, stderr.trim()));
  }
  return stdout.trim();
}

function gitProblem(args: readonly string[], text: string): string {
  if (text.includes("not a git repository")) {
    return "--base needs a git repository, and this folder is in none.";
  }
  if (args[0] === "rev-parse" && text === "") {
    const revision = args.at(-1)?.replace(/\^\{commit\}$/, "") ?? "";
    return `--base: git knows no revision ${revision}. Fetch it first: \`git fetch origin ${revision.replace(/^origin\//, "")}\`.`;
  }
  return `--base: git ${args[0] ?? ""} failed: ${text}`;
}
