import { realpathSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { isWithin, readSource } from "./files";
import { type DefinitionDiagnostic, errorAt } from "../diagnostic";
import { type MapNode, type Node } from "./node";
import { MOST_VALUES, type Parsed, parse } from "./parse";
import { type Place } from "./source";

/** Stands for the content of another file, alone in its map: `configuration: {$file: ./awin.configuration.json}`. */
const FILE_KEY = "$file";

/** A node with what it includes in its place. */
export interface Resolved {
  /** Absent when what it would be could not be read. */
  readonly node?: Node;
  readonly diagnostics: readonly DefinitionDiagnostic[];
  /** Absolute paths of all files that went into it. */
  readonly files: ReadonlySet<string>;
  /** How many values it holds, those of included files counted each time. */
  readonly size: number;
}

/**
 * Puts the content of files where `$file` names them, relative to the file that names them and never outside `root`.
 * YAML and JSON are parsed, and may include again; any other file is a text, without its last line end.
 */
export class Includes {
  private readonly known = new Map<string, Resolved>();
  private readonly parsed = new Map<string, Parsed | DefinitionDiagnostic>();

  /**
   * @param root absolute path of the folder that nothing may lead out of.
   * @param from the folder that shown paths are relative to.
   */
  constructor(
    private readonly root: string,
    private readonly from: string,
  ) {}

  /** What a file says, read once: a file may lie among the definitions, and be included by one. */
  parse(path: string): Parsed | DefinitionDiagnostic {
    let parsed = this.parsed.get(path);
    if (!parsed) {
      const source = readSource(path, this.from);
      this.parsed.set(path, (parsed = "rule" in source ? source : parse(source)));
    }
    return parsed;
  }

  /**
   * @param file absolute path of the file that the node is written in.
   * @param size how many values it holds.
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
      for (const file of found.files) {
        files.add(file);
      }
      for (const diagnostic of found.diagnostics) {
        if (!diagnostics.includes(diagnostic)) {
          diagnostics.push(diagnostic);
        }
      }
      if (size <= MOST_VALUES) {
        return found.node;
      }
      if (!diagnostics.some(({ rule }) => rule === "syntax/too-large")) {
        diagnostics.push(
          errorAt(
            "syntax/too-large",
            place,
            `brings in more than ${MOST_VALUES} values, included files counted each time`,
            "Include less",
          ),
        );
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
      if (each.entries.has(FILE_KEY)) {
        return take(this.include(each, file, open), each.place);
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

  private include(map: MapNode, file: string, open: readonly string[]): Resolved {
    const named = map.entries.get(FILE_KEY);
    if (named?.kind !== "scalar" || typeof named.value !== "string" || named.value === "") {
      return fault(
        named?.place ?? map.place,
        "$file must name a file, as text",
        "Example: $file: ./awin.configuration.json",
      );
    }
    if (map.entries.size > 1) {
      return fault(
        named.key ?? map.place,
        "$file stands for the whole map, and cannot have other keys beside it",
        "Move them into the file, or write the map here",
      );
    }
    const target = resolve(dirname(file), named.value);
    const real = realPath(target) ?? target;
    if (!within(target, this.root)) {
      return fault(
        named.place,
        "names a file outside the project",
        "Move the file into the project",
      );
    }
    if (open.includes(real)) {
      return fault(
        named.place,
        "names a file that includes this one, which has no end",
        "Remove one of the two",
      );
    }
    const content = this.content(target, real, named.place, open);
    // The key that it is under belongs to the file that includes it.
    return {
      ...content,
      ...(content.node && { node: { ...content.node, ...(map.key && { key: map.key }) } }),
    };
  }

  private content(target: string, real: string, place: Place, open: readonly string[]): Resolved {
    const known = this.known.get(real);
    if (known) {
      return known;
    }
    const content = this.read(target, real, place, open);
    // Of a file that cannot be read, each place that names it is told.
    if (content.files.size > 0) {
      this.known.set(real, content);
    }
    return content;
  }

  private read(target: string, real: string, place: Place, open: readonly string[]): Resolved {
    if (![".json", ".yaml", ".yml"].includes(extname(target).toLowerCase())) {
      const source = readSource(target, this.from);
      if ("rule" in source) {
        return unreadable(source, place);
      }
      const text = source.text.replace(/\r?\n$/, "");
      return {
        node: { kind: "scalar", value: text, place: { source, start: 0, end: text.length } },
        diagnostics: [],
        files: new Set([real]),
        size: 1,
      };
    }
    const parsed = this.parse(target);
    if ("rule" in parsed) {
      return unreadable(parsed, place);
    }
    const { node, diagnostics, size } = parsed;
    if (!node) {
      return {
        diagnostics:
          diagnostics.length > 0
            ? diagnostics
            : [
                errorAt(
                  "file/include",
                  place,
                  "names an empty file",
                  "Write it, or name another one",
                ),
              ],
        files: new Set([real]),
        size: 0,
      };
    }
    const inner = this.resolve(node, target, size, [...open, real]);
    return {
      ...inner,
      diagnostics: [...diagnostics, ...inner.diagnostics],
      files: new Set([real, ...inner.files]),
    };
  }
}

function unreadable(
  { message, hint = "Correct the path" }: DefinitionDiagnostic,
  place: Place,
): Resolved {
  return fault(place, `names a file that ${message}`, hint);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** Links are followed on both sides, unless the path leads nowhere. */
function within(path: string, root: string): boolean {
  const real = realPath(path);
  return real === undefined ? isWithin(path, root) : isWithin(real, realPath(root) ?? root);
}

function fault(place: Place, message: string, hint: string): Resolved {
  return {
    diagnostics: [errorAt("file/include", place, message, hint)],
    files: new Set(),
    size: 0,
  };
}
