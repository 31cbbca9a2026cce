import { isObject } from "../../json";
import { type RenderedRequest, type Row } from "../../model/rendered-request";
import { type Definition } from "../definition";
import { valueOf } from "../read/node";
import { type ReferenceValue, renderRequests } from "./render-requests";

/** What a changed template changes in a request. */
export interface RequestChange {
  /** The example's name; absent for a row of made-up values. */
  readonly example?: string;
  /** The body, line by line. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A property and its value at the vendor. */
interface ChangedTemplate {
  readonly property: string;
  readonly before: unknown;
}

/** How many examples are shown. */
const MOST = 3;

/**
 * The bodies that a definition's templates make, before and after a change, for the rows of its
 * examples; without examples, for a row in which each value is its name: `{domain}`.
 */
export function requestChanges(
  definition: Definition,
  { property, before }: ChangedTemplate,
  references: ReferenceValue,
  cwd: string,
): RequestChange[] {
  const old = { [property]: before };
  const render = (row: Row, changed = {}): readonly RenderedRequest[] =>
    renderRequests(definition, row, references, cwd, changed).requests;
  const examples = examplesOf(definition);
  const rows: readonly ExampleRow[] =
    examples.length > 0
      ? examples.slice(0, MOST)
      : [{ row: namesOf([...render({}), ...render({}, old)]) }];
  return rows.flatMap(({ name, row }) => {
    const change = { before: bodies(render(row, old)), after: bodies(render(row)) };
    return change.before.join("\n") === change.after.join("\n")
      ? []
      : [{ ...change, ...(name !== undefined && { example: name }) }];
  });
}

interface ExampleRow {
  readonly name?: string;
  readonly row: Row;
}

function examplesOf({ examples }: Definition): ExampleRow[] {
  const items = examples?.kind === "list" ? examples.items.map(valueOf) : [];
  return items.flatMap((example, index): ExampleRow[] => {
    const row = isObject(example) ? (example["row"] ?? {}) : undefined;
    const name = isObject(example) ? example["name"] : undefined;
    return isObject(row)
      ? [{ name: typeof name === "string" ? name : `example ${index + 1}`, row }]
      : [];
  });
}

function bodies(requests: readonly RenderedRequest[]): readonly string[] {
  return requests.flatMap(({ body }) => body?.split("\n") ?? []);
}

/** A row that has every value: its name in braces. */
function namesOf(requests: readonly RenderedRequest[]): Row {
  const names = requests.flatMap(({ variables }) => variables);
  return Object.fromEntries(names.map((name) => [name, `{${name}}`]));
}
