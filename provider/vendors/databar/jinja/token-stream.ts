import { TemplateFault, type Token, type TokenKind } from "./tokens";

const MISSING: Partial<Record<TokenKind, string>> = {
  outputEnd: "an expression ({{ … }}) holds two values without an operator, or a bracket is open",
  tagEnd: "a statement ({% … %}) goes on where it should end",
  name: "a name is missing",
};

/** The tokens of a template, with a place in them. */
export class TokenStream {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get current(): Token {
    return this.look(0);
  }

  look(ahead: number): Token {
    const token = this.tokens[this.next + ahead] ?? this.tokens.at(-1);
    if (token === undefined) {
      throw new RangeError("a template has at least its end");
    }
    return token;
  }

  take(): Token {
    const token = this.current;
    this.next++;
    return token;
  }

  isName(name: string, ahead = 0): boolean {
    const { kind, text } = this.look(ahead);
    return kind === "name" && text === name;
  }

  isOperator(...operators: readonly string[]): boolean {
    return this.current.kind === "operator" && operators.includes(this.current.text);
  }

  skipName(name: string): boolean {
    const found = this.isName(name);
    this.next += found ? 1 : 0;
    return found;
  }

  skipOperator(operator: string): boolean {
    const found = this.isOperator(operator);
    this.next += found ? 1 : 0;
    return found;
  }

  expect(kind: TokenKind): Token {
    if (this.current.kind !== kind) {
      throw this.fault(MISSING[kind] ?? "an expression is empty or incomplete");
    }
    return this.take();
  }

  expectName(name: string): void {
    if (!this.skipName(name)) {
      throw this.fault(`a statement ({% … %}) lacks its ${name}`);
    }
  }

  expectOperator(operator: string): void {
    if (!this.skipOperator(operator)) {
      throw this.fault(`an expression lacks its ${operator}`);
    }
  }

  fault(message: string): TemplateFault {
    return new TemplateFault(message, this.current.at);
  }
}
