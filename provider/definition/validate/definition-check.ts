import { type Diagnostic, splitPath } from "../../diagnostics";
import { check } from "../../model/check";
import { Unknown } from "../../model/unknown";
import { type Definition, propertyPath } from "../definition";
import { evaluate, type ReferenceResolver } from "../evaluate";
import { type DefinitionDiagnostic } from "../diagnostic";
import { type ReferenceSegment } from "../references";
import { withFiles } from "../../vendors/tables";
import { nearest, nodeAt } from "../read/node";
import { type Place } from "../read/source";

/** Judges a definition's properties beyond what a deployment refuses. */
export type DefinitionCheck = (
  definition: Definition,
  properties: Readonly<Record<string, unknown>>,
) => readonly Diagnostic[];

/** How references are judged where their values are not at hand: a finding, or nothing. */
export type ReferenceCheck = (reference: ReferenceSegment, place: Place) => DefinitionDiagnostic | undefined;

/** Everything that is wrong with a definition's properties, each with its place. No I/O but a look at the files that it names. */
export function checkDefinition(
  definition: Definition,
  cwd: string,
  judge: ReferenceCheck = () => undefined,
  more: readonly DefinitionCheck[] = [],
): DefinitionDiagnostic[] {
  const { properties, findings } = evaluate(definition, unknowns(judge), cwd);
  const described = withFiles(definition.kind, properties);
  const { diagnostics } = check(definition.kind.table, described, undefined);
  return [
    ...findings,
    ...[...diagnostics, ...more.flatMap((each) => each(definition, described))].map((diagnostic) =>
      place(definition, diagnostic),
    ),
  ];
}

/** Every reference is unknown: its value is judged by the deployment. */
function unknowns(judge: ReferenceCheck): ReferenceResolver<Unknown> {
  return {
    resolve: (reference, at) => judge(reference, at) ?? new Unknown(""),
    missing: new Unknown(""),
    map: (value) => value,
    join: () => new Unknown(""),
  };
}

/** A diagnostic of the properties as a finding: at the value that it is about, or at the key where the name is at fault. */
function place(definition: Definition, diagnostic: Diagnostic): DefinitionDiagnostic {
  const { rule = "property/value", path } = diagnostic;
  const steps = splitPath(path);
  const found = nodeAt(definition.properties, steps);
  const node = found ?? nearest(definition.properties, steps);
  const at = ABOUT_NAMES.includes(rule) || !found ? (node.key ?? node.place) : node.place;
  return {
    ...diagnostic,
    rule,
    place: at,
    file: at.source.path,
    path: propertyPath(definition, ...steps),
  };
}

const ABOUT_NAMES: readonly string[] = ["property/unknown", "property/name"];
