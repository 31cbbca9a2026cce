import { GLOBALS } from "./names";
import {
  type Arguments,
  type BlockStatement,
  type Expression,
  isBlock,
  isOperation,
  type Operation,
  type Parameters,
  type Statement,
  type Target,
  type Template,
} from "./syntax";

/**
 * The names that a template expects from outside, in the order of their first use: what jinja2's
 * `meta.find_undeclared_variables` finds. A name that every branch of an `if` sets is not one.
 */
export function variablesOf(template: Template): string[] {
  const outside = new Set<string>();
  readScope(template, new Scope(undefined, outside));
  return [...outside].filter((name) => !GLOBALS.includes(name));
}

/** The names of a frame: a template, a loop, a macro, the body of a block. */
class Scope {
  readonly names = new Set<string>();
  /** What is inside is read last: it sees names that the frame sets later. */
  readonly inner: (() => void)[] = [];

  constructor(
    private readonly parent: Scope | undefined,
    readonly outside: Set<string>,
  ) {}

  load(name: string): void {
    if (!this.knows(name)) {
      this.outside.add(name);
    }
  }

  private knows(name: string): boolean {
    return this.names.has(name) || (this.parent?.knows(name) ?? false);
  }
}

function readScope(body: Template, scope: Scope): void {
  readAll(body, scope);
  for (const read of scope.inner) {
    read();
  }
}

function readAll(body: Template, scope: Scope): void {
  for (const statement of body) {
    readStatement(statement, scope);
  }
}

/** Reads a body later, in a frame of its own that begins with `names`. */
function readInside(body: Template, scope: Scope, names: Iterable<string>): void {
  scope.inner.push(() => {
    const own = new Scope(scope, scope.outside);
    for (const name of names) {
      own.names.add(name);
    }
    readScope(body, own);
  });
}

function readStatement(statement: Statement, scope: Scope): void {
  if (isBlock(statement)) {
    readBlock(statement, scope);
    return;
  }
  switch (statement.kind) {
    case "text":
      break;
    case "output":
      load(scope, statement.of);
      break;
    case "for":
      readLoop(statement, scope);
      break;
    case "if":
      readBranches(statement, scope);
      break;
    case "set":
      load(scope, statement.value);
      store(scope, statement.target);
      break;
    case "other":
      load(scope, ...statement.values);
      statement.names.forEach((name) => scope.names.add(name));
  }
}

function readBlock(statement: BlockStatement, scope: Scope): void {
  load(scope, ...expressionsOf(statement));
  switch (statement.kind) {
    case "macro":
    case "callBlock":
      readMacro(statement, scope);
      break;
    case "setBlock":
      store(scope, statement.target);
      readInside(statement.body, scope, []);
      break;
    case "with":
      readInside(
        statement.body,
        scope,
        statement.values.flatMap(([target]) => namesOf(target)),
      );
      break;
    case "filterBlock":
    case "scope":
      readInside(statement.body, scope, []);
      break;
    case "block":
      readInside(statement.body, scope, ["self", "super"]);
  }
}

/** The expressions of a statement's tag. */
export function expressionsOf(statement: BlockStatement): readonly Expression[] {
  switch (statement.kind) {
    case "setBlock":
      return present(statement.filter);
    case "with":
      return statement.values.map(([, value]) => value);
    case "callBlock":
      return [statement.call];
    case "filterBlock":
      return [statement.filter];
    case "scope":
      return statement.values;
    case "macro":
    case "block":
      return [];
  }
}

function readLoop(
  { list, target, test, body, otherwise }: Extract<Statement, { kind: "for" }>,
  scope: Scope,
): void {
  load(scope, list);
  const names = namesOf(target);
  if (test) {
    readInside([{ kind: "output", of: test, at: 0 }], scope, names);
  }
  readInside(body, scope, [...names, "loop"]);
  readInside(otherwise, scope, []);
}

/** What only some branches set may come from outside. */
function readBranches(
  { branches, otherwise }: Extract<Statement, { kind: "if" }>,
  scope: Scope,
): void {
  const before = new Set(scope.names);
  const sets: ReadonlySet<string>[] = [];
  for (const [test, body] of branches) {
    load(scope, test);
    sets.push(namesSetIn(body, scope, before));
  }
  sets.push(namesSetIn(otherwise ?? [], scope, before));
  for (const name of sets.flatMap((set) => [...set])) {
    if (sets.every((set) => set.has(name))) {
      scope.names.add(name);
    }
  }
}

function namesSetIn(
  body: Template,
  scope: Scope,
  before: ReadonlySet<string>,
): ReadonlySet<string> {
  readAll(body, scope);
  const set = new Set([...scope.names].filter((name) => !before.has(name)));
  set.forEach((name) => scope.names.delete(name));
  return set;
}

function readMacro(
  statement: Extract<Statement, { kind: "macro" | "callBlock" }>,
  scope: Scope,
): void {
  if (statement.kind === "macro") {
    scope.names.add(statement.name);
  }
  const { parameters, body } = statement;
  scope.inner.push(() => {
    load(scope, ...defaultsOf(parameters));
  });
  readInside(body, scope, [
    ...parameters.map(([name]) => name),
    ...["caller", "varargs", "kwargs"],
  ]);
}

function defaultsOf(parameters: Parameters): Expression[] {
  return parameters.flatMap(([, byDefault]) => (byDefault ? [byDefault] : []));
}

function store(scope: Scope, target: Target): void {
  if (target.kind === "field") {
    scope.load(target.name);
  } else {
    namesOf(target).forEach((name) => scope.names.add(name));
  }
}

function namesOf(target: Target): string[] {
  switch (target.kind) {
    case "name":
      return [target.name];
    case "tuple":
      return target.items.flatMap(namesOf);
    case "field":
      return [];
  }
}

/** Reads the names in expressions. */
function load(scope: Scope, ...expressions: readonly Expression[]): void {
  for (const expression of expressions) {
    if (expression.kind === "name") {
      scope.load(expression.name);
    } else {
      load(scope, ...partsOf(expression));
    }
  }
}

/** The expressions directly inside another. */
export function partsOf(expression: Expression): readonly Expression[] {
  if (isOperation(expression)) {
    return partsOfOperation(expression);
  }
  switch (expression.kind) {
    case "constant":
    case "name":
      return [];
    case "list":
    case "tuple":
      return expression.items;
    case "dictionary":
      return expression.pairs.flat();
    case "attribute":
      return [expression.of];
    case "item":
      return [expression.of, expression.index];
  }
}

function partsOfOperation(expression: Operation): readonly Expression[] {
  switch (expression.kind) {
    case "concatenation":
      return expression.items;
    case "choice":
      return present(expression.test, expression.yes, expression.no);
    case "binary":
      return [expression.left, expression.right];
    case "comparison":
      return [expression.first, ...expression.rest.map(([, each]) => each)];
    case "slice":
      return present(expression.start, expression.stop, expression.step);
    case "unary":
      return [expression.of];
    case "call":
    case "filter":
    case "test":
      return [...present(expression.of), ...argumentsIn(expression)];
  }
}

function argumentsIn({ positional, named, spread }: Arguments): Expression[] {
  return [...positional, ...named.map(([, value]) => value), ...spread];
}

function present(...expressions: readonly (Expression | undefined)[]): Expression[] {
  return expressions.filter((each) => each !== undefined);
}
