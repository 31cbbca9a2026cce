import { type DefinitionDiagnostic, errorAt } from "./file-diagnostic";
import { type Place } from "./read/source";

/** A part of a text: literal, or a reference. */
export type Segment = TextSegment | ReferenceSegment;

export interface TextSegment {
  readonly kind: "text";
  readonly text: string;
}

/** `${config.key}`, `${env.NAME}`, `${secrets.name}`. */
export interface ReferenceSegment {
  readonly kind: "config" | "env" | "secrets";
  readonly name: string;
}

const TOKEN = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
const REFERENCE = /^\s*(config|env|secrets)\.(.+?)\s*$/s;

/** Escapes every `${` of a text, so that none is a reference. */
export function escapeReferences(text: string): string {
  return text.replace(/\$\{/g, "$$$${");
}

/** Splits a text into segments. `$${` is a literal `${`; any other `${` must be a reference. */
export function segmentsOf(
  text: string,
  place: Place,
): {
  readonly segments: readonly Segment[];
  readonly diagnostics: readonly DefinitionDiagnostic[];
} {
  const segments: Segment[] = [];
  const diagnostics: DefinitionDiagnostic[] = [];
  let at = 0;
  const literal = (part: string): void => {
    if (part !== "") {
      segments.push({ kind: "text", text: part });
    }
  };
  for (const { 0: token, 1: body, index } of text.matchAll(TOKEN)) {
    literal(text.slice(at, index));
    at = index + token.length;
    if (token === "$${") {
      literal("${");
      continue;
    }
    const [, kind, name] = REFERENCE.exec(body ?? "") ?? [];
    if (kind !== undefined && name !== undefined) {
      segments.push({ kind: kind as ReferenceSegment["kind"], name });
    } else {
      diagnostics.push(body === undefined ? unclosed(place) : unknownReference(place));
    }
  }
  literal(text.slice(at));
  return { segments: joined(segments), diagnostics };
}

/** Joins adjacent texts. */
function joined(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (segment.kind === "text" && last?.kind === "text") {
      result[result.length - 1] = { kind: "text", text: last.text + segment.text };
    } else {
      result.push(segment);
    }
  }
  return result;
}

function unclosed(place: Place): DefinitionDiagnostic {
  return errorAt(
    "reference/unclosed",
    place,
    "a reference (${) is not closed",
    "Close it with }, or write $${ for the literal characters",
  );
}

function unknownReference(place: Place): DefinitionDiagnostic {
  return errorAt(
    "reference/unknown-kind",
    place,
    "a reference (${…}) must be config., env. or secrets. with a name",
    "Correct it, or write $${ for the literal characters",
  );
}
