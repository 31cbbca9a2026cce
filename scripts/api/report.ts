/** Reports the public surface as text. `npm run api` writes the reports; a test compares them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../../harness/sources";
import { type Declaration } from "./modules";
import { isPrivate, type Shown, surfaceOf } from "./surface";

/** The report of every entry point that has types, by file. Reads the built package. */
export function apiReports(): Readonly<Record<string, string>> {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, { types?: string }>;
  };
  const reports = Object.entries(exports).flatMap(([subpath, { types }]) => {
    if (types === undefined) {
      return [];
    }
    const file = subpath === "." ? "index" : subpath.slice(2).replaceAll("/", "-");
    const report = reportOf(subpath.replace(".", name), surfaceOf(join(ROOT, types)));
    return [[`test/api/${file}.api.md`, report] as const];
  });
  return Object.fromEntries(reports);
}

function reportOf(path: string, surface: readonly Shown[]): string {
  const exported = surface.filter(({ exported }) => exported !== undefined);
  const inside = surface.filter(({ exported }) => exported === undefined);
  const rest =
    inside.length === 0
      ? ""
      : `\n## What these are made of\n\nCannot be imported, but a change here is one of the surface.\n\n${block(inside)}`;
  return `# \`${path}\`\n\nWritten by \`npm run api\`.\n\n${block(exported)}${rest}`;
}

function block(surface: readonly Shown[]): string {
  return `\`\`\`ts\n${surface.map(printed).join("\n\n")}\n\`\`\`\n`;
}

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

function printed({ declarations, exported }: Shown): string {
  const texts = declarations.map((declaration) =>
    printer.printNode(
      ts.EmitHint.Unspecified,
      publicPart(declaration),
      declaration.getSourceFile(),
    ),
  );
  const classAsType = exported === "type" && declarations.some(ts.isClassDeclaration);
  return `${classAsType ? "// A type alone: there is no such value to import.\n" : ""}${texts.join("\n")}`;
}

/** A declaration without its private members and without `export` and `declare`. */
function publicPart(declaration: Declaration): ts.Node {
  const { transformed } = ts.transform<ts.Node>(declaration, [
    (context) => (root) => {
      const visit = (node: ts.Node): ts.Node | undefined => {
        if (
          isPrivate(node) ||
          node.kind === ts.SyntaxKind.ExportKeyword ||
          node.kind === ts.SyntaxKind.DeclareKeyword
        ) {
          return undefined;
        }
        if (ts.isImportTypeNode(node) && node.qualifier) {
          return ts.factory.createTypeReferenceNode(node.qualifier, node.typeArguments);
        }
        return ts.visitEachChild(node, visit, context);
      };
      return ts.visitEachChild(root, visit, context);
    },
  ]);
  return transformed[0] ?? declaration;
}
