/** A template as a tree. */
export type Template = readonly Statement[];

export type Expression =
  | { readonly kind: "constant"; readonly value: string | bigint | number | boolean | null }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list" | "tuple"; readonly items: readonly Expression[] }
  | { readonly kind: "dictionary"; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: "choice";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no?: Expression;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "unary"; readonly operator: "not" | "+" | "-"; readonly of: Expression }
  | {
      readonly kind: "comparison";
      readonly first: Expression;
      readonly rest: readonly (readonly [Comparator, Expression])[];
    }
  | { readonly kind: "concatenation"; readonly items: readonly Expression[] }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | { readonly kind: "item"; readonly of: Expression; readonly index: Expression }
  | {
      readonly kind: "slice";
      readonly start?: Expression;
      readonly stop?: Expression;
      readonly step?: Expression;
    }
  | ({ readonly kind: "call"; readonly of: Expression } & Arguments)
  | FilterUse
  | ({ readonly kind: "test"; readonly of: Expression; readonly name: string } & Arguments);

/** A filter. Without `of`, it applies to the body of its block. */
export type FilterUse = {
  readonly kind: "filter";
  readonly of?: Expression;
  readonly name: string;
  readonly at: number;
} & Arguments;

export type BinaryOperator = "or" | "and" | "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type Comparator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

/** The arguments of a call, a filter or a test. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  /** `*list` and `**map`. */
  readonly spread: readonly Expression[];
}

/** What a statement assigns to. */
export type Target =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "tuple"; readonly items: readonly Target[] }
  | { readonly kind: "field"; readonly name: string; readonly field: string };

/** Parameters of a macro or a call block. */
export type Parameters = readonly (readonly [name: string, byDefault?: Expression])[];

export type Statement =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly of: Expression; readonly at: number }
  | {
      readonly kind: "for";
      readonly target: Target;
      readonly list: Expression;
      readonly test?: Expression;
      readonly isRecursive: boolean;
      readonly body: Template;
      readonly otherwise: Template;
    }
  | {
      readonly kind: "if";
      readonly branches: readonly (readonly [test: Expression, body: Template])[];
      readonly otherwise?: Template;
    }
  | { readonly kind: "set"; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: "setBlock";
      readonly target: Target;
      readonly filter?: FilterUse;
      readonly body: Template;
    }
  | {
      readonly kind: "with";
      readonly values: readonly (readonly [Target, Expression])[];
      readonly body: Template;
    }
  | {
      readonly kind: "macro";
      readonly name: string;
      readonly parameters: Parameters;
      readonly body: Template;
    }
  | {
      readonly kind: "callBlock";
      readonly parameters: Parameters;
      readonly call: Expression;
      readonly body: Template;
    }
  | { readonly kind: "filterBlock"; readonly filter: FilterUse; readonly body: Template }
  | { readonly kind: "scope"; readonly values: readonly Expression[]; readonly body: Template }
  | { readonly kind: "block"; readonly name: string; readonly body: Template }
  /** What needs another template: `include`, `import`, `from` and `extends`. */
  | {
      readonly kind: "other";
      readonly values: readonly Expression[];
      readonly names: readonly string[];
    };

/** A statement with one body. */
export type BlockStatement = Extract<
  Statement,
  { kind: "setBlock" | "with" | "macro" | "callBlock" | "filterBlock" | "scope" | "block" }
>;

/** An expression that computes something. */
export type Operation = Extract<
  Expression,
  {
    kind:
      | "choice"
      | "binary"
      | "unary"
      | "comparison"
      | "concatenation"
      | "slice"
      | "call"
      | "filter"
      | "test";
  }
>;

export function isBlock(statement: Statement): statement is BlockStatement {
  return !["text", "output", "for", "if", "set", "other"].includes(statement.kind);
}

export function isOperation(expression: Expression): expression is Operation {
  return !["constant", "name", "list", "tuple", "dictionary", "attribute", "item"].includes(
    expression.kind,
  );
}
