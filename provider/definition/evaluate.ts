import { relative, resolve, sep } from "node:path";
import { type KeyPath } from "../model/credential-detection";
import { type Field } from "../model/field";
import { type Definition, propertyPath } from "./definition";
import { type DefinitionDiagnostic, errorAt } from "./file-diagnostic";
import { escapeReferences, type ReferenceSegment, segmentsOf } from "./references";
import { type Node, type ScalarNode } from "./read/node";
import { type Place } from "./read/source";

/**
 * Gives `${config.key}` and `${env.NAME}` their values. `L` is a value that is not a text yet, such
 * as an output.
 */
export interface ReferenceResolver<L> {
  /** The value of a reference, or what is wrong with it. */
  resolve(reference: ReferenceSegment, place: Place): string | L | DefinitionDiagnostic;
  /** Replaces a value that is not available. */
  readonly missing: L;
  /** Applies `change` to the text of a value. */
  map(value: L, change: (text: string) => unknown): L;
  /** Joins values into one. */
  join(parts: readonly (string | L)[]): L;
}

/** A definition's properties as a program would write them. */
export interface Evaluated {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/**
 * Replaces references in the texts of the properties, but not in keys:
 *
 * 1. A text that is exactly one reference becomes a number if the property is one.
 * 2. A document keeps `${secrets.name}` and `$${`, which mean the same in it. Inserted values are
 *    literal text.
 * 3. Paths of files are relative to the definition's folder, and become relative to `cwd`.
 */
export function evaluate<L>(
  definition: Definition,
  resolver: ReferenceResolver<L>,
  cwd: string,
): Evaluated {
  const diagnostics: DefinitionDiagnostic[] = [];
  const properties: [string, unknown][] = [];
  for (const [name, node] of definition.properties.entries) {
    const field = definition.vendor.table.fields.find((each) => each.name === name);
    properties.push([
      name,
      new Evaluation(definition, field, resolver, cwd, diagnostics).value(node, [name]),
    ]);
  }
  return { properties: Object.fromEntries(properties), diagnostics };
}

/** The evaluation of one property. */
class Evaluation<L> {
  constructor(
    private readonly definition: Definition,
    private readonly field: Field | undefined,
    private readonly resolver: ReferenceResolver<L>,
    private readonly cwd: string,
    private readonly diagnostics: DefinitionDiagnostic[],
  ) {}

  value(node: Node, path: KeyPath): unknown {
    if (node.kind === "list") {
      return node.items.map((item, index) => this.value(item, [...path, index]));
    }
    if (node.kind === "map") {
      return Object.fromEntries(
        [...node.entries].map(([key, entry]) => [key, this.value(entry, [...path, key])]),
      );
    }
    return typeof node.value === "string" ? this.text(node.value, node, path) : node.value;
  }

  private text(text: string, node: ScalarNode, path: KeyPath): unknown {
    if (!text.includes("${")) {
      return this.placed(text, path);
    }
    const { segments, diagnostics } = segmentsOf(text, node.place);
    const at = propertyPath(this.definition, ...path);
    this.diagnostics.push(...diagnostics.map((diagnostic) => ({ ...diagnostic, path: at })));
    if (diagnostics.length > 0) {
      return this.resolver.missing;
    }
    const parts = segments.map((segment) =>
      segment.kind === "text"
        ? this.literal(segment.text)
        : this.reference(segment, node.place, at),
    );
    if (parts.every((part) => typeof part === "string")) {
      return this.whole(
        parts.join(""),
        segments.length === 1 && segments[0]?.kind !== "text",
        path,
      );
    }
    const only = parts.length === 1 ? parts[0] : undefined;
    if (only !== undefined && typeof only !== "string") {
      return this.resolver.map(only, (known) => this.whole(known, true, path));
    }
    return this.resolver.map(this.resolver.join(parts), (known) => this.whole(known, false, path));
  }

  private reference(segment: ReferenceSegment, place: Place, at: string): string | L {
    if (segment.kind === "secrets") {
      if (this.field?.kind === "document") {
        return `\${secrets.${segment.name}}`;
      }
      this.diagnostics.push(
        errorAt(
          "reference/secrets",
          place,
          "${secrets.…} is only allowed in a configuration",
          "Write ${config.key} for a secret of the stack, or $${ for the literal characters",
          at,
        ),
      );
      return this.resolver.missing;
    }
    const value = this.resolver.resolve(segment, place);
    if (isDiagnostic(value)) {
      this.diagnostics.push({ ...value, path: at });
      return this.resolver.missing;
    }
    return typeof value === "string"
      ? this.literal(value)
      : this.resolver.map(value, (known) => this.literal(known));
  }

  /** A literal text as the properties hold it: a document needs `${` escaped. */
  private literal(text: string): string {
    return this.field?.kind === "document" ? escapeReferences(text) : text;
  }

  private whole(text: string, isReference: boolean, path: KeyPath): unknown {
    if (isReference && this.field?.kind === "integer" && /^\d{1,15}$/.test(text)) {
      return Number(text);
    }
    return this.placed(text, path);
  }

  private placed(text: string, path: KeyPath): string {
    if (this.field?.kind !== "file" || path.length > 1 || text === "") {
      return text;
    }
    return (relative(this.cwd, resolve(this.definition.folder, text)) || ".").split(sep).join("/");
  }
}

function isDiagnostic(value: unknown): value is DefinitionDiagnostic {
  return typeof value === "object" && value !== null && "rule" in value && "severity" in value;
}
