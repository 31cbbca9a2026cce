import { type DefinitionDiagnostic, warningAt } from "../file-diagnostic";
import { type Node, scalarsIn } from "./node";

/** Texts of YAML 1.2 that Pulumi, which reads YAML 1.1, takes for a date or for a number. */
const OTHER_IN_YAML_1_1 = /^\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?$|^[-+]?\d[\d_]*_[\d_.]*$/;

/** Values of a stack's configuration that Pulumi does not keep as they are written. */
export function shortenedValues(node: Node): DefinitionDiagnostic[] {
  return scalarsIn(node).flatMap(([{ literal, value, place }]) => {
    const { source, start, end } = place;
    const isPlain = typeof value === "string" && source.text.slice(start, end) === value;
    const isOther = isPlain && OTHER_IN_YAML_1_1.test(value);
    return literal === undefined && !isOther
      ? []
      : [
          warningAt(
            "file/stack-value",
            place,
            "Pulumi does not keep this value as it is written",
            "Put it in quotes",
          ),
        ];
  });
}
