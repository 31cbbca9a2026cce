/**
 * Reads what declaration files declare, import and export. Uses syntax only, which takes
 * milliseconds.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** A name in a file. */
export interface Place {
  readonly file: string;
  readonly name: string;
}

export type Declaration =
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.FunctionDeclaration
  | ts.VariableStatement;

/** The origin of an export. */
export interface Export extends Place {
  /** True when it does not exist at run time. */
  readonly typeOnly: boolean;
}

interface Module {
  /** By name; overloads of a function together. */
  readonly declarations: Map<string, Declaration[]>;
  /** Imports from other files of the package, by local name. */
  readonly imports: Map<string, Place>;
  readonly exports: Map<string, Export>;
}

/** Declaration files of one package, each parsed once. */
export class Modules {
  private readonly parsed = new Map<string, Module>();

  /** The exports of a file, by name. Throws for exports without a name. */
  exportsOf(file: string): ReadonlyMap<string, Export> {
    return this.module(file).exports;
  }

  /** The declarations of a name in the file that declares it. */
  declarationsOf({ file, name }: Place): readonly Declaration[] {
    return this.module(file).declarations.get(name) ?? [];
  }

  /**
   * The declaration of a name that a file uses or exports; undefined when it is not in this
   * package.
   */
  resolve(place: Place): Place | undefined {
    const { declarations, imports, exports } = this.module(place.file);
    if (declarations.has(place.name)) {
      return place;
    }
    const passedOn = imports.get(place.name) ?? exports.get(place.name);
    return passedOn && this.resolve({ file: passedOn.file, name: passedOn.name });
  }

  private module(file: string): Module {
    const module = this.parsed.get(file) ?? parse(file);
    this.parsed.set(file, module);
    return module;
  }
}

/** The file that an import names; undefined for another package. */
export function target(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) {
    return undefined;
  }
  const path = join(dirname(file), specifier);
  const found = [`${path}.d.ts`, join(path, "index.d.ts")].find(existsSync);
  if (found === undefined) {
    throw new Error(`${file} imports ${specifier}, which has no declarations`);
  }
  return found;
}

function parse(file: string): Module {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const module: Module = { declarations: new Map(), imports: new Map(), exports: new Map() };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      addImports(file, statement, module);
    } else if (ts.isExportDeclaration(statement)) {
      addExports(file, statement, module);
    } else {
      addDeclaration(file, statement, module);
    }
  }
  return module;
}

/** Ignores namespaces: `import * as` names other packages only. */
function addImports(
  file: string,
  { importClause, moduleSpecifier }: ts.ImportDeclaration,
  { imports }: Module,
): void {
  const from = target(file, textOf(moduleSpecifier));
  const bindings = importClause?.namedBindings;
  if (from === undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    return;
  }
  for (const { name, propertyName } of bindings.elements) {
    imports.set(name.text, { file: from, name: (propertyName ?? name).text });
  }
}

function addExports(
  file: string,
  { exportClause, isTypeOnly, moduleSpecifier }: ts.ExportDeclaration,
  { exports }: Module,
): void {
  const from = moduleSpecifier ? target(file, textOf(moduleSpecifier)) : file;
  if (from === undefined || exportClause === undefined || !ts.isNamedExports(exportClause)) {
    throw new Error(`${file} has exports without a name`);
  }
  for (const { name, propertyName, isTypeOnly: isType } of exportClause.elements) {
    exports.set(name.text, {
      file: from,
      name: (propertyName ?? name).text,
      typeOnly: isTypeOnly || isType,
    });
  }
}

function addDeclaration(
  file: string,
  statement: ts.Statement,
  { declarations, exports }: Module,
): void {
  if (!isDeclaration(statement)) {
    throw new Error(`${file} contains an unsupported statement: ${statement.getText()}`);
  }
  const names = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name.getText())
    : [statement.name?.text ?? "default"];
  const exported =
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  const typeOnly = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  for (const name of names) {
    declarations.set(name, [...(declarations.get(name) ?? []), statement]);
    if (exported) {
      exports.set(name, { file, name, typeOnly });
    }
  }
}

function isDeclaration(node: ts.Node): node is Declaration {
  return (
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isVariableStatement(node)
  );
}

function textOf(specifier: ts.Expression): string {
  return (specifier as ts.StringLiteral).text;
}
