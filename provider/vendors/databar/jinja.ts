import { nodes, parser } from "nunjucks";

/** What a Jinja template needs. */
export interface Template {
  /** Names that it expects from outside, each once, in the order of their first use. */
  readonly variables: readonly string[];
  /** What is wrong with it, without its text, and the line and column where that shows, from 1. */
  readonly fault?: { readonly message: string; readonly line?: number; readonly column?: number };
}

/** Names that Jinja itself brings. */
const BUILT_IN: readonly string[] = [
  "loop",
  "range",
  "dict",
  "lipsum",
  "cycler",
  "joiner",
  "namespace",
  "self",
  "super",
  "caller",
  "varargs",
  "kwargs",
  "true",
  "false",
  "none",
  "True",
  "False",
  "None",
];

/**
 * Right in Jinja, and unknown to the parser that reads it here: nothing can be told of such a
 * template.
 */
const UNKNOWN_TO_PARSER =
  /unknown block tag: (?!end)|parseAggregate: expected comma after expression|unexpected token: \*/;

/** Reads a template. The parser's own messages may quote it, and are told by kind only. */
export function readTemplate(text: string): Template {
  try {
    return { variables: variablesOf(parser.parse(text)) };
  } catch (error) {
    const { message, lineno, colno } = error as Error & { lineno?: number; colno?: number };
    if (UNKNOWN_TO_PARSER.test(message)) {
      return { variables: [] };
    }
    return {
      variables: [],
      fault: {
        message: describe(message),
        ...(lineno !== undefined && colno !== undefined && { line: lineno, column: colno }),
      },
    };
  }
}

function describe(message: string): string {
  if (/end of comment/.test(message)) {
    return "a comment ({# … #}) is not closed";
  }
  if (/got end of file|unexpected end of file/.test(message)) {
    return "a block ({% … %}) is not closed";
  }
  if (/unknown block tag: end/.test(message)) {
    return "a block is closed ({% end… %}) that was not opened";
  }
  if (/expected variable end/.test(message)) {
    return "an expression ({{ … }}) is not closed, or holds two values without an operator";
  }
  if (/expected block end|parseSignature|expected comma/.test(message)) {
    return "a statement ({% … %}) is not closed";
  }
  return "an expression is empty or incomplete";
}

function variablesOf(root: nodes.Node): string[] {
  const own = new Set<unknown>(BUILT_IN);
  const labels = new Set<nodes.Node>();
  for (const filter of root.findAll(nodes.Filter)) {
    labels.add(filter.name);
  }
  for (const pair of root.findAll(nodes.Pair)) {
    labels.add(pair.key);
  }
  for (const { right } of root.findAll(nodes.Is)) {
    labels.add(right instanceof nodes.FunCall ? right.name : right);
  }
  for (const loop of root.findAll(nodes.For)) {
    for (const name of namesIn(loop.name)) {
      own.add(name);
    }
  }
  for (const set of root.findAll(nodes.Set)) {
    for (const target of set.targets) {
      for (const name of namesIn(target)) {
        own.add(name);
      }
    }
  }
  for (const macro of root.findAll(nodes.Macro)) {
    for (const name of [...namesIn(macro.name), ...namesIn(macro.args)]) {
      own.add(name);
    }
  }
  const symbols = root.findAll(nodes.Symbol).filter((symbol) => !labels.has(symbol));
  return [...new Set(symbols.map(({ value }) => value))].filter((name) => !own.has(name));
}

/** A name, or the names of a list of them. */
function namesIn(node: nodes.Node): string[] {
  return node instanceof nodes.Symbol
    ? [node.value]
    : node.findAll(nodes.Symbol).map(({ value }) => value);
}
