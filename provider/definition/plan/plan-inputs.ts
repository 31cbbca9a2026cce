import { type KeyPath } from "../../model/credential-detection";
import { describeFiles } from "../../model/field";
import { escapePattern, isObject } from "../../json";
import { type DefinitionToPlan, type PartialText } from "../../lifecycle/planned";
import { type Definition } from "../definition";
import { evaluate, type ReferenceResolver } from "../evaluate";
import { type DefinitionDiagnostic, errorAt } from "../file-diagnostic";
import { setCommand } from "../read/config-values";

/** The value of a reference. `value` is absent when it is set, but encrypted. */
export interface KnownValue {
  readonly value?: string;
  readonly secret: boolean;
}

/** Looks references up. `"missing"`: the reference is certainly not set. */
export type Lookup = (kind: "config" | "env", name: string) => KnownValue | "missing";

/** A text with references whose values are secret, unavailable, or both. */
class ReferencedText {
  constructor(
    readonly secret: boolean,
    /** In order; `undefined` for a part that is not available. */
    readonly parts: readonly (string | undefined)[],
  ) {}
}

/** A definition to plan for, before its properties are checked. */
export interface UncheckedDefinition extends Omit<
  DefinitionToPlan,
  "inputs" | "inputsWith" | "held"
> {
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A definition's properties for a plan, including texts of which only parts are available. */
export function evaluateForPlan(
  definition: Definition,
  lookup: Lookup,
  cwd: string,
): { readonly toPlan: UncheckedDefinition; readonly diagnostics: readonly DefinitionDiagnostic[] } {
  const { properties, diagnostics } = evaluate(definition, resolverOf(lookup), cwd);
  const partialTexts: PartialText[] = [];
  const secretPaths: KeyPath[] = [];
  const secretTexts: string[] = [];
  const fill = (value: unknown, path: KeyPath): unknown => {
    if (value instanceof ReferencedText) {
      return filled(value, path);
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => fill(item, [...path, index]));
    }
    return isObject(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, fill(item, [...path, key])]),
        )
      : value;
  };
  const filled = ({ secret, parts }: ReferencedText, path: KeyPath): unknown => {
    if (secret) {
      secretPaths.push(path);
      secretTexts.push(...parts.filter((part) => part !== undefined));
    }
    const text = parts.map((part) => part ?? STAND_IN).join("");
    if (parts.includes(undefined)) {
      partialTexts.push({ path, standIn: text, matches: (other) => fits(other, parts) });
    }
    const whole =
      definition.vendor.table.fields.find(({ name }) => name === path[0])?.kind === "integer" &&
      parts.length === 1 &&
      /^\d{1,15}$/.test(text);
    return whole ? Number(text) : text;
  };
  const complete = describeFiles(
    definition.vendor.table,
    fill(properties, []) as Record<string, unknown>,
  );
  return {
    toPlan: {
      name: definition.name,
      properties: complete,
      partialTexts,
      secretPaths,
      secretTexts,
    },
    diagnostics,
  };
}

/** Replaces a part that is not available. No vendor stores this character. */
const STAND_IN = "\ue000";

/** Whether a text holds the known parts in their order. */
function fits(text: string, parts: readonly (string | undefined)[]): boolean {
  return new RegExp(
    `^${parts.map((part) => (part === undefined ? ".*?" : escapePattern(part))).join("")}$`,
    "s",
  ).test(text);
}

function resolverOf(lookup: Lookup): ReferenceResolver<ReferencedText> {
  return {
    missing: new ReferencedText(true, [undefined]),
    resolve({ kind, name }, place) {
      if (kind === "secrets") {
        return new ReferencedText(true, [undefined]);
      }
      const found = lookup(kind, name);
      if (found === "missing") {
        const what =
          kind === "env" ? `the environment variable ${name}` : `the stack's key ${name}`;
        return errorAt(
          `reference/${kind}`,
          place,
          `${what} is not set`,
          kind === "env"
            ? "Set it where the command runs"
            : `Run ${setCommand(name, "--secret ")}, or give it with --config`,
        );
      }
      return found.value === undefined
        ? new ReferencedText(found.secret, [undefined])
        : found.secret
          ? new ReferencedText(true, [found.value])
          : found.value;
    },
    map: ({ secret, parts }, change) =>
      new ReferencedText(
        secret,
        parts.map((part) => (part === undefined ? part : String(change(part)))),
      ),
    join: (all) =>
      new ReferencedText(
        all.some((part) => part instanceof ReferencedText && part.secret),
        all.flatMap((part) => (part instanceof ReferencedText ? part.parts : [part])),
      ),
  };
}
