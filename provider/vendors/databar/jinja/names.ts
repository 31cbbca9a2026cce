/** Names that jinja2 brings, and that are no variables. */
export const GLOBALS: readonly string[] = [
  ...["range", "dict", "lipsum", "cycler", "joiner", "namespace"],
];

/** Filters that jinja2 brings. */
export const FILTER_NAMES: readonly string[] = [
  ...["abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e"],
  ...["escape", "filesizeformat", "first", "float", "forceescape", "format", "groupby", "indent"],
  ...["int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "pprint"],
  ...["random", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select"],
  ...["selectattr", "slice", "sort", "string", "striptags", "sum", "title", "tojson", "trim"],
  ...["truncate", "unique", "upper", "urlencode", "urlize", "wordcount", "wordwrap", "xmlattr"],
];

/** Tests that jinja2 brings. */
export const TEST_NAMES: readonly string[] = [
  ...["boolean", "callable", "defined", "divisibleby", "eq", "equalto", "escaped", "even"],
  ...["false", "filter", "float", "ge", "greaterthan", "gt", "in", "integer", "iterable", "le"],
  ...["lessthan", "lower", "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence"],
  ...["string", "test", "true", "undefined", "upper"],
];
