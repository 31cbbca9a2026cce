import { FILTER_NAMES, TEST_NAMES } from "./names";
import { holds } from "./operators";
import { type Comparator } from "./syntax";
import {
  areEqual,
  asNumber,
  isNumber,
  isText,
  Lazy,
  Members,
  NotRendered,
  Safe,
  TemplateFailure,
  textOf,
  Tuple,
  Undefined,
  type Value,
} from "./values";

type Check = (value: Value, operand: Value) => boolean;

const comparing =
  (comparator: Comparator): Check =>
  (value, operand) =>
    holds(comparator, value, operand);

const isList = (value: Value): boolean => Array.isArray(value) || value instanceof Tuple;

/** jinja2's tests. */
const CHECKS: Readonly<Record<string, Check>> = {
  boolean: (value) => typeof value === "boolean",
  callable: (value) => typeof value === "function",
  defined: (value) => !(value instanceof Undefined),
  divisibleby: (value, operand) => remainder(value, operand) === 0,
  eq: comparing("=="),
  equalto: comparing("=="),
  "==": comparing("=="),
  escaped: (value) => value instanceof Safe,
  even: (value) => remainder(value, 2n) === 0,
  false: (value) => value === false,
  filter: (value) => FILTER_NAMES.includes(textOf(value)),
  float: (value) => typeof value === "number",
  ge: comparing(">="),
  greaterthan: comparing(">"),
  gt: comparing(">"),
  in: comparing("in"),
  integer: (value) => typeof value === "bigint",
  iterable: (value) =>
    isText(value) ||
    isList(value) ||
    value instanceof Map ||
    value instanceof Lazy ||
    value instanceof Undefined,
  le: comparing("<="),
  lessthan: comparing("<"),
  lower: (value) => isCased(textOf(value), (text) => text.toLowerCase()),
  lt: comparing("<"),
  mapping: (value) => value instanceof Map,
  ne: comparing("!="),
  none: (value) => value === null,
  number: (value) => isNumber(value) || typeof value === "boolean",
  odd: (value) => remainder(value, 2n) === 1,
  sameas: (value, operand) => {
    if (typeof value === "object" && value !== null) {
      throw new NotRendered("the test sameas of a list");
    }
    return typeof value === typeof operand && areEqual(value, operand);
  },
  sequence: (value) =>
    isText(value) || isList(value) || value instanceof Map || value instanceof Undefined,
  string: isText,
  test: (value) => TEST_NAMES.includes(textOf(value)),
  true: (value) => value === true,
  undefined: (value) => value instanceof Undefined,
  upper: (value) => isCased(textOf(value), (text) => text.toUpperCase()),
};

/** Applies a test. */
export function applyTest(name: string, value: Value, operand: Value | undefined): boolean {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (!check || value instanceof Members) {
    throw new NotRendered(`the test ${name}`);
  }
  return check(value, operand ?? new Undefined("an operand"));
}

function remainder(value: Value, divisor: Value): number {
  const [number, by] = [asNumber(value), asNumber(divisor)];
  if (number === undefined || by === undefined || Number(by) === 0) {
    throw new TemplateFailure("a test for numbers has another value");
  }
  const left = Number(number);
  const right = Number(by);
  return ((left % right) + right) % right;
}

/** True for texts that have letters, all in one case. */
function isCased(text: string, change: (text: string) => string): boolean {
  return change(text) === text && text.toLowerCase() !== text.toUpperCase();
}
