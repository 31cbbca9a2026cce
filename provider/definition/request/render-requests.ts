import { randomUUID } from "node:crypto";
import { textCredentials, withoutScheme } from "../../model/credential-detection";
import { describeFiles } from "../../model/field";
import { mapTexts, type RenderedRequest, type Row } from "../../model/rendered-request";
import { secretTexts } from "../../model/secret-paths";
import { type Definition } from "../definition";
import { evaluate, type ReferenceResolver } from "../evaluate";
import { type DefinitionDiagnostic } from "../file-diagnostic";
import { type ReferenceSegment } from "../references";

/** The value of a reference; `undefined` where it is not available. */
export type ReferenceValue = (
  reference: ReferenceSegment,
) => { readonly value: string; readonly secret: boolean } | undefined;

/** The requests of a definition. */
export interface RenderedDefinition {
  readonly requests: readonly RenderedRequest[];
  /** Texts to redact before anything is shown. */
  readonly secrets: readonly string[];
  /** References without a value: they stay in the requests, for example `${config.key}`. */
  readonly unavailable: readonly string[];
  /** References that are wrong. If any, there are no requests. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
}

/** What a template renders. Of a secret that holds it, only the text around it is in the request. */
const TEMPLATE = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/s;

/**
 * Renders the requests of a valid definition for a row. Makes none of them.
 *
 * @param changed properties in place of the definition's
 */
export function renderRequests(
  definition: Definition,
  row: Row,
  valueOf: ReferenceValue,
  cwd: string,
  changed: Readonly<Record<string, unknown>> = {},
): RenderedDefinition {
  const { table } = definition.vendor;
  const secrets: string[] = [];
  const standIns = new StandIns();
  const { properties, diagnostics } = evaluate(
    definition,
    resolverOf((reference) => {
      const known = valueOf(reference);
      if (known?.secret) {
        secrets.push(known.value, ...known.value.split(TEMPLATE));
      }
      return known?.value ?? standIns.for(`\${${reference.kind}.${reference.name}}`);
    }),
    cwd,
  );
  if (diagnostics.length > 0) {
    return { requests: [], secrets, unavailable: [], diagnostics };
  }
  const described = describeFiles(table, { ...properties, ...changed });
  const requests = definition.vendor.requests()(described, row);
  return {
    requests: requests.map((request) => standIns.restore(request)),
    secrets: [...new Set([...secrets, ...withoutWholes(secretTexts(table, described))])].filter(
      (text) => text !== "" && !standIns.isIn(text),
    ),
    unavailable: standIns.references,
    diagnostics: [],
  };
}

/**
 * Without texts whose credential is there on its own: `Bearer key` beside `key`. A text that only
 * happens to contain another secret stays, because the rest of it is secret too.
 */
function withoutWholes(texts: readonly string[]): string[] {
  return texts.filter(
    (text) =>
      ![withoutScheme(text), ...textCredentials(text)].some(
        (part) => part !== text && texts.includes(part),
      ),
  );
}

/** Texts in place of references, of characters that no encoding changes. */
class StandIns {
  private readonly prefix = `r${randomUUID().replaceAll("-", "")}r`;
  private readonly known: string[] = [];

  get references(): readonly string[] {
    return this.known;
  }

  for(reference: string): string {
    const index = this.known.includes(reference)
      ? this.known.indexOf(reference)
      : this.known.push(reference) - 1;
    return `${this.prefix}${index}r`;
  }

  isIn(text: string): boolean {
    return text.includes(this.prefix);
  }

  restore(request: RenderedRequest): RenderedRequest {
    return mapTexts(request, (text) =>
      text.replace(
        new RegExp(`${this.prefix}(\\d+)r`, "g"),
        (_, index: string) => this.known[Number(index)] ?? "",
      ),
    );
  }
}

function resolverOf(valueOf: (reference: ReferenceSegment) => string): ReferenceResolver<never> {
  return {
    resolve: (reference) => valueOf(reference),
    // Used only where there is a diagnostic, and then nothing is rendered.
    missing: undefined as never,
    map: (value) => value,
    join: (parts) => parts[0] as never,
  };
}
