import { suggest } from "../../diagnostics";
import { type DefinitionDiagnostic, warningAt } from "../file-diagnostic";
import { type Loaded } from "../load";
import { type Node } from "../read/node";
import { type Stacks } from "../read/pulumi-files";

/** Finds overlays for stacks that have no file. A project without files of stacks says nothing. */
export function checkUnusedOverlays({ files }: Loaded, stacks: Stacks): DefinitionDiagnostic[] {
  const known = [...stacks.stacks.keys()].sort();
  if (known.length === 0) {
    return [];
  }
  return files
    .filter(({ selected }) => selected)
    .flatMap(({ shown, overlays }) =>
      [...overlays].flatMap(([stack, { node }]) =>
        node === undefined || known.includes(stack) ? [] : [unused(stack, shown, node, known)],
      ),
    );
}

function unused(
  stack: string,
  base: string,
  { place }: Node,
  known: readonly string[],
): DefinitionDiagnostic {
  const meant = suggest(stack, known);
  return warningAt(
    "file/unused-overlay",
    { ...place, end: place.start },
    `this file is the overlay of ${base} for the stack ${stack}, and there is no Pulumi.${stack}.yaml`,
    meant === undefined
      ? `Name it for a stack (${known.join(", ")}), or remove it`
      : `Did you mean ${meant}?`,
  );
}
