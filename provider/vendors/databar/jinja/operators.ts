import { formatPercent } from "./format";
import { type BinaryOperator, type Comparator } from "./syntax";
import {
  areEqual,
  asNumber,
  compare,
  isText,
  isTrue,
  itemsOf,
  kindOf,
  keyOf,
  NotRendered,
  requireLength,
  Safe,
  TemplateFailure,
  textOf,
  Tuple,
  Undefined,
  type Value,
} from "./values";

/** Operators that evaluate both sides. */
export type Arithmetic = Exclude<BinaryOperator, "or" | "and">;

/** Larger numbers take long to calculate with. */
const LARGEST = 10n ** 1000n;

/** `left operator right`. */
export function arithmetic(operator: Arithmetic, left: Value, right: Value): Value {
  requireValues(left, right);
  if (operator === "%" && isText(left)) {
    return formatPercent(textOf(left), right instanceof Tuple ? right.items : [right]);
  }
  const one = asNumber(left);
  const other = asNumber(right);
  if (one !== undefined && other !== undefined) {
    if (["/", "//", "%"].includes(operator) && Number(other) === 0) {
      throw new TemplateFailure("a number is divided by zero");
    }
    return typeof one === "bigint" && typeof other === "bigint"
      ? integers(operator, one, other)
      : floats(operator, Number(one), Number(other));
  }
  if (operator !== "*") {
    return joined(operator, left, right);
  }
  return typeof one === "bigint" ? repeated(right, one) : repeated(left, other);
}

function requireValues(...sides: readonly Value[]): void {
  const missing = sides.find((side) => side instanceof Undefined);
  if (missing) {
    throw new TemplateFailure(`${missing.label} has no value, and is used in a calculation`);
  }
}

function mismatch(left: Value, right: Value): TemplateFailure {
  return new TemplateFailure(
    `a calculation combines ${kindOf(left)} and ${kindOf(right)}; for texts, write ~`,
  );
}

function joined(operator: Arithmetic, left: Value, right: Value): Value {
  if (operator !== "+") {
    throw mismatch(left, right);
  }
  if (left instanceof Safe || right instanceof Safe) {
    throw new NotRendered("a sum of an escaped text");
  }
  if (typeof left === "string" && typeof right === "string") {
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return [...left, ...right];
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    return new Tuple([...left.items, ...right.items]);
  }
  throw mismatch(left, right);
}

function repeated(value: Value, count: bigint | number | undefined): Value {
  if (typeof count !== "bigint" || !(typeof value === "string" || Array.isArray(value))) {
    throw mismatch(value, count ?? null);
  }
  const times = Math.max(0, Number(count));
  requireLength(times * value.length);
  return typeof value === "string"
    ? value.repeat(times)
    : Array.from({ length: times }, () => value).flat();
}

function integers(operator: Arithmetic, left: bigint, right: bigint): Value {
  if ([left, right].some((side) => side > LARGEST || side < -LARGEST)) {
    throw new NotRendered("a number of this size");
  }
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return Number(left) / Number(right);
    case "//":
      return (left - modulo(left, right)) / right;
    case "%":
      return modulo(left, right);
    case "**":
      if (right > 1000n) {
        throw new NotRendered("a number of this size");
      }
      return right < 0n ? Number(left) ** Number(right) : left ** right;
  }
}

/** Has the sign of the divisor. */
function modulo(left: bigint, right: bigint): bigint {
  return ((left % right) + right) % right;
}

function floats(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "//":
      return Math.floor(left / right);
    case "%":
      return left - right * Math.floor(left / right);
    case "**":
      return left ** right;
  }
}

/** `left comparator right`. */
export function holds(comparator: Comparator, left: Value, right: Value): boolean {
  switch (comparator) {
    case "==":
      return areEqual(left, right);
    case "!=":
      return !areEqual(left, right);
    case "in":
      return contains(right, left);
    case "not in":
      return !contains(right, left);
    case "<":
      return compare(left, right) < 0;
    case "<=":
      return compare(left, right) <= 0;
    case ">":
      return compare(left, right) > 0;
    case ">=":
      return compare(left, right) >= 0;
  }
}

function contains(container: Value, value: Value): boolean {
  if (isText(container)) {
    if (!isText(value)) {
      throw new TemplateFailure(`${kindOf(value)} cannot be in a text`);
    }
    return textOf(container).includes(textOf(value));
  }
  return container instanceof Map
    ? container.has(keyOf(value))
    : itemsOf(container).some((item) => areEqual(item, value));
}

/** `-value`, `+value`, `not value`. */
export function unary(operator: "not" | "+" | "-", value: Value): Value {
  if (operator === "not") {
    return !isTrue(value);
  }
  const number = asNumber(value);
  if (number === undefined) {
    throw new TemplateFailure(`${kindOf(value)} has no sign`);
  }
  return operator === "-" ? -number : number;
}
