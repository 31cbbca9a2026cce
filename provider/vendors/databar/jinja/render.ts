import { applyTest } from "./checks";
import { type Appliers, applyFilter } from "./filters";
import { globals } from "./globals";
import { item, member } from "./members";
import { arithmetic, holds, unary } from "./operators";
import { parseTemplate } from "./parse";
import {
  type Arguments,
  type BlockStatement,
  type Expression,
  type FilterUse,
  isBlock,
  isOperation,
  type Operation,
  type Parameters,
  type Statement,
  type Target,
  type Template,
} from "./syntax";
import { TemplateFault } from "./tokens";
import {
  type Callable,
  type CallArguments,
  fromJson,
  isText,
  isTrue,
  itemsOf,
  keyOf,
  kindOf,
  Members,
  NotRendered,
  TemplateFailure,
  textOf,
  Tuple,
  Undefined,
  type Value,
} from "./values";
import { Work } from "./work";

/** A value in a rendered text. */
export interface Printed {
  /** The variable or the member that it comes from, where it is one: `person.name`. */
  readonly label: string | undefined;
  /** Where it begins in the text, and its length. Absent for what a block or a macro changes. */
  readonly start?: number;
  readonly length: number;
  /** False for a variable or a member that has no value. */
  readonly hasValue: boolean;
}

/** A template with values. */
export type Rendering =
  | { readonly kind: "rendered"; readonly text: string; readonly printed: readonly Printed[] }
  /** jinja2 fails on the template, or with these values. */
  | { readonly kind: "failed"; readonly message: string }
  /** Something is not rendered here, although jinja2 may render it. */
  | { readonly kind: "notRendered"; readonly message: string };

/** Steps that the body of a loop or a macro counts as each time, besides what is in it. */
const STEPS_OF_RUN = 10;

/** Renders a template as jinja2 does, with the values of a row. */
export function renderTemplate(
  template: string,
  row: Readonly<Record<string, unknown>>,
): Rendering {
  try {
    const renderer = new Renderer();
    const values = new Map(Object.entries(row).map(([name, value]) => [name, fromJson(value)]));
    const text = renderer.body(
      parseTemplate(template),
      new Frame(new Frame(undefined, globals()), values),
    );
    return { kind: "rendered", text, printed: renderer.printed };
  } catch (error) {
    if (error instanceof NotRendered) {
      return { kind: "notRendered", message: error.message };
    }
    if (error instanceof TemplateFailure || error instanceof TemplateFault) {
      return { kind: "failed", message: error.message };
    }
    if (error instanceof RangeError) {
      return { kind: "notRendered", message: "a template that calls itself this often" };
    }
    throw error;
  }
}

/** The values of names, within those of an outer frame. */
class Frame {
  constructor(
    private readonly parent: Frame | undefined,
    private readonly values: Map<string, Value> = new Map(),
  ) {}

  get(name: string): Value | undefined {
    return this.values.has(name) ? this.values.get(name) : this.parent?.get(name);
  }

  set(name: string, value: Value): void {
    this.values.set(name, value);
  }
}

class Renderer implements Appliers {
  readonly printed: Printed[] = [];
  private readonly work = new Work();

  /** The text of statements. */
  body(body: Template, frame: Frame): string {
    let text = "";
    for (const statement of body) {
      if (statement.kind === "text") {
        this.work.spendOn(statement.text);
        text += statement.text;
      } else if (statement.kind === "output") {
        text += this.output(statement.of, frame, text.length);
      } else {
        text += this.shifted(text.length, () => this.statement(statement, frame));
      }
    }
    return text;
  }

  /** Places in a text that begins at `offset` of the text around it. */
  private shifted(offset: number, render: () => string): string {
    const first = this.printed.length;
    const text = render();
    for (let index = first; index < this.printed.length; index++) {
      const each = this.printed[index];
      if (each?.start !== undefined) {
        this.printed[index] = { ...each, start: each.start + offset };
      }
    }
    return text;
  }

  /** Renders a text that a filter or a macro can change: its values have no place in the result. */
  private apart(body: Template, frame: Frame): string {
    const first = this.printed.length;
    const text = this.body(body, frame);
    for (let index = first; index < this.printed.length; index++) {
      const each = this.printed[index];
      if (each) {
        this.printed[index] = { label: each.label, length: each.length, hasValue: each.hasValue };
      }
    }
    return text;
  }

  private output(expression: Expression, frame: Frame, start: number): string {
    const value = this.value(expression, frame);
    const text = textOf(value);
    this.printed.push({
      label: labelOf(expression),
      start,
      length: text.length,
      hasValue: !(value instanceof Undefined),
    });
    return text;
  }

  private statement(
    statement: Exclude<Statement, { kind: "text" | "output" }>,
    frame: Frame,
  ): string {
    if (isBlock(statement)) {
      return this.block(statement, frame);
    }
    switch (statement.kind) {
      case "for":
        return this.loop(statement, this.value(statement.list, frame), frame);
      case "if":
        return this.condition(statement, frame);
      case "set":
        this.assign(statement.target, this.value(statement.value, frame), frame);
        return "";
      case "other":
        throw new NotRendered("a template that includes or extends another one");
    }
  }

  private block(statement: BlockStatement, frame: Frame): string {
    switch (statement.kind) {
      case "setBlock": {
        const text = this.apart(statement.body, new Frame(frame));
        this.assign(statement.target, this.filtered(statement.filter, text, frame), frame);
        return "";
      }
      case "macro":
        frame.set(statement.name, this.macro(statement.parameters, statement.body, frame));
        return "";
      case "with": {
        const own = new Frame(frame);
        for (const [target, value] of statement.values) {
          this.assign(target, this.value(value, frame), own);
        }
        return this.body(statement.body, own);
      }
      case "callBlock": {
        const caller = this.macro(statement.parameters, statement.body, frame);
        return textOf(this.called(statement.call, frame, caller));
      }
      case "filterBlock": {
        const text = this.apart(statement.body, new Frame(frame));
        return textOf(this.filtered(statement.filter, text, frame));
      }
      case "scope":
        throw new NotRendered("a template that escapes by itself");
      case "block":
        return this.body(statement.body, new Frame(frame));
    }
  }

  private condition(
    { branches, otherwise = [] }: Extract<Statement, { kind: "if" }>,
    frame: Frame,
  ): string {
    const found = branches.find(([test]) => isTrue(this.value(test, frame)));
    return this.body(found?.[1] ?? otherwise, frame);
  }

  private loop(statement: Extract<Statement, { kind: "for" }>, list: Value, frame: Frame): string {
    const { target, test, body, otherwise } = statement;
    const inFrame = (value: Value): Frame => {
      const own = new Frame(frame);
      this.assign(target, value, own);
      return own;
    };
    const items = itemsOf(list).filter(
      (value) => !test || isTrue(this.value(test, inFrame(value))),
    );
    if (items.length === 0) {
      return this.body(otherwise, new Frame(frame));
    }
    let text = "";
    items.forEach((value, index) => {
      this.work.spend(STEPS_OF_RUN);
      const own = inFrame(value);
      own.set("loop", this.loopObject(statement, items, index, frame));
      text += this.shifted(text.length, () => this.body(body, own));
    });
    return text;
  }

  private loopObject(
    statement: Extract<Statement, { kind: "for" }>,
    items: readonly Value[],
    index: number,
    frame: Frame,
  ): Value {
    const outer = frame.get("loop");
    const depth =
      outer instanceof Members && statement.isRecursive ? outer.members.get("depth") : undefined;
    const members = new Map<string, Value>([
      ["index", BigInt(index + 1)],
      ["index0", BigInt(index)],
      ["revindex", BigInt(items.length - index)],
      ["revindex0", BigInt(items.length - index - 1)],
      ["first", index === 0],
      ["last", index === items.length - 1],
      ["length", BigInt(items.length)],
      ["previtem", known(items[index - 1], "loop.previtem")],
      ["nextitem", known(items[index + 1], "loop.nextitem")],
      ["depth", typeof depth === "bigint" ? depth + 1n : 1n],
      ["cycle", ({ positional }) => positional[index % positional.length] ?? null],
    ]);
    const again: Callable = ({ positional: [list = null] }) => this.loop(statement, list, frame);
    return new LoopObject(members, statement.isRecursive ? again : undefined);
  }

  private macro(parameters: Parameters, body: Template, frame: Frame): Callable {
    return ({ positional, named }) => {
      this.work.spend(STEPS_OF_RUN);
      if (positional.length > parameters.length) {
        throw new TemplateFailure("a macro is called with more arguments than it has");
      }
      const own = new Frame(frame);
      parameters.forEach(([name, byDefault], index) => {
        const given = index < positional.length ? positional[index] : named.get(name);
        own.set(
          name,
          given === undefined
            ? byDefault
              ? this.value(byDefault, own)
              : new Undefined(name)
            : given,
        );
      });
      const caller = named.get("caller");
      if (caller !== undefined) {
        own.set("caller", caller);
      }
      return this.apart(body, own);
    };
  }

  private assign(target: Target, value: Value, frame: Frame): void {
    switch (target.kind) {
      case "name":
        frame.set(target.name, value);
        return;
      case "tuple": {
        const items = itemsOf(value);
        if (items.length !== target.items.length) {
          throw new TemplateFailure("a list has another number of items than there are names");
        }
        target.items.forEach((each, index) => this.assign(each, items[index] ?? null, frame));
        return;
      }
      case "field": {
        const object = frame.get(target.name);
        if (!(object instanceof Members)) {
          throw new TemplateFailure("only a namespace has fields that can be set");
        }
        object.members.set(target.field, value);
      }
    }
  }

  private value(expression: Expression, frame: Frame): Value {
    const value = this.evaluated(expression, frame);
    this.work.spendOn(value);
    return value;
  }

  private evaluated(expression: Expression, frame: Frame): Value {
    if (isOperation(expression)) {
      return this.operation(expression, frame);
    }
    switch (expression.kind) {
      case "constant":
        return expression.value;
      case "name":
        return known(frame.get(expression.name), expression.name);
      case "list":
        return expression.items.map((each) => this.value(each, frame));
      case "tuple":
        return new Tuple(expression.items.map((each) => this.value(each, frame)));
      case "dictionary":
        return new Map(
          expression.pairs.map(([key, each]) => [
            keyOf(this.value(key, frame)),
            this.value(each, frame),
          ]),
        );
      case "attribute":
        return this.memberOf(expression, frame);
      case "item":
        return expression.index.kind === "slice"
          ? this.slice(this.value(expression.of, frame), expression.index, frame)
          : item(
              this.value(expression.of, frame),
              this.value(expression.index, frame),
              labelOf(expression) ?? "an item",
            );
    }
  }

  private memberOf(expression: Extract<Expression, { kind: "attribute" }>, frame: Frame): Value {
    return member(
      this.value(expression.of, frame),
      expression.name,
      labelOf(expression) ?? expression.name,
    );
  }

  private operation(expression: Operation, frame: Frame): Value {
    switch (expression.kind) {
      case "choice":
        return isTrue(this.value(expression.test, frame))
          ? this.value(expression.yes, frame)
          : expression.no
            ? this.value(expression.no, frame)
            : new Undefined("a choice without else");
      case "binary":
        return this.binary(expression, frame);
      case "unary":
        return unary(expression.operator, this.value(expression.of, frame));
      case "comparison":
        return this.comparison(expression, frame);
      case "concatenation":
        return expression.items.map((each) => textOf(this.value(each, frame))).join("");
      case "call":
        return this.called(expression, frame);
      case "filter":
        return this.filtered(expression, "", frame);
      case "test":
        return applyTest(
          expression.name,
          this.value(expression.of, frame),
          this.arguments(expression, frame).positional[0],
        );
      case "slice":
        throw new TemplateFailure("a slice stands alone");
    }
  }

  private binary(
    { operator, left, right }: Extract<Expression, { kind: "binary" }>,
    frame: Frame,
  ): Value {
    const first = this.value(left, frame);
    if (operator === "and" || operator === "or") {
      return isTrue(first) === (operator === "and") ? this.value(right, frame) : first;
    }
    return arithmetic(operator, first, this.value(right, frame));
  }

  private comparison(
    { first, rest }: Extract<Expression, { kind: "comparison" }>,
    frame: Frame,
  ): boolean {
    let left = this.value(first, frame);
    return rest.every(([comparator, expression]) => {
      const right = this.value(expression, frame);
      const result = holds(comparator, left, right);
      left = right;
      return result;
    });
  }

  private slice(
    value: Value,
    { start, stop, step }: Extract<Expression, { kind: "slice" }>,
    frame: Frame,
  ): Value {
    const [from, to, by] = [start, stop, step].map((each) => {
      const bound = each ? this.value(each, frame) : null;
      if (bound !== null && typeof bound !== "bigint") {
        throw new TemplateFailure(`a slice has ${kindOf(bound)} where an integer must be`);
      }
      return bound === null ? undefined : Number(bound);
    });
    if (!isText(value) && !Array.isArray(value) && !(value instanceof Tuple)) {
      return new Undefined("a slice");
    }
    const items = sliced(itemsOf(value), from, to, by ?? 1);
    if (isText(value)) {
      return items.map(textOf).join("");
    }
    return Array.isArray(value) ? items : new Tuple(items);
  }

  private called(expression: Expression, frame: Frame, caller?: Callable): Value {
    if (expression.kind !== "call") {
      throw new TemplateFailure("a call block calls no macro");
    }
    const target = this.value(expression.of, frame);
    const call = this.arguments(expression, frame);
    const callable = target instanceof LoopObject ? target.again : target;
    if (typeof callable === "function") {
      return callable(
        caller ? { ...call, named: new Map([...call.named, ["caller", caller]]) } : call,
      );
    }
    if (expression.of.kind === "attribute" && target instanceof Undefined) {
      throw new NotRendered(`the method ${expression.of.name}`);
    }
    throw new TemplateFailure(
      target instanceof Undefined
        ? `${target.label} is called, but is no function of Jinja`
        : `${kindOf(target)} is called`,
    );
  }

  private arguments({ positional, named, spread }: Arguments, frame: Frame): CallArguments {
    if (spread.length > 0) {
      throw new NotRendered("a call with * or **");
    }
    return {
      positional: positional.map((each) => this.value(each, frame)),
      named: new Map(named.map(([name, each]) => [name, this.value(each, frame)])),
    };
  }

  /** Applies filters; the first one without an operand to `text`. */
  private filtered(use: FilterUse | undefined, text: string, frame: Frame): Value {
    if (!use) {
      return text;
    }
    const value =
      use.of === undefined
        ? text
        : use.of.kind === "filter"
          ? this.filtered(use.of, text, frame)
          : this.value(use.of, frame);
    return this.filter(use.name, value, this.arguments(use, frame));
  }

  filter(name: string, value: Value, call: CallArguments): Value {
    const filtered = applyFilter(name, value, this.spentOn(call), this);
    this.work.spendOn(filtered);
    return filtered;
  }

  test(name: string, value: Value, call: CallArguments): boolean {
    return applyTest(name, value, this.spentOn(call).positional[0]);
  }

  /** A filter such as `map` uses the arguments of one call for many values. */
  private spentOn(call: CallArguments): CallArguments {
    call.positional.forEach((value) => this.work.spendOn(value));
    call.named.forEach((value) => this.work.spendOn(value));
    return call;
  }
}

function known(value: Value | undefined, label: string): Value {
  return value === undefined ? new Undefined(label) : value;
}

/** `loop`, which a recursive loop can call. */
class LoopObject extends Members {
  constructor(
    members: Map<string, Value>,
    readonly again: Callable | undefined,
  ) {
    super(members);
  }
}

/** Python's `items[from:to:by]`. */
function sliced(
  items: readonly Value[],
  from: number | undefined,
  to: number | undefined,
  by: number,
): Value[] {
  if (by === 0) {
    throw new TemplateFailure("a slice has a step of zero");
  }
  const size = items.length;
  const [lowest, highest] = by > 0 ? [0, size] : [-1, size - 1];
  const bound = (at: number | undefined, byDefault: number): number =>
    at === undefined ? byDefault : Math.min(highest, Math.max(lowest, at < 0 ? at + size : at));
  const end = bound(to, by > 0 ? size : -1);
  const result: Value[] = [];
  for (let at = bound(from, by > 0 ? 0 : size - 1); by > 0 ? at < end : at > end; at += by) {
    result.push(items[at] ?? null);
  }
  return result;
}

/** How the template names a value: `person.name`, `items[0]`. Through filters, what they change. */
function labelOf(expression: Expression): string | undefined {
  if (expression.kind === "name") {
    return expression.name;
  }
  if (expression.kind !== "attribute" && expression.kind !== "item") {
    return undefined;
  }
  const of = labelOf(expression.of);
  if (of === undefined) {
    return undefined;
  }
  if (expression.kind === "attribute") {
    return `${of}.${expression.name}`;
  }
  const { index } = expression;
  return index.kind === "constant"
    ? `${of}[${typeof index.value === "string" ? `'${index.value}'` : String(index.value)}]`
    : undefined;
}
