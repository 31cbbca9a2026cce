import { joinPath } from "../../diagnostics";
import { type KeyPath } from "../../model/credential-detection";
import { type FieldKind } from "../../model/field";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, warningAt } from "../file-diagnostic";
import { type Node, scalarsIn } from "../read/node";

/** Where a number can stand. Anywhere else, a number is an error. */
const KINDS_WITH_NUMBERS: readonly FieldKind[] = ["integer", "document"];

/** Finds numbers that may be meant as texts: YAML does not keep how they are written. */
export function checkNumberForms(definition: Definition): DefinitionDiagnostic[] {
  const { name, properties, examples, vendor } = definition;
  const ofProperties = vendor.table.fields
    .filter(({ kind }) => KINDS_WITH_NUMBERS.includes(kind))
    .flatMap((field) => {
      const node = properties.entries.get(field.name);
      const hint = field.kind === "integer" ? PLAIN : TEXT_OR_PLAIN;
      return node ? inNode(node, ["connectors", name, "properties", field.name], hint) : [];
    });
  return examples
    ? [...ofProperties, ...inNode(examples, ["connectors", name, "examples"], TEXT_OR_PLAIN)]
    : ofProperties;
}

const PLAIN = "Write a plain decimal number";
const TEXT_OR_PLAIN = "Put it in quotes if it is a text, or write a plain decimal number";

function inNode(node: Node, path: KeyPath, hint: string): DefinitionDiagnostic[] {
  return scalarsIn(node, path).flatMap(([{ literal, value, place }, at]) =>
    // A fraction where a whole number is needed is an error already.
    literal === undefined || (hint === PLAIN && !Number.isInteger(value))
      ? []
      : [
          warningAt(
            "syntax/number-form",
            place,
            `this number ${lossOf(literal)}`,
            hint,
            joinPath(...at),
          ),
        ],
  );
}

function lossOf(literal: string): string {
  if (/^[-+]?0\d/.test(literal)) {
    return "loses its leading zeros";
  }
  return /^[-+]?\d+\.\d*0$/.test(literal)
    ? "loses the zeros at its end"
    : "is kept in another form than it is written in";
}
