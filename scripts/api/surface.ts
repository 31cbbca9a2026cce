/** The public surface of an entry point: its exports and every declaration that they use. */
import ts from "typescript";
import { type Declaration, Modules, type Place, target } from "./modules";

/** One name of the surface. */
export interface Shown extends Place {
  readonly declarations: readonly Declaration[];
  /** How it can be imported; undefined when it cannot, although an export uses it. */
  readonly exported: "value" | "type" | undefined;
}

/**
 * The surface of a declaration file: its exports, then the declarations that they use, both sorted
 * by name.
 */
export function surfaceOf(entry: string): Shown[] {
  const modules = new Modules();
  const shown = new Map<string, Shown>();
  const open = [...modules.exportsOf(entry)].map(([name, { typeOnly }]): Shown =>
    show(modules, { file: entry, name }, typeOnly ? "type" : "value"),
  );
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const key = `${next.file} ${next.name}`;
    // Exports come first, so that they count as exported.
    if (shown.has(key)) {
      continue;
    }
    shown.set(key, next);
    const used = next.declarations
      .flatMap(namesIn)
      .flatMap((place) => modules.resolve(place) ?? []);
    open.push(...used.map((place) => show(modules, place, undefined)));
  }
  return [...shown.values()].sort(
    (one, other) =>
      Number(!one.exported) - Number(!other.exported) || (one.name < other.name ? -1 : 1),
  );
}

function show(modules: Modules, place: Place, exported: Shown["exported"]): Shown {
  const declared = modules.resolve(place);
  if (declared === undefined || declared.name !== place.name) {
    throw new Error(`${place.name} is not declared under this name in the package`);
  }
  return { ...declared, declarations: modules.declarationsOf(declared), exported };
}

/** True for a private member. */
export function isPrivate(member: ts.Node): boolean {
  return (
    ts.isClassElement(member) &&
    ts.canHaveModifiers(member) &&
    (member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false)
  );
}

/** Every name that a declaration uses, built-in types and type parameters included. */
function namesIn(declaration: Declaration): Place[] {
  const file = declaration.getSourceFile().fileName;
  const found: Place[] = [];
  const visit = (node: ts.Node): void => {
    if (isPrivate(node)) {
      return;
    }
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : ts.isTypeQueryNode(node)
          ? node.exprName
          : undefined;
    if (name && ts.isIdentifier(name)) {
      found.push({ file, name: name.text });
    }
    if (ts.isImportTypeNode(node)) {
      found.push(...importedBy(node, file));
    }
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

/** `import("./settings").StackConfig`, as the compiler writes inferred types. */
function importedBy({ argument, qualifier }: ts.ImportTypeNode, file: string): Place[] {
  if (
    !ts.isLiteralTypeNode(argument) ||
    !ts.isStringLiteral(argument.literal) ||
    qualifier === undefined ||
    !ts.isIdentifier(qualifier)
  ) {
    return [];
  }
  const from = target(file, argument.literal.text);
  return from === undefined ? [] : [{ file: from, name: qualifier.text }];
}
