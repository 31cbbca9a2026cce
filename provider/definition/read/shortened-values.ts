import { type DefinitionDiagnostic, warningAt } from "../file-diagnostic";
import { type Node } from "./node";

/** Texts of YAML 1.2 that Pulumi, which reads YAML 1.1, takes for a date or for a number. */
const OTHER_IN_YAML_1_1 = /^\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?$|^[-+]?\d[\d_]*_[\d_.]*$/;

/** Values of a stack's configuration that Pulumi does not keep as they are written. */
export function shortenedValues(node: Node | undefined): DefinitionDiagnostic[] {
  switch (node?.kind) {
    case "map":
      return [...node.entries.values()].flatMap(shortenedValues);
    case "list":
      return node.items.flatMap(shortenedValues);
    case "scalar": {
      const { source, start, end } = node.place;
      const isPlain = source.text.slice(start, end) === node.value;
      const isOther = isPlain && OTHER_IN_YAML_1_1.test(node.value);
      return node.literal === undefined && !isOther
        ? []
        : [
            warningAt(
              "file/stack-value",
              node.place,
              "Pulumi does not keep this value as it is written",
              "Put it in quotes",
            ),
          ];
    }
    case undefined:
      return [];
  }
}
