import { type Diagnostic, splitPath } from "../../diagnostics";
import { check } from "../../model/check";
import { describeFiles } from "../../model/field";
import { Unknown } from "../../model/unknown";
import { type Definition, propertyPath } from "../definition";
import { evaluate, type ReferenceResolver } from "../evaluate";
import { type DefinitionDiagnostic } from "../file-diagnostic";
import { type ReferenceSegment } from "../references";
import { nearest, nodeAt } from "../read/node";
import { type Place } from "../read/source";

/**
 * A check of a definition beyond what a deployment refuses. `properties` has its references filled
 * in.
 */
export type DefinitionCheck = (
  definition: Definition,
  properties: Readonly<Record<string, unknown>>,
) => readonly Diagnostic[];

/** Checks a reference whose value is not available. */
export type ReferenceCheck = (
  reference: ReferenceSegment,
  place: Place,
) => DefinitionDiagnostic | undefined;

/**
 * Finds everything that is wrong with a definition's properties. No I/O except reading the files
 * that they name.
 */
export function checkDefinition(
  definition: Definition,
  cwd: string,
  checkReference: ReferenceCheck = () => undefined,
  moreChecks: readonly DefinitionCheck[] = [],
): DefinitionDiagnostic[] {
  const { properties, diagnostics } = evaluate(definition, unknownValues(checkReference), cwd);
  const described = describeFiles(definition.vendor.table, properties);
  const ofProperties = [
    ...check(definition.vendor.table, described, undefined).diagnostics,
    ...moreChecks.flatMap((each) => each(definition, described)),
  ];
  return [...diagnostics, ...ofProperties.map((each) => locate(definition, each))];
}

/** Every reference is unknown: only a deployment checks its value. */
function unknownValues(checkReference: ReferenceCheck): ReferenceResolver<Unknown> {
  return {
    resolve: (reference, at) => checkReference(reference, at) ?? new Unknown(""),
    missing: new Unknown(""),
    map: (value) => value,
    join: () => new Unknown(""),
  };
}

/**
 * Adds the place of a diagnostic: the value that it is about, or the key where the name is wrong.
 */
function locate(definition: Definition, diagnostic: Diagnostic): DefinitionDiagnostic {
  const { rule, path } = diagnostic;
  const steps = splitPath(path);
  const found = nodeAt(definition.properties, steps);
  const node = found ?? nearest(definition.properties, steps);
  const place = ABOUT_NAMES.includes(rule) || !found ? (node.key ?? node.place) : node.place;
  return {
    ...diagnostic,
    place,
    file: place.source.path,
    path: propertyPath(definition, ...steps),
  };
}

const ABOUT_NAMES: readonly string[] = ["property/unknown", "property/name"];
