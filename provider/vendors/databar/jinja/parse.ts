import { ExpressionParser } from "./expressions";
import {
  type Expression,
  type FilterUse,
  type Parameters,
  type Statement,
  type Target,
  type Template,
} from "./syntax";
import { TokenStream } from "./token-stream";
import { normalizeSource, TemplateFault, tokensOf } from "./tokens";

/** Parses a template. Throws {@link TemplateFault}. */
export function parseTemplate(template: string): Template {
  return new TemplateParser(new TokenStream(tokensOf(normalizeSource(template)))).template();
}

/** Parses statements by the grammar of jinja2's parser. */
class TemplateParser extends ExpressionParser {
  private readonly blocks = new Set<string>();
  /** Where the open statements begin. */
  private readonly open: number[] = [];

  private readonly statements: Readonly<Record<string, () => Statement>> = {
    for: () => this.loop(),
    if: () => this.condition(),
    set: () => this.set(),
    with: () => this.withBlock(),
    macro: () => this.macro(),
    call: () => this.callBlock(),
    filter: () => {
      const filter = this.filterChain(undefined, true);
      return { kind: "filterBlock", filter, body: this.body("endfilter") };
    },
    autoescape: () => {
      const values = [this.expression()];
      return { kind: "scope", values, body: this.body("endautoescape") };
    },
    block: () => this.block(),
    print: () => this.print(),
    include: () => this.include(),
    extends: () => ({ kind: "other", values: [this.expression()], names: [] }),
    import: () => this.import(),
    from: () => this.from(),
  };

  template(): Template {
    const body = this.statementsUntil();
    if (this.stream.current.kind !== "end") {
      throw this.stream.fault("a block is closed ({% end… %}) that was not opened");
    }
    return body;
  }

  /** Statements up to one of the tags `ends`, or to the end of the template. */
  private statementsUntil(...ends: readonly string[]): Statement[] {
    const body: Statement[] = [];
    for (;;) {
      const { kind, text, at } = this.stream.current;
      if (kind === "end") {
        return body;
      }
      this.stream.take();
      if (kind === "data") {
        body.push({ kind: "text", text });
      } else if (kind === "outputBegin") {
        body.push({ kind: "output", of: this.tuple(), at });
        this.stream.expect("outputEnd");
      } else {
        if (ends.some((name) => this.stream.isName(name))) {
          return body;
        }
        body.push(this.statement(at));
        this.stream.expect("tagEnd");
      }
    }
  }

  private statement(at: number): Statement {
    const { kind, text } = this.stream.current;
    if (kind !== "name") {
      throw this.stream.fault("a statement ({% … %}) is empty, or does not start with a name");
    }
    const parse = Object.hasOwn(this.statements, text) ? this.statements[text] : undefined;
    if (!parse) {
      throw this.stream.fault(
        /^(end|else$|elif$)/.test(text)
          ? "a block is closed ({% end… %}) that was not opened"
          : "a statement ({% … %}) is unknown to Jinja",
      );
    }
    this.stream.take();
    this.open.push(at);
    const statement = parse();
    this.open.pop();
    return statement;
  }

  /** The rest of a tag, and the statements up to one of the tags `ends`, whose name is left. */
  private bodyUntil(...ends: readonly string[]): Template {
    this.stream.skipOperator(":");
    this.stream.expect("tagEnd");
    const body = this.statementsUntil(...ends);
    if (this.stream.current.kind === "end") {
      throw new TemplateFault("a block ({% … %}) is not closed", this.open.at(-1) ?? 0);
    }
    return body;
  }

  private body(end: string): Template {
    const body = this.bodyUntil(end);
    this.stream.take();
    return body;
  }

  private loop(): Statement {
    const target = this.target(["in"]);
    this.stream.expectName("in");
    const list = this.tuple({ withChoice: false, ends: ["recursive"] });
    const test = this.stream.skipName("if") ? this.expression() : undefined;
    const isRecursive = this.stream.skipName("recursive");
    const body = this.bodyUntil("endfor", "else");
    const otherwise = this.stream.take().text === "else" ? this.body("endfor") : [];
    return { kind: "for", target, list, ...(test && { test }), isRecursive, body, otherwise };
  }

  private condition(): Statement {
    const branches: (readonly [Expression, Template])[] = [];
    for (;;) {
      const test = this.tuple({ withChoice: false });
      branches.push([test, this.bodyUntil("elif", "else", "endif")]);
      const tag = this.stream.take().text;
      if (tag === "else") {
        return { kind: "if", branches, otherwise: this.body("endif") };
      }
      if (tag === "endif") {
        return { kind: "if", branches };
      }
    }
  }

  private set(): Statement {
    const target = this.target([], true);
    if (this.stream.skipOperator("=")) {
      return { kind: "set", target, value: this.tuple() };
    }
    const filter = this.stream.isOperator("|") ? this.filterChain(undefined, false) : undefined;
    return { kind: "setBlock", target, ...(filter && { filter }), body: this.body("endset") };
  }

  /** One filter or more; the first has its bar unless it starts a block. */
  private filterChain(start: Expression | undefined, isFirst: boolean): FilterUse {
    if (!isFirst) {
      this.stream.expectOperator("|");
    }
    const filter = this.filter(start);
    return this.stream.isOperator("|") ? this.filterChain(filter, false) : filter;
  }

  private withBlock(): Statement {
    const values: (readonly [Target, Expression])[] = [];
    while (this.stream.current.kind !== "tagEnd") {
      if (values.length > 0) {
        this.stream.expectOperator(",");
      }
      const target = this.target([]);
      this.stream.expectOperator("=");
      values.push([target, this.expression()]);
    }
    return { kind: "with", values, body: this.body("endwith") };
  }

  private macro(): Statement {
    const name = this.newName();
    return { kind: "macro", name, parameters: this.parameters(), body: this.body("endmacro") };
  }

  private callBlock(): Statement {
    const parameters = this.stream.isOperator("(") ? this.parameters() : [];
    const call = this.expression();
    if (call.kind !== "call") {
      throw this.stream.fault("a call block does not call a macro");
    }
    return { kind: "callBlock", parameters, call, body: this.body("endcall") };
  }

  private block(): Statement {
    const name = this.stream.expect("name").text;
    this.stream.skipName("scoped");
    this.stream.skipName("required");
    if (this.blocks.has(name)) {
      throw this.stream.fault("two blocks have the same name");
    }
    this.blocks.add(name);
    const body = this.body("endblock");
    this.stream.skipName(name);
    return { kind: "block", name, body };
  }

  private print(): Statement {
    const items: Expression[] = [];
    while (this.stream.current.kind !== "tagEnd") {
      if (items.length > 0) {
        this.stream.expectOperator(",");
      }
      items.push(this.expression());
    }
    return { kind: "output", of: { kind: "concatenation", items }, at: this.stream.current.at };
  }

  private include(): Statement {
    const values = [this.expression()];
    if (this.stream.isName("ignore") && this.stream.isName("missing", 1)) {
      this.stream.take();
      this.stream.take();
    }
    this.context();
    return { kind: "other", values, names: [] };
  }

  private import(): Statement {
    const values = [this.expression()];
    this.stream.expectName("as");
    const names = [this.newName()];
    this.context();
    return { kind: "other", values, names };
  }

  private from(): Statement {
    const values = [this.expression()];
    this.stream.expectName("import");
    const names: string[] = [];
    do {
      if (this.context()) {
        break;
      }
      const name = this.newName();
      if (name.startsWith("_")) {
        throw this.stream.fault("a name that starts with an underscore cannot be imported");
      }
      names.push(this.stream.skipName("as") ? this.newName() : name);
      if (this.context()) {
        break;
      }
    } while (this.stream.skipOperator(","));
    return { kind: "other", values, names };
  }

  /** `with context` and `without context`. */
  private context(): boolean {
    const found =
      (this.stream.isName("with") || this.stream.isName("without")) &&
      this.stream.isName("context", 1);
    if (found) {
      this.stream.take();
      this.stream.take();
    }
    return found;
  }

  private parameters(): Parameters {
    this.stream.expectOperator("(");
    const parameters: (readonly [string, Expression?])[] = [];
    while (!this.stream.skipOperator(")")) {
      if (parameters.length > 0) {
        this.stream.expectOperator(",");
      }
      const name = this.newName();
      if (this.stream.skipOperator("=")) {
        parameters.push([name, this.expression()]);
      } else if (parameters.at(-1)?.[1]) {
        throw this.stream.fault("a parameter without a default follows one with a default");
      } else {
        parameters.push([name]);
      }
    }
    return parameters;
  }

  private newName(): string {
    const { text } = this.stream.expect("name");
    if (isConstant(text)) {
      throw this.stream.fault("a constant cannot be assigned");
    }
    return text;
  }

  private target(ends: readonly string[], withFields = false): Target {
    return this.targetOf(
      this.simpleTuple(() => this.targetItem(withFields), ends),
      withFields,
    );
  }

  private targetItem(withFields: boolean): Expression {
    const item = this.primary();
    return withFields && item.kind === "name" && this.stream.skipOperator(".")
      ? { kind: "attribute", of: item, name: this.stream.expect("name").text }
      : item;
  }

  private targetOf(expression: Expression, withFields: boolean): Target {
    if (expression.kind === "name") {
      return expression;
    }
    if (expression.kind === "tuple") {
      return {
        kind: "tuple",
        items: expression.items.map((each) => this.targetOf(each, withFields)),
      };
    }
    if (withFields && expression.kind === "attribute" && expression.of.kind === "name") {
      return { kind: "field", name: expression.of.name, field: expression.name };
    }
    throw this.stream.fault("a value cannot be assigned to this");
  }
}

function isConstant(name: string): boolean {
  return ["true", "false", "none", "True", "False", "None"].includes(name);
}
