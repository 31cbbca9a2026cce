import { type Planned, type PlannedChange } from "../../lifecycle/plan";

/** What happens to a connector, for example `adopt, update (id 42)`. */
export function actionText({ action, adopts, id }: Planned): string {
  const at = id === undefined ? "" : ` (id ${id})`;
  if (action === "unmanaged") return `in no definition${at}`;
  if (action === "fail") return "cannot be deployed as it is";
  return `${adopts ? `adopt, ${action}` : action}${at}`;
}

/** What is in the way, and what only the state could decide: a line each. */
export function notesOf({ problem, note }: Planned): string[] {
  return [...(problem === undefined ? [] : problem.split("\n")), ...(note === undefined ? [] : [note])];
}

/** Which properties nothing can be said of. One that changes whatever its value is none of them. */
export function unknownText({ unknown, changes }: Planned): string[] {
  const paths = unknown.filter((path) => !changes.some((change) => change.path === path));
  return paths.length === 0 ? [] : [`not compared: ${paths.join(", ")} (the value is not at hand)`];
}

/** The two sides of a change as JSON, so far as they are there. */
export interface Sides {
  readonly before?: string;
  readonly after?: string;
}

const LONGEST_VALUE = 200;

/** What is shown of a long value before the place where it changes. */
const LEAD = 40;

/** Of a long value, the piece in which the change begins. */
export function sidesOf({ secret, ...change }: PlannedChange): Sides {
  if (secret) return {};
  const before = "before" in change ? JSON.stringify(change.before) : undefined;
  const after = "after" in change ? JSON.stringify(change.after) : undefined;
  const same = before === undefined || after === undefined ? 0 : lengthInCommon(before, after);
  const from = same > LONGEST_VALUE - LEAD ? same - LEAD : 0;
  return { ...(before !== undefined && { before: piece(before, from) }), ...(after !== undefined && { after: piece(after, from) }) };
}

function lengthInCommon(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function piece(text: string, from: number): string {
  const end = from + LONGEST_VALUE;
  return `${from > 0 ? "…" : ""}${text.slice(from, end)}${end < text.length ? "…" : ""}`;
}
