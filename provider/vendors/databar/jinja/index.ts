/**
 * Jinja templates as Python's jinja2 reads and renders them. docs/design.md says why no library does
 * this.
 */
import { parseTemplate } from "./parse";
import { normalizeSource, TemplateFault } from "./tokens";
import { unknownNames } from "./unknown-names";
import { variablesOf } from "./variables";

export { type Rendering, renderTemplate } from "./render";

/** What a template needs, and what is wrong with it. */
export interface TemplateReport {
  /** Names that it expects from outside, each once, in the order of their first use. */
  readonly variables: readonly string[];
  /** Filters and tests that jinja2 does not bring, such as `filter x`. */
  readonly unknown: readonly string[];
  /** Why it is no template, without its text, and the line and column where that shows, from 1. */
  readonly fault?: { readonly message: string; readonly line: number; readonly column: number };
}

/** Reads a template without rendering it. */
export function readTemplate(text: string): TemplateReport {
  try {
    const template = parseTemplate(text);
    return { variables: variablesOf(template), unknown: unknownNames(template) };
  } catch (error) {
    const { message, at } = faultOf(error);
    const before = normalizeSource(text).slice(0, at).split("\n");
    return {
      variables: [],
      unknown: [],
      fault: {
        message,
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
      },
    };
  }
}

/** jinja2 gives up on deep nesting, too. */
function faultOf(error: unknown): { readonly message: string; readonly at: number } {
  if (error instanceof RangeError) {
    return { message: "its brackets, operators or blocks nest too deep", at: 0 };
  }
  if (!(error instanceof TemplateFault)) {
    throw error;
  }
  return error;
}
