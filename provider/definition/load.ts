import { realpathSync, statSync } from "node:fs";
import { dirname, extname, join, parse as splitPath, resolve } from "node:path";
import { joinPath } from "../diagnostics";
import { type Defined, type Definition, readDefinitions } from "./definition";
import { definitionFilesIn, findFiles, isWithin, nearestFolder, shownPath } from "./read/files";
import { type DefinitionDiagnostic, errorAt, errorInFile } from "./diagnostic";
import { Includes, type Resolved } from "./read/include";
import { secretPlaces } from "./read/secret-places";
import { type Node } from "./read/node";
import { overlay } from "./read/overlay";
import { type Place, positionOf } from "./read/source";
import { projectFile } from "./read/stack-config";

/** Where definitions are looked for. */
export interface LoadOptions {
  /** Absolute path that paths are relative to, given and shown. */
  readonly from: string;
  /** Absolute path of the folder that `$file` may not lead out of. Default: the project's (see {@link projectFolder}). */
  readonly root?: string;
}

/** Definition files, read and with what they include; which environment's they are is decided later. */
export interface Loaded {
  /** Absolute path of the folder that nothing led out of, usually the project's. */
  readonly root: string;
  readonly files: readonly DefinitionFile[];
  /** Names of the environments that some file has an overlay for. */
  readonly environments: readonly string[];
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** A file without its overlays is what all environments share. */
export interface DefinitionFile {
  readonly path: string;
  readonly shown: string;
  readonly node: Node | undefined;
  /** What is laid over it, by environment. */
  readonly overlays: ReadonlyMap<string, ReadFile>;
  /** False for a file that is only there to make sense of one that was asked for. */
  readonly selected: boolean;
}

/** A file as it was read. */
interface ReadFile {
  readonly path: string;
  readonly shown: string;
  /** Absent for one that says nothing, or nothing that can be read. */
  readonly node: Node | undefined;
  readonly unreadable: boolean;
  readonly includes: ReadonlySet<string>;
}

/**
 * Reads the definition files at paths: a folder with all below it, a file together with what its folder holds beside it
 * (overlays, the file that includes it), of which only what concerns that file is told.
 */
export function load(
  paths: readonly string[],
  { from, root = projectFolder(paths, from) }: LoadOptions,
): Loaded {
  const asked = findFiles(paths, from, root);
  const named = asked.files.filter((file) => paths.some((path) => resolve(from, path) === file));
  const beside = [...new Set(named.map((file) => dirname(file)))].flatMap(definitionFilesIn);
  const diagnostics = [...asked.diagnostics];
  const includes = new Includes(root, from);
  const wanted = new Set(asked.files);
  const read = [...new Set([...asked.files, ...beside])]
    .sort()
    .map((path) => readFile(path, from, includes, wanted.has(path) ? diagnostics : []));
  const included = new Set(read.flatMap((file) => [...file.includes]));
  const own =
    included.size === 0
      ? read
      : read.filter(({ path }) => !included.has(realpathSync.native(path)));
  const asking = new Set(
    asked.files.flatMap((path) =>
      included.size === 0 ? [path] : [path, realpathSync.native(path)],
    ),
  );
  const byStem = new Map([...own].reverse().map((file) => [stemOf(file.path), file]));
  const overlays = new Map(
    own.flatMap((file): [ReadFile, ReadFile][] => baseOf(file, byStem).map((base) => [file, base])),
  );
  const files = own
    .filter((file) => !overlays.has(file) && !file.unreadable)
    .map((file): DefinitionFile => {
      const laidOver = [...overlays].flatMap(([each, base]) => (base === file ? [each] : []));
      const selected = [file, ...laidOver]
        .flatMap(({ path, includes: inner }) => [path, ...inner])
        .some((path) => asking.has(path));
      return {
        ...file,
        overlays: new Map(laidOver.map((each) => [environmentOf(each.path), each])),
        selected,
      };
    });
  diagnostics.push(
    ...strayOverlays(overlays).filter(({ file }) => asking.has(resolve(from, file))),
  );
  if (asked.files.length === 0 && diagnostics.length === 0) {
    diagnostics.push(nothing(paths));
  }
  return {
    root,
    files,
    environments: [...new Set([...overlays.keys()].map(({ path }) => environmentOf(path)))].sort(),
    diagnostics,
  };
}

/** Places of all that is secret in the files. */
export function secretsOf({ files }: Loaded): Place[] {
  return files.flatMap(({ node, overlays }) =>
    [node, ...[...overlays.values()].map((over) => over.node)].flatMap((each) =>
      each ? secretPlaces(each) : [],
    ),
  );
}

/** The definitions as one environment has them; `undefined`: what all share. */
export function definitionsOf({ files }: Loaded, environment: string | undefined): Defined {
  const diagnostics: DefinitionDiagnostic[] = [];
  const definitions: Definition[] = [];
  const seen = new Map<string, Definition>();
  for (const { path, shown, node, overlays, selected } of files) {
    const over = environment === undefined ? undefined : overlays.get(environment)?.node;
    const read = readDefinitions(
      node && over ? overlay(node, over) : (over ?? node),
      shown,
      dirname(path),
      selected,
    );
    if (selected) {
      diagnostics.push(...read.diagnostics);
    }
    for (const definition of read.definitions) {
      const first = seen.get(definition.name);
      if (first === undefined) {
        definitions.push(definition);
      } else if (definition.selected || first.selected) {
        diagnostics.push(twice(definition, first));
      }
      seen.set(definition.name, first ?? definition);
    }
  }
  return { definitions, diagnostics };
}

function readFile(
  path: string,
  from: string,
  includes: Includes,
  diagnostics: DefinitionDiagnostic[],
): ReadFile {
  const parsed = includes.parse(path);
  const shown = shownPath(path, from);
  if ("rule" in parsed) {
    diagnostics.push(parsed);
    return { path, shown, node: undefined, unreadable: true, includes: new Set() };
  }
  const { node, diagnostics: faults, size } = parsed;
  const resolved: Resolved = node
    ? includes.resolve(node, path, size)
    : { diagnostics: [], files: new Set(), size: 0 };
  diagnostics.push(...faults, ...resolved.diagnostics);
  return {
    path,
    shown,
    node: resolved.node,
    unreadable: faults.length > 0,
    includes: resolved.files,
  };
}

/** `awin.prod.yaml` lies over `awin.yaml`, `awin.yml` or `awin.json` beside it. */
function baseOf(file: ReadFile, byStem: ReadonlyMap<string, ReadFile>): ReadFile[] {
  const { dir, name, ext } = splitPath(stemOf(file.path));
  const base = ext === "" ? undefined : byStem.get(join(dir, name));
  return base === undefined || base === file ? [] : [base];
}

/** Overlays that would be lost: those of overlays, and a file's second one for an environment. */
function strayOverlays(overlays: ReadonlyMap<ReadFile, ReadFile>): DefinitionDiagnostic[] {
  const first = new Map<string, ReadFile>();
  return [...overlays].flatMap(([file, base]) => {
    if (overlays.has(base)) {
      return [
        errorInFile(
          "file/overlay",
          file.shown,
          `lies over ${base.shown}, which is an overlay itself`,
          "Write what it says into the overlay, or call the file something without dots",
        ),
      ];
    }
    const stem = stemOf(file.path);
    const other = first.get(stem);
    if (other) {
      return [
        errorInFile(
          "file/overlay",
          file.shown,
          `lies over ${base.shown} for ${environmentOf(file.path)}, as ${other.shown} does`,
          "Keep one of the two",
        ),
      ];
    }
    first.set(stem, file);
    return [];
  });
}

function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}

function environmentOf(path: string): string {
  return extname(stemOf(path)).slice(1);
}

function twice({ name, place }: Definition, first: Definition): DefinitionDiagnostic {
  const { line } = positionOf(first.place);
  return errorAt(
    "definition/duplicate",
    place,
    `another connector of this name is defined in ${first.place.source.path}:${line}`,
    "Rename one of them: the name is the resource's in the stack",
    joinPath("connectors", name),
  );
}

function nothing(paths: readonly string[]): DefinitionDiagnostic {
  return errorInFile(
    "file/none",
    paths.join(", "),
    "holds no definition files",
    "Name a folder with *.yaml or *.json files that define connectors",
  );
}

/** The nearest folder with a Pulumi.yaml, at or above the first path; without one, `from`, or the path's own folder outside of that. */
export function projectFolder(paths: readonly string[], from: string): string {
  const start = resolve(from, paths[0] ?? ".");
  const first =
    statSync(start, { throwIfNoEntry: false })?.isFile() === true ? dirname(start) : start;
  return (
    nearestFolder(first, (folder) => projectFile(folder) !== undefined) ??
    (isWithin(first, from) ? from : first)
  );
}
