import { realpathSync, statSync } from "node:fs";
import { dirname, extname, join, parse as splitPath, resolve } from "node:path";
import { joinPath } from "../diagnostics";
import { type Defined, type Definition, readDefinitions } from "./definition";
import { type DefinitionDiagnostic, errorAt, errorInFile } from "./file-diagnostic";
import { definitionFilesIn, findFiles, isWithin, nearestFolder, shownPath } from "./read/files";
import { Includes, type Resolved } from "./read/include";
import { type Node } from "./read/node";
import { overlay } from "./read/overlay";
import { secretPlaces } from "./read/secret-places";
import { type Place, positionOf } from "./read/source";
import { projectFile } from "./read/pulumi-files";

/** Where to look for definitions. */
export interface LoadOptions {
  /** Absolute path of the folder that given and shown paths are relative to. */
  readonly from: string;
  /**
   * Absolute path of the folder that `$file` cannot leave. Default: the project's (see
   * {@link projectFolder}).
   */
  readonly root?: string;
}

/** Definition files with their includes resolved. {@link definitionsOf} picks an environment. */
export interface Loaded {
  /** Absolute path of the folder that `$file` could not leave. */
  readonly root: string;
  readonly files: readonly DefinitionFile[];
  /** Names of the environments that have an overlay. */
  readonly environments: readonly string[];
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** A file that is not an overlay. It holds what all environments share. */
export interface DefinitionFile {
  readonly path: string;
  readonly shown: string;
  readonly node: Node | undefined;
  /** Its overlays, by environment. */
  readonly overlays: ReadonlyMap<string, ReadFile>;
  /** False for a file that was only loaded because another one depends on it. */
  readonly selected: boolean;
}

interface ReadFile {
  readonly path: string;
  readonly shown: string;
  /** Absent for an empty or unreadable file. */
  readonly node: Node | undefined;
  readonly unreadable: boolean;
  readonly includes: ReadonlySet<string>;
}

/**
 * Reads the definition files at paths: a folder with its subfolders, or a file. For a file, the
 * other files in its folder are read too (overlays, the file that includes it), but only what
 * concerns the file is reported.
 */
export function load(
  paths: readonly string[],
  { from, root = projectFolder(paths, from) }: LoadOptions,
): Loaded {
  const asked = findFiles(paths, from, root);
  const diagnostics = [...asked.diagnostics];
  const { files: read, requested } = readAll(paths, asked.files, root, from, diagnostics);
  const overlays = overlaysOf(read);
  const files = read
    .filter((file) => !overlays.has(file) && !file.unreadable)
    .map((file): DefinitionFile => {
      const own = [...overlays].flatMap(([each, base]) => (base === file ? [each] : []));
      return {
        ...file,
        overlays: new Map(own.map((each) => [environmentOf(each.path), each])),
        selected: [file, ...own]
          .flatMap(({ path, includes }) => [path, ...includes])
          .some((path) => requested.has(path)),
      };
    });
  diagnostics.push(
    ...unusedOverlays(overlays).filter(({ file }) => requested.has(resolve(from, file))),
  );
  if (asked.files.length === 0 && diagnostics.length === 0) {
    diagnostics.push(noFiles(paths));
  }
  const environments = [...overlays.keys()].map(({ path }) => environmentOf(path));
  return { root, files, environments: [...new Set(environments)].sort(), diagnostics };
}

/** Places of everything in the files that is, or may be, secret. */
export function secretsOf({ files }: Loaded): Place[] {
  return files
    .flatMap(({ node, overlays }) => [node, ...[...overlays.values()].map((over) => over.node)])
    .flatMap((node) => (node ? secretPlaces(node) : []));
}

/**
 * The definitions of one environment, or those that all environments share where it is `undefined`.
 */
export function definitionsOf({ files }: Loaded, environment: string | undefined): Defined {
  const read = files.map((file) =>
    readDefinitions(nodeFor(file, environment), file.shown, dirname(file.path), file.selected),
  );
  const { definitions, diagnostics } = withoutDuplicates(read.flatMap((each) => each.definitions));
  const ofSelected = read.filter((_, index) => files[index]?.selected);
  return {
    definitions,
    diagnostics: [...ofSelected.flatMap((each) => each.diagnostics), ...diagnostics],
  };
}

/** A file's content with the environment's overlay merged into it. */
function nodeFor({ node, overlays }: DefinitionFile, environment?: string): Node | undefined {
  const over = environment === undefined ? undefined : overlays.get(environment)?.node;
  return node && over ? overlay(node, over) : (over ?? node);
}

/** The first definition of each name. */
function withoutDuplicates(all: readonly Definition[]): Defined {
  const byName = new Map<string, Definition>();
  const diagnostics: DefinitionDiagnostic[] = [];
  for (const definition of all) {
    const first = byName.get(definition.name);
    if (first === undefined) {
      byName.set(definition.name, definition);
    } else if (definition.selected || first.selected) {
      diagnostics.push(duplicateName(definition, first));
    }
  }
  return { definitions: [...byName.values()], diagnostics };
}

/**
 * Reads files and those beside the ones that `paths` name; files that others include are left out.
 */
function readAll(
  paths: readonly string[],
  asked: readonly string[],
  root: string,
  from: string,
  diagnostics: DefinitionDiagnostic[],
): { readonly files: readonly ReadFile[]; readonly requested: ReadonlySet<string> } {
  const named = asked.filter((file) => paths.some((path) => resolve(from, path) === file));
  const beside = [...new Set(named.map((file) => dirname(file)))].flatMap(definitionFilesIn);
  const includes = new Includes(root, from);
  const isAsked = new Set(asked);
  const files = [...new Set([...asked, ...beside])].sort().map((path) => {
    const { file, diagnostics: ofFile } = readFile(path, from, includes);
    diagnostics.push(...(isAsked.has(path) ? ofFile : []));
    return file;
  });
  const included = new Set(files.flatMap((file) => [...file.includes]));
  if (included.size === 0) {
    return { files, requested: isAsked };
  }
  // Includes are known by their real paths.
  return {
    files: files.filter(({ path }) => !included.has(realpathSync.native(path))),
    requested: new Set(asked.flatMap((path) => [path, realpathSync.native(path)])),
  };
}

function readFile(
  path: string,
  from: string,
  includes: Includes,
): { readonly file: ReadFile; readonly diagnostics: readonly DefinitionDiagnostic[] } {
  const parsed = includes.parse(path);
  const shown = shownPath(path, from);
  if ("rule" in parsed) {
    const file = { path, shown, node: undefined, unreadable: true, includes: new Set<string>() };
    return { file, diagnostics: [parsed] };
  }
  const { node, diagnostics, size } = parsed;
  const resolved: Resolved = node
    ? includes.resolve(node, path, size)
    : { diagnostics: [], files: new Set(), size: 0 };
  return {
    file: {
      path,
      shown,
      node: resolved.node,
      unreadable: diagnostics.length > 0,
      includes: resolved.files,
    },
    diagnostics: [...diagnostics, ...resolved.diagnostics],
  };
}

/**
 * Overlays, each with the file that it is merged into: `awin.prod.yaml` into `awin.yaml`,
 * `awin.yml` or `awin.json`.
 */
function overlaysOf(files: readonly ReadFile[]): ReadonlyMap<ReadFile, ReadFile> {
  const byStem = new Map([...files].reverse().map((file) => [stemOf(file.path), file]));
  return new Map(
    files.flatMap((file): [ReadFile, ReadFile][] => {
      const { dir, name, ext } = splitPath(stemOf(file.path));
      const base = ext === "" ? undefined : byStem.get(join(dir, name));
      return base === undefined || base === file ? [] : [[file, base]];
    }),
  );
}

/** Overlays that have no effect: those of overlays, and a file's second one for an environment. */
function unusedOverlays(overlays: ReadonlyMap<ReadFile, ReadFile>): DefinitionDiagnostic[] {
  const byStem = new Map<string, ReadFile>();
  return [...overlays].flatMap(([file, base]) => {
    if (overlays.has(base)) {
      return [
        errorInFile(
          "file/overlay",
          file.shown,
          `is an overlay of ${base.shown}, which is an overlay itself`,
          "Move its content into that overlay, or give the file a name without dots",
        ),
      ];
    }
    const first = byStem.get(stemOf(file.path));
    if (first) {
      return [
        errorInFile(
          "file/overlay",
          file.shown,
          `is an overlay of ${base.shown} for ${environmentOf(file.path)}, and so is ${first.shown}`,
          "Keep one of the two",
        ),
      ];
    }
    byStem.set(stemOf(file.path), file);
    return [];
  });
}

function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}

function environmentOf(path: string): string {
  return extname(stemOf(path)).slice(1);
}

function duplicateName({ name, place }: Definition, first: Definition): DefinitionDiagnostic {
  const { line } = positionOf(first.place);
  return errorAt(
    "definition/duplicate",
    place,
    `another connector of this name is defined in ${first.place.source.path}:${line}`,
    "Rename one of them: the name is the resource's in the stack",
    joinPath("connectors", name),
  );
}

function noFiles(paths: readonly string[]): DefinitionDiagnostic {
  return errorInFile(
    "file/none",
    paths.join(", "),
    "holds no definition files",
    "Name a folder with *.yaml or *.json files that define connectors",
  );
}

/**
 * The nearest folder with a Pulumi.yaml, at or above the first path. Without one, `from`, or the
 * path's own folder if that is outside `from`.
 */
export function projectFolder(paths: readonly string[], from: string): string {
  const start = resolve(from, paths[0] ?? ".");
  const first =
    statSync(start, { throwIfNoEntry: false })?.isFile() === true ? dirname(start) : start;
  return (
    nearestFolder(first, (folder) => projectFile(folder) !== undefined) ??
    (isWithin(first, from) ? from : first)
  );
}
