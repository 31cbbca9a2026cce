/** The repository's files and what they import, for tests of its structure. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import ts from "typescript";

export const ROOT = resolve(__dirname, "..");

/** Files that git tracks or would track, relative to the root, without those deleted on disk. */
export function trackedFiles(): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    { cwd: ROOT, encoding: "utf8" },
  );
  return [...new Set(listed.split("\0"))].filter(
    (file) => file !== "" && existsSync(join(ROOT, file)),
  );
}

export function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** One import or re-export of a file. */
export interface Import {
  readonly from: string;
  /** A path from the root without its ending, or a package. */
  readonly to: string;
  /** True when nothing of it is left after compilation. */
  readonly typeOnly: boolean;
}

/** Every import of a TypeScript file, dynamic ones and `require` included. */
export function importsOf(file: string): Import[] {
  const source = parse(file);
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean): void => {
    if (specifier && ts.isStringLiteralLike(specifier)) {
      found.push({ from: file, to: target(file, specifier.text), typeOnly });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeImport(node.importClause));
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly || isTypeList(node.exportClause));
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
        node.expression.getText(source) === "require")
    ) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Nodes of a TypeScript file that a test wants to count. */
export function countNodes(file: string, wanted: (node: ts.Node) => boolean): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (wanted(node)) {
      count++;
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return count;
}

const parsed = new Map<string, ts.SourceFile>();

function parse(file: string): ts.SourceFile {
  const source =
    parsed.get(file) ?? ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
  parsed.set(file, source);
  return source;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) {
    return false;
  }
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) {
    return true;
  }
  return clause.name === undefined && isTypeList(clause.namedBindings);
}

function isTypeList(
  bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined,
): boolean {
  return (
    bindings !== undefined &&
    (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

function target(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) {
    return specifier;
  }
  const path = posix.join(dirname(file), specifier).replace(/\.(js|ts)$/, "");
  return existsSync(join(ROOT, `${path}.ts`)) ? path : posix.join(path, "index");
}
