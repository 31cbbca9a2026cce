import { realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isWithin, readSource } from "./files";
import { type DefinitionDiagnostic, errorAt } from "../file-diagnostic";
import { type MapNode, type Node, type ScalarNode } from "./node";
import { MAX_VALUES, type Parsed, parse } from "./parse";
import { type Place } from "./source";

/**
 * Stands for the content of another file, as the only key of its map:
 * `configuration: {$file: ./awin.configuration.json}`.
 */
const FILE_KEY = "$file";

/** A node with the files that it includes in their places. */
export interface Resolved {
  /** Absent when it could not be read. */
  readonly node?: Node;
  readonly diagnostics: readonly DefinitionDiagnostic[];
  /** Real paths of all included files. */
  readonly files: ReadonlySet<string>;
  /** How many values it holds. An included file counts each time. */
  readonly size: number;
}

/** A file that `$file` names. */
interface Target {
  readonly path: string;
  readonly realPath: string;
  /** Where it is named. */
  readonly place: Place;
}

/**
 * Puts the content of files in place of `$file`. Paths are relative to the file that holds them and
 * cannot leave `root`. YAML and JSON are parsed, and can include other files; any other file is
 * text, without its last line end.
 */
export class Includes {
  private readonly resolved = new Map<string, Resolved>();
  private readonly parsed = new Map<string, Parsed | DefinitionDiagnostic>();

  /**
   * @param root absolute path of the folder that includes cannot leave.
   * @param from the folder that shown paths are relative to.
   */
  constructor(
    private readonly root: string,
    private readonly from: string,
  ) {}

  /** Parses a file once, although it can be both a definition file and an include. */
  parse(path: string): Parsed | DefinitionDiagnostic {
    let parsed = this.parsed.get(path);
    if (!parsed) {
      const source = readSource(path, this.from);
      this.parsed.set(path, (parsed = "rule" in source ? source : parse(source)));
    }
    return parsed;
  }

  /**
   * @param file absolute path of the file that holds the node.
   * @param size how many values the node holds.
   * @param open real paths of the files that are being resolved, outermost first.
   */
  resolve(node: Node, file: string, size: number, open: readonly string[] = [file]): Resolved {
    return node.place.source.text.includes(FILE_KEY)
      ? this.fill(node, file, open)
      : { node, diagnostics: [], files: new Set(), size };
  }

  private fill(node: Node, file: string, open: readonly string[]): Resolved {
    const diagnostics: DefinitionDiagnostic[] = [];
    const files = new Set<string>();
    let size = 0;
    const take = (found: Resolved, place: Place): Node | undefined => {
      size += found.size;
      found.files.forEach((each) => files.add(each));
      diagnostics.push(...found.diagnostics.filter((each) => !diagnostics.includes(each)));
      if (size <= MAX_VALUES) {
        return found.node;
      }
      if (!diagnostics.some(({ rule }) => rule === "syntax/too-large")) {
        diagnostics.push(tooLarge(place));
      }
      return undefined;
    };
    const walk = (each: Node): Node | undefined => {
      size += 1;
      if (each.kind === "scalar") {
        return each;
      }
      if (each.kind === "list") {
        return { ...each, items: each.items.map(walk).filter((item) => item !== undefined) };
      }
      const named = each.entries.get(FILE_KEY);
      if (named) {
        return take(this.include(each, named, file, open), each.place);
      }
      const entries = [...each.entries].flatMap(([key, entry]): [string, Node][] => {
        const kept = walk(entry);
        return kept ? [[key, kept]] : [];
      });
      return { ...each, entries: new Map(entries) };
    };
    const resolved = walk(node);
    return { ...(resolved && { node: resolved }), diagnostics, files, size };
  }

  private include(map: MapNode, named: Node, file: string, open: readonly string[]): Resolved {
    if (!isPath(named)) {
      return error(
        named.place,
        "$file must name a file, as text",
        "Example: $file: ./awin.configuration.json",
      );
    }
    if (map.entries.size > 1) {
      return error(
        named.key ?? map.place,
        "$file stands for the whole map, and cannot have other keys beside it",
        "Move them into the file, or write the map here",
      );
    }
    const path = resolve(dirname(file), named.value);
    const target = { path, realPath: realPathOf(path) ?? path, place: named.place };
    if (!staysWithin(path, this.root)) {
      const hint = "Move the file into the project";
      return error(named.place, "names a file outside the project", hint);
    }
    if (open.includes(target.realPath)) {
      return error(named.place, "names a file that includes this one", "Remove one of the two");
    }
    const content = this.content(target, open);
    // The key belongs to the file that includes, not to the included one.
    return {
      ...content,
      ...(content.node && { node: { ...content.node, ...(map.key && { key: map.key }) } }),
    };
  }

  private content(target: Target, open: readonly string[]): Resolved {
    const known = this.resolved.get(target.realPath);
    if (known) {
      return known;
    }
    // A pipe would be read forever.
    if (isSpecial(target.path)) {
      return error(target.place, "names something that is not a file", "Name a file");
    }
    const content = /\.(json|ya?ml)$/i.test(target.path)
      ? this.readTree(target, open)
      : this.readText(target);
    // An unreadable file is reported at each place that names it.
    if (content.files.size > 0) {
      this.resolved.set(target.realPath, content);
    }
    return content;
  }

  private readText({ path, realPath, place }: Target): Resolved {
    const source = readSource(path, this.from);
    if ("rule" in source) {
      return unreadable(source, place);
    }
    // As YAML reads a text in a definition.
    const text = source.text.replaceAll("\r\n", "\n").replace(/\n$/, "");
    return {
      node: { kind: "scalar", value: text, place: { source, start: 0, end: source.text.length } },
      diagnostics: [],
      files: new Set([realPath]),
      size: 1,
    };
  }

  private readTree({ path, realPath, place }: Target, open: readonly string[]): Resolved {
    const parsed = this.parse(path);
    if ("rule" in parsed) {
      return unreadable(parsed, place);
    }
    const { node, diagnostics, size } = parsed;
    if (!node) {
      const empty = error(place, "names an empty file", "Write it, or name another one");
      return {
        ...empty,
        diagnostics: diagnostics.length > 0 ? diagnostics : empty.diagnostics,
        files: new Set([realPath]),
      };
    }
    const inner = this.resolve(node, path, size, [...open, realPath]);
    return {
      ...inner,
      diagnostics: [...diagnostics, ...inner.diagnostics],
      files: new Set([realPath, ...inner.files]),
    };
  }
}

function isPath(node: Node): node is ScalarNode & { readonly value: string } {
  return node.kind === "scalar" && typeof node.value === "string" && node.value !== "";
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** Whether there is something else than a file or a folder at a path, such as a pipe. */
function isSpecial(path: string): boolean {
  try {
    const found = statSync(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}

/** Follows links on both sides, unless the path does not exist. */
function staysWithin(path: string, root: string): boolean {
  const real = realPathOf(path);
  return real === undefined ? isWithin(path, root) : isWithin(real, realPathOf(root) ?? root);
}

function unreadable(
  { message, hint = "Correct the path" }: DefinitionDiagnostic,
  place: Place,
): Resolved {
  return error(place, `names a file that ${message}`, hint);
}

function tooLarge(place: Place): DefinitionDiagnostic {
  return errorAt(
    "syntax/too-large",
    place,
    `brings in more than ${MAX_VALUES} values, counting an included file each time`,
    "Include less",
  );
}

function error(place: Place, message: string, hint: string): Resolved {
  return {
    diagnostics: [errorAt("file/include", place, message, hint)],
    files: new Set(),
    size: 0,
  };
}
