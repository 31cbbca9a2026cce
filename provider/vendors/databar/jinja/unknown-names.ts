import { FILTER_NAMES, TEST_NAMES } from "./names";
import { type Expression, isBlock, type Statement, type Template } from "./syntax";
import { expressionsOf, partsOf } from "./variables";

/**
 * Filters and tests that jinja2 does not bring. It refuses them before it renders anything, except
 * within `if`, where it may never come to them.
 */
export function unknownNames(template: Template): string[] {
  return [...new Set(template.flatMap(inStatement))];
}

function inStatement(statement: Statement): string[] {
  if (isBlock(statement)) {
    return [...expressionsOf(statement).flatMap(inExpression), ...unknownNames(statement.body)];
  }
  switch (statement.kind) {
    case "text":
    case "if":
      return [];
    case "output":
      return inExpression(statement.of);
    case "set":
      return inExpression(statement.value);
    case "other":
      return statement.values.flatMap(inExpression);
    case "for": {
      const { list, test, body, otherwise } = statement;
      const expressions = test ? [list, test] : [list];
      return [...expressions.flatMap(inExpression), ...unknownNames([...body, ...otherwise])];
    }
  }
}

function inExpression(expression: Expression): string[] {
  const inside = expression.kind === "choice" ? [expression.test] : partsOf(expression);
  const { kind } = expression;
  const isUnknown =
    (kind === "filter" && !FILTER_NAMES.includes(expression.name)) ||
    (kind === "test" && !TEST_NAMES.includes(expression.name));
  return [...(isUnknown ? [`${kind} ${expression.name}`] : []), ...inside.flatMap(inExpression)];
}
