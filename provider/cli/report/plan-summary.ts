import { type VendorPlan } from "../../definition/plan/plan-definitions";
import { type Planned, type PlannedChange } from "../../lifecycle/plan";
import { counted } from "../../diagnostics";

/** Number of connectors by action. */
export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly unchanged: number;
  /** Existing connectors without a definition. */
  readonly unmanaged: number;
  /** Definitions that cannot be planned, or that a deployment would refuse. */
  readonly fail: number;
}

export function summaryOf(plans: readonly VendorPlan[]): Summary {
  const all = plans.flatMap(({ connectors }) => connectors);
  const count = (action: Planned["action"]): number =>
    all.filter((planned) => planned.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    unchanged: count("unchanged"),
    unmanaged: count("unmanaged"),
    fail: count("fail"),
  };
}

/** `{"summary": {...}, "connectors": [{"vendor", "name", "action", ...}]}`. */
export function jsonPlan(plans: readonly VendorPlan[]): string {
  const connectors = plans.flatMap(({ vendor, connectors: all }) =>
    all.map((planned) => ({ vendor, ...planned })),
  );
  return `${JSON.stringify({ summary: summaryOf(plans), connectors }, null, 2)}\n`;
}

/** `1 to create, 2 to update, 30 unchanged.` */
export function summaryText(plans: readonly VendorPlan[]): string {
  const { create, update, unchanged, unmanaged, fail } = summaryOf(plans);
  const parts = [
    ...(fail > 0 ? [counted(fail, "problem")] : []),
    ...(create > 0 ? [`${create} to create`] : []),
    ...(update > 0 ? [`${update} to update`] : []),
    `${unchanged} unchanged`,
    ...(unmanaged > 0 ? [`${unmanaged} in no definition`] : []),
  ];
  return `${parts.join(", ")}.`;
}

/** The action for a connector, for example `adopt, update (id 42)`. */
export function actionText({ action, adopts, id }: Planned): string {
  const at = id === undefined ? "" : ` (id ${id})`;
  if (action === "unmanaged") {
    return `in no definition${at}`;
  }
  if (action === "fail") {
    return "cannot be deployed as it is";
  }
  return `${adopts ? `adopt, ${action}` : action}${at}`;
}

/** The problem, and what depends on the stack's state; one line each. */
export function notesOf({ problem, note }: Planned): string[] {
  return [
    ...(problem === undefined ? [] : problem.split("\n")),
    ...(note === undefined ? [] : [note]),
  ];
}

/** Properties that are not compared. One that changes in any case is not listed. */
export function unknownText({ unknown, changes }: Planned): string[] {
  const paths = unknown.filter((path) => !changes.some((change) => change.path === path));
  return paths.length === 0
    ? []
    : [`not compared: ${paths.join(", ")} (the value is not available)`];
}

/** The two sides of a change as JSON. A side can be absent. */
export interface Sides {
  readonly before?: string;
  readonly after?: string;
}

const MAX_VALUE_LENGTH = 200;

/** Characters of a long value that are shown before its first difference. */
const LEAD = 40;

/** The sides of a change. A long value is cut to the part where the difference starts. */
export function sidesOf({ secret, ...change }: PlannedChange): Sides {
  if (secret) {
    return {};
  }
  const before = "before" in change ? JSON.stringify(change.before) : undefined;
  const after = "after" in change ? JSON.stringify(change.after) : undefined;
  const same = before === undefined || after === undefined ? 0 : lengthInCommon(before, after);
  const from = same > MAX_VALUE_LENGTH - LEAD ? same - LEAD : 0;
  return {
    ...(before !== undefined && { before: piece(before, from) }),
    ...(after !== undefined && { after: piece(after, from) }),
  };
}

function lengthInCommon(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) {
    length += 1;
  }
  return length;
}

function piece(text: string, from: number): string {
  const end = from + MAX_VALUE_LENGTH;
  return `${from > 0 ? "…" : ""}${text.slice(from, end)}${end < text.length ? "…" : ""}`;
}
