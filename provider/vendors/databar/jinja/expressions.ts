import { type TokenStream } from "./token-stream";
import {
  type Arguments,
  type BinaryOperator,
  type Comparator,
  type Expression,
  type FilterUse,
} from "./syntax";

/** Where a tuple ends besides at its closing token: before these names. */
type EndNames = readonly string[];

const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: [] };

const COMPARATORS: readonly Comparator[] = ["==", "!=", "<", "<=", ">", ">="];

/** Parses expressions by the grammar of jinja2's parser. */
export class ExpressionParser {
  constructor(protected readonly stream: TokenStream) {}

  expression(withChoice = true): Expression {
    return withChoice ? this.choice() : this.or();
  }

  /** One expression, or several that commas separate. */
  tuple({ withChoice = true, ends = [] as EndNames, inParentheses = false } = {}): Expression {
    return this.tupleOf(() => this.expression(withChoice), ends, inParentheses);
  }

  /** Names and literals only, for targets. */
  protected simpleTuple(parse: () => Expression, ends: EndNames): Expression {
    return this.tupleOf(parse, ends, false);
  }

  private tupleOf(parse: () => Expression, ends: EndNames, inParentheses: boolean): Expression {
    const items: Expression[] = [];
    let isTuple = false;
    while (!this.endsTuple(ends)) {
      items.push(parse());
      if (!this.stream.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    const [only] = items;
    if (!isTuple && only) {
      return only;
    }
    if (!isTuple && !inParentheses) {
      throw this.stream.fault("an expression is empty or incomplete");
    }
    return { kind: "tuple", items };
  }

  private endsTuple(ends: EndNames): boolean {
    return (
      ["outputEnd", "tagEnd"].includes(this.stream.current.kind) ||
      this.stream.isOperator(")") ||
      ends.some((name) => this.stream.isName(name))
    );
  }

  private choice(): Expression {
    let value = this.or();
    while (this.stream.skipName("if")) {
      const test = this.or();
      value = {
        kind: "choice",
        test,
        yes: value,
        ...(this.stream.skipName("else") && { no: this.choice() }),
      };
    }
    return value;
  }

  private or(): Expression {
    let left = this.and();
    while (this.stream.skipName("or")) {
      left = { kind: "binary", operator: "or", left, right: this.and() };
    }
    return left;
  }

  private and(): Expression {
    let left = this.not();
    while (this.stream.skipName("and")) {
      left = { kind: "binary", operator: "and", left, right: this.not() };
    }
    return left;
  }

  private not(): Expression {
    return this.stream.skipName("not")
      ? { kind: "unary", operator: "not", of: this.not() }
      : this.comparison();
  }

  private comparison(): Expression {
    const first = this.sum();
    const rest: (readonly [Comparator, Expression])[] = [];
    for (let found = this.comparator(); found !== undefined; found = this.comparator()) {
      rest.push([found, this.sum()]);
    }
    return rest.length === 0 ? first : { kind: "comparison", first, rest };
  }

  private comparator(): Comparator | undefined {
    if (this.stream.skipName("in")) {
      return "in";
    }
    if (this.stream.isName("not") && this.stream.isName("in", 1)) {
      this.stream.take();
      this.stream.take();
      return "not in";
    }
    const found = COMPARATORS.find((operator) => this.stream.isOperator(operator));
    if (found !== undefined) {
      this.stream.take();
    }
    return found;
  }

  private sum(): Expression {
    return this.binary(["+", "-"], () => this.concatenation());
  }

  private concatenation(): Expression {
    const first = this.product();
    const items = [first];
    while (this.stream.skipOperator("~")) {
      items.push(this.product());
    }
    return items.length === 1 ? first : { kind: "concatenation", items };
  }

  private product(): Expression {
    return this.binary(["*", "/", "//", "%"], () => this.binary(["**"], () => this.unary(true)));
  }

  private binary(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((each) => this.stream.isOperator(each));
      if (operator === undefined) {
        return left;
      }
      this.stream.take();
      left = { kind: "binary", operator, left, right: operand() };
    }
  }

  private unary(withFilter: boolean): Expression {
    const operator = (["-", "+"] as const).find((each) => this.stream.skipOperator(each));
    const value: Expression =
      operator === undefined ? this.primary() : { kind: "unary", operator, of: this.unary(false) };
    const whole = this.postfix(value);
    return withFilter ? this.filters(whole) : whole;
  }

  protected primary(): Expression {
    const { kind, text } = this.stream.current;
    if (kind === "name") {
      this.stream.take();
      return constantOf(text) ?? { kind: "name", name: text };
    }
    if (kind === "string") {
      let value = "";
      while (this.stream.current.kind === "string") {
        value += this.stream.take().text;
      }
      return { kind: "constant", value };
    }
    if (kind === "integer" || kind === "float") {
      this.stream.take();
      const digits = text.replaceAll("_", "");
      return { kind: "constant", value: kind === "float" ? Number(digits) : BigInt(digits) };
    }
    if (this.stream.skipOperator("(")) {
      const inside = this.tuple({ inParentheses: true });
      this.stream.expectOperator(")");
      return inside;
    }
    if (this.stream.skipOperator("[")) {
      return { kind: "list", items: this.until("]", () => this.expression()) };
    }
    if (this.stream.skipOperator("{")) {
      return { kind: "dictionary", pairs: this.until("}", () => this.pair()) };
    }
    throw this.stream.fault("an expression is empty or incomplete");
  }

  private pair(): readonly [Expression, Expression] {
    const key = this.expression();
    this.stream.expectOperator(":");
    return [key, this.expression()];
  }

  /** Items that commas separate, the last one optional, up to a closing bracket. */
  private until<T>(closing: string, parse: () => T): T[] {
    const items: T[] = [];
    while (!this.stream.skipOperator(closing)) {
      if (items.length > 0) {
        this.stream.expectOperator(",");
        if (this.stream.skipOperator(closing)) {
          break;
        }
      }
      items.push(parse());
    }
    return items;
  }

  private postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.stream.skipOperator(".")) {
        value = this.member(value);
      } else if (this.stream.skipOperator("[")) {
        value = this.subscript(value);
      } else if (this.stream.isOperator("(")) {
        value = { kind: "call", of: value, ...this.callArguments() };
      } else {
        return value;
      }
    }
  }

  private member(of: Expression): Expression {
    const { kind, text } = this.stream.current;
    if (kind !== "name" && kind !== "integer") {
      throw this.stream.fault("a name is missing after a dot");
    }
    this.stream.take();
    return kind === "name"
      ? { kind: "attribute", of, name: text }
      : { kind: "item", of, index: { kind: "constant", value: BigInt(text) } };
  }

  private subscript(of: Expression): Expression {
    const items = this.until("]", () => this.subscripted());
    const [only] = items;
    return {
      kind: "item",
      of,
      index: items.length === 1 && only ? only : { kind: "tuple", items },
    };
  }

  private subscripted(): Expression {
    const start = this.stream.isOperator(":") ? undefined : this.expression();
    if (!this.stream.skipOperator(":")) {
      // Without a colon there was an expression.
      return start ?? { kind: "slice" };
    }
    const stop = this.stream.isOperator(":", "]", ",") ? undefined : this.expression();
    const step =
      this.stream.skipOperator(":") && !this.stream.isOperator("]", ",")
        ? this.expression()
        : undefined;
    return {
      kind: "slice",
      ...(start && { start }),
      ...(stop && { stop }),
      ...(step && { step }),
    };
  }

  protected callArguments(): Arguments {
    this.stream.expectOperator("(");
    const positional: Expression[] = [];
    const named: (readonly [string, Expression])[] = [];
    const spread: Expression[] = [];
    this.until(")", () => {
      if (this.stream.skipOperator("*") || this.stream.skipOperator("**")) {
        spread.push(this.expression());
        return;
      }
      const { kind, text } = this.stream.current;
      const following = this.stream.look(1);
      if (kind === "name" && following.kind === "operator" && following.text === "=") {
        this.stream.take();
        this.stream.take();
        named.push([text, this.expression()]);
        return;
      }
      if (named.length > 0 || spread.length > 0) {
        throw this.stream.fault("an argument without a name follows one with a name");
      }
      positional.push(this.expression());
    });
    return { positional, named, spread };
  }

  private filters(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.stream.isOperator("|")) {
        this.stream.take();
        value = this.filter(value);
      } else if (this.stream.isName("is")) {
        value = this.test(value);
      } else if (this.stream.isOperator("(")) {
        value = { kind: "call", of: value, ...this.callArguments() };
      } else {
        return value;
      }
    }
  }

  /** A filter, from its name on. */
  protected filter(of: Expression | undefined): FilterUse {
    const { at } = this.stream.current;
    return {
      kind: "filter",
      ...(of && { of }),
      name: this.dottedName(),
      at,
      ...(this.stream.isOperator("(") ? this.callArguments() : NO_ARGUMENTS),
    };
  }

  private dottedName(): string {
    let name = this.stream.expect("name").text;
    while (this.stream.skipOperator(".")) {
      name += `.${this.stream.expect("name").text}`;
    }
    return name;
  }

  private test(of: Expression): Expression {
    this.stream.take();
    const isNegated = this.stream.skipName("not");
    const name = this.dottedName();
    const test: Expression = { kind: "test", of, name, ...this.testArguments() };
    return isNegated ? { kind: "unary", operator: "not", of: test } : test;
  }

  /** In parentheses, or one operand without them. */
  private testArguments(): Arguments {
    if (this.stream.isOperator("(")) {
      return this.callArguments();
    }
    const { kind } = this.stream.current;
    const startsOperand =
      ["name", "string", "integer", "float"].includes(kind) || this.stream.isOperator("[", "{");
    if (!startsOperand || ["else", "or", "and"].some((name) => this.stream.isName(name))) {
      return NO_ARGUMENTS;
    }
    if (this.stream.isName("is")) {
      throw this.stream.fault("two tests with is follow each other");
    }
    return { ...NO_ARGUMENTS, positional: [this.postfix(this.primary())] };
  }
}

function constantOf(name: string): Expression | undefined {
  switch (name) {
    case "true":
    case "True":
      return { kind: "constant", value: true };
    case "false":
    case "False":
      return { kind: "constant", value: false };
    case "none":
    case "None":
      return { kind: "constant", value: null };
    default:
      return undefined;
  }
}
