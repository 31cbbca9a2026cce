import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node as YamlNode,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  YAMLParseError,
  visit,
} from "yaml";
import { isKeptExactly } from "../../json";
import { type DefinitionDiagnostic, errorAt } from "../file-diagnostic";
import { type MapNode, type Node, type ScalarNode } from "./node";
import { type Place, type Source } from "./source";
import { NO_ANCHOR, syntaxErrors, TOO_DEEP } from "./syntax-errors";

/**
 * The content of a file, and what is wrong with its syntax. `node` is absent for an empty or
 * unreadable file.
 */
export interface Parsed {
  readonly node?: Node;
  readonly diagnostics: readonly DefinitionDiagnostic[];
  /** How many values it holds. A value that aliases repeat counts each time. */
  readonly size: number;
}

/** Aliases of aliases can make billions of values out of a few lines. */
export const MAX_VALUES = 200_000;

const MAX_DEPTH = 500;
const MAX_ERRORS = 20;

/**
 * Parses YAML 1.2, which includes JSON, with `<<` for merging. Keys are unique texts; tags are
 * refused.
 */
export function parse(source: Source): Parsed {
  const lineEnd = bareCarriageReturn(source);
  if (lineEnd) {
    return { diagnostics: [lineEnd], size: 0 };
  }
  const json = isJson(source) ? checkJson(source) : [];
  if (json.length > 0) {
    return { diagnostics: json, size: 0 };
  }
  // The parser crashes the process on deeply nested text.
  if (nestsTooDeep(source.text)) {
    return { diagnostics: [tooDeep(source)], size: 0 };
  }
  try {
    const document = parseDocument(source.text, {
      version: "1.2",
      prettyErrors: false,
      // The parser's own check compares each key with all before it.
      uniqueKeys: false,
      stringKeys: true,
      strict: true,
    });
    document.errors.push(...duplicateKeys(document));
    const diagnostics = syntaxErrors(source, document).slice(0, MAX_ERRORS);
    if (diagnostics.length > 0) {
      return { diagnostics, size: 0 };
    }
    if (
      document.contents === null ||
      (isScalar(document.contents) && document.contents.value === null)
    ) {
      return { diagnostics: [], size: 0 };
    }
    return new Reader(source, source.text.includes("*") ? targetsOf(document) : new Map()).read(
      document.contents,
    );
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    return { diagnostics: [tooDeep(source)], size: 0 };
  }
}

function isJson({ path }: Source): boolean {
  return path.toLowerCase().endsWith(".json");
}

function tooDeep(source: Source): DefinitionDiagnostic {
  const [rule, message, hint] = TOO_DEEP;
  return errorAt(rule, { source, start: 0, end: 0 }, message, hint);
}

/**
 * A line end of the first Apple computers, which the parser takes for text, and git for no line end
 * at all.
 */
function bareCarriageReturn(source: Source): DefinitionDiagnostic | undefined {
  const start = source.text.search(/\r(?!\n)/);
  return start < 0
    ? undefined
    : errorAt(
        "syntax/line-end",
        { source, start, end: start + 1 },
        "this line ends with a carriage return (CR) alone",
        "Save the file with LF line ends",
      );
}

/**
 * Counts brackets in the text, including quoted ones: no real file holds 500 that are not closed.
 */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === "[" || bracket === "{" ? 1 : -1));
    if (depth > MAX_DEPTH) {
      return true;
    }
  }
  return /^ {1000}|(?:[-?][ \t]+){500}/m.test(text);
}

/** Checks a .json file, because YAML accepts more than JSON. */
function checkJson(source: Source): DefinitionDiagnostic[] {
  if (source.text.trim() === "") {
    return [];
  }
  try {
    JSON.parse(source.text);
    return [];
  } catch {
    const start = firstInvalid(source.text);
    return [
      errorAt(
        "syntax/json",
        { source, start, end: start },
        "is not valid JSON",
        "Look for a missing or extra comma, quote or bracket here or just before",
      ),
    ];
  }
}

/**
 * Length of the longest beginning of a text that can start valid JSON. Not every error of the
 * engine names a place.
 */
function firstInvalid(text: string): number {
  let valid = 0;
  let invalid = text.length + 1;
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (canStartJson(text.slice(0, middle))) {
      valid = middle;
    } else {
      invalid = middle;
    }
  }
  return Math.min(valid, text.length);
}

function canStartJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const at = /position (\d+)/.exec(message)?.[1];
    // The start of true, false, null or a number can still become one.
    return (
      /end of JSON|Unterminated string/i.test(message) ||
      (at !== undefined && Number(at) >= text.length) ||
      /(?:^|[\s:,[])(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-|\d+\.|\d+(?:\.\d+)?[eE][+-]?)$/.test(text)
    );
  }
}

function duplicateKeys(document: Document.Parsed): YAMLParseError[] {
  const errors: YAMLParseError[] = [];
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (isScalar(key)) {
          const [start = 0] = key.range ?? [];
          if (keys.has(key.value)) {
            errors.push(new YAMLParseError([start, start + 1], "DUPLICATE_KEY", ""));
          }
          keys.add(key.value);
        }
      }
    },
  });
  return errors.slice(0, MAX_ERRORS);
}

/** The target of each alias: the last node before it with its anchor. */
function targetsOf(document: Document.Parsed): Map<Alias, YamlNode> {
  const anchors = new Map<string, YamlNode>();
  const targets = new Map<Alias, YamlNode>();
  visit(document, {
    Alias(_, alias) {
      const target = anchors.get(alias.source);
      if (target) {
        targets.set(alias, target);
      }
    },
    Value(_, node) {
      if (node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return targets;
}

/** Hexadecimal and octal numbers are exact where they are safe. */
function isDecimal(literal: string): boolean {
  return !/^[-+]?0[xo]/i.test(literal);
}

/** Converts the parser's tree into nodes, and resolves aliases. */
class Reader {
  private readonly diagnostics: DefinitionDiagnostic[] = [];
  private readonly open = new Set<YamlNode>();
  private readonly isYaml: boolean;
  private values = 0;

  constructor(
    private readonly source: Source,
    private readonly targets: ReadonlyMap<Alias, YamlNode>,
  ) {
    this.isYaml = !isJson(source);
  }

  read(contents: YamlNode): Parsed {
    const node = this.node(contents, this.placeOf(contents));
    return { ...(node && { node }), diagnostics: this.diagnostics, size: this.values };
  }

  /** `undefined` for a value that is refused. */
  private node(yaml: YamlNode, place: Place, key?: Place): Node | undefined {
    if (isAlias(yaml)) {
      return this.alias(yaml, place, key);
    }
    this.values += 1;
    if (this.values > MAX_VALUES) {
      return this.refuse(
        place,
        "syntax/too-large",
        `holds more than ${MAX_VALUES} values, counting an alias each time`,
        "Repeat less, or split the file",
      );
    }
    if (isScalar(yaml)) {
      return this.scalar(yaml, place, key);
    }
    if (isSeq(yaml)) {
      const items = yaml.items.map((item) =>
        this.node(item as YamlNode, this.placeOf(item as YamlNode)),
      );
      return { kind: "list", items: items.filter((item) => item !== undefined), place, key };
    }
    return isMap(yaml) ? this.map(yaml, place, key) : undefined;
  }

  private scalar({ value, source = "" }: Scalar, place: Place, key?: Place): Node | undefined {
    if (
      typeof value === "number" &&
      (!Number.isFinite(value) ||
        (isDecimal(source) ? !isKeptExactly(source) : !Number.isSafeInteger(value)))
    ) {
      return this.refuse(
        place,
        "syntax/number",
        Number.isNaN(value) || /inf$/i.test(source)
          ? "infinity, and what is not a number, cannot be kept as numbers"
          : "this number is too large, or has too many digits, to be kept exactly",
        "Put it in quotes; where only a number is allowed, write one of at most 15 digits",
      );
    }
    if (
      value === null ||
      typeof value === "string" ||
      typeof value === "number" ||
      typeof value === "boolean"
    ) {
      return { kind: "scalar", value, literal: this.literalOf(value, source), place, key };
    }
    return this.refuse(
      place,
      "syntax/value",
      "this tag (!!name) makes something else than a text, number, true, false or null",
      "Remove the tag",
    );
  }

  /** JSON has no texts without quotes, so that its numbers are meant as numbers. */
  private literalOf(value: ScalarNode["value"], source: string): string | undefined {
    return typeof value === "number" && this.isYaml && source !== String(value)
      ? source
      : undefined;
  }

  private alias(alias: Alias, place: Place, key?: Place): Node | undefined {
    const target = this.targets.get(alias);
    if (!target) {
      return this.refuse(place, ...NO_ANCHOR);
    }
    if (this.open.has(target)) {
      return this.refuse(
        place,
        "syntax/alias",
        "this alias is inside the value that it repeats",
        "Repeat something else, or write the value out",
      );
    }
    if (this.values > MAX_VALUES) {
      return undefined;
    }
    this.open.add(target);
    const node = this.node(target, this.placeOf(target), key);
    this.open.delete(target);
    return node;
  }

  private map(yaml: YAMLMap, place: Place, key?: Place): MapNode {
    const own = new Map<string, Node>();
    const merged = new Map<string, Node>();
    for (const { key: name, value } of yaml.items as Pair<Scalar, YamlNode | null>[]) {
      const keyPlace = this.placeOf(name);
      const node = value === null ? undefined : this.node(value, this.placeOf(value), keyPlace);
      if (String(name.value) === "<<") {
        this.merge(merged, node, keyPlace);
      } else if (node) {
        own.set(String(name.value), node);
      } else if (value === null) {
        // It may be the rest of a value that a comma has ended: it must not be named.
        this.refuse(
          keyPlace,
          "syntax/value",
          "this is a key without a colon and a value",
          "Put a value that holds a comma in quotes; write null for no value",
        );
      }
    }
    const entries = merged.size === 0 ? own : new Map([...merged, ...own]);
    return { kind: "map", entries, place, key };
  }

  /** `<<: *base` or `<<: [*one, *two]`: the map's own keys win, then those of earlier maps. */
  private merge(into: Map<string, Node>, from: Node | undefined, place: Place): void {
    if (!from) {
      return;
    }
    const maps = from.kind === "list" ? from.items : [from];
    for (const map of maps) {
      if (map.kind !== "map") {
        this.refuse(
          place,
          "syntax/merge",
          "<< can only merge maps",
          "Write an alias of a map, or a list of such aliases",
        );
      } else {
        for (const [key, entry] of map.entries) {
          if (!into.has(key)) {
            into.set(key, entry);
          }
        }
      }
    }
  }

  private placeOf(yaml: YamlNode): Place {
    const [start = 0, end = start] = yaml.range ?? [];
    return { source: this.source, start, end };
  }

  private refuse(place: Place, rule: string, message: string, hint: string): Node | undefined {
    if (
      !this.diagnostics.some(
        (diagnostic) => diagnostic.rule === rule && diagnostic.place?.start === place.start,
      )
    ) {
      this.diagnostics.push(errorAt(rule, place, message, hint));
    }
    return undefined;
  }
}
