import { type PlannedConnector, type VendorPlan } from "../../definition/plan/plan-definitions";
import { type PlannedAction, type PlannedChange } from "../../lifecycle/planned";
import { counted } from "../../diagnostics";
import { VENDORS } from "../../vendors/index";
import { escapedJson } from "../../json";
import { lengthInCommon } from "./line-diff";

/** A plan, and how it was made. */
export interface PlanReport {
  readonly plans: readonly VendorPlan[];
  /** What is known besides the definitions: those of a base revision, or the stack's state. */
  readonly knows: "definitions" | "base" | "state";
  /** The stack whose overlays and configuration apply. */
  readonly stack?: string | undefined;
  /** Show what is folded otherwise. */
  readonly all: boolean;
  /** Show connectors that no definition has one by one. */
  readonly listsUnmanaged: boolean;
  /** Supplies the values that were not compared: the lines of one command. */
  readonly valuesCommand: readonly string[];
}

/** Number of connectors by action. */
export type Summary = Readonly<Record<PlannedAction, number>>;

/** The actions, in the order of a summary, with the words for so many connectors. */
const WORDS: Readonly<Record<PlannedAction, (count: number) => string>> = {
  fail: (count) => `${count} ${count === 1 ? "fails" : "fail"}`,
  create: (count) => `${count} to create`,
  update: (count) => `${count} to update`,
  rename: (count) => `${count} to rename`,
  delete: (count) => `${count} to delete`,
  retain: (count) => `${count} to retain`,
  unchanged: (count) => `${count} unchanged`,
  unmanaged: (count) => `${count} unmanaged`,
};

const ACTIONS = Object.keys(WORDS) as readonly PlannedAction[];

export function summaryOf(plans: readonly VendorPlan[]): Summary {
  const count = (action: PlannedAction): number =>
    plans.reduce(
      (sum, { connectors }) =>
        sum + connectors.filter((planned) => planned.action === action).length,
      0,
    );
  return Object.fromEntries(ACTIONS.map((action) => [action, count(action)])) as Summary;
}

/** `1 to create, 2 to update, 30 unchanged.` */
export function summaryText(plans: readonly VendorPlan[]): string {
  const summary = summaryOf(plans);
  const parts = ACTIONS.filter((action) => summary[action] > 0 || action === "unchanged");
  return `${parts.map((action) => WORDS[action](summary[action])).join(", ")}.`;
}

/** The action for a connector, for example `adopt, update (id 42)`. */
export function actionText({ action, adopts, writes, id, renamedFrom }: PlannedConnector): string {
  const at = id === undefined ? "" : ` (id ${id})`;
  if (action === "fail") {
    return `fails${at}`;
  }
  if (action === "retain") {
    return `stays: retainOnDelete${at}`;
  }
  const words = [
    ...(adopts ? ["adopt"] : []),
    ...(action === "rename" ? [] : [action]),
    ...(renamedFrom === undefined ? [] : [`rename from ${renamedFrom}`]),
  ];
  const isAsIs = adopts && action === "unchanged";
  const written = writes === true ? "writes only what cannot be read back" : "nothing is written";
  return `${words.join(", ")}${at}${isAsIs ? `: ${written}` : ""}`;
}

/** `DatabarConnector, connectors/scoring.yaml:2`; the type where there is no definition. */
export function placeText({ type, file, line }: PlannedConnector): string {
  return file === undefined ? type : `${type}, ${file}:${line ?? 1}`;
}

/** The problem, and what else there is to know; one line each. */
export function notesOf({ problem, note }: PlannedConnector): string[] {
  return [
    ...(problem === undefined ? [] : problem.split("\n")),
    ...(note === undefined ? [] : [note]),
  ];
}

/** Whether a connector is only counted, unless everything is to be shown. */
export function isFolded(
  { action, adopts, note }: PlannedConnector,
  { all, listsUnmanaged }: Pick<PlanReport, "all" | "listsUnmanaged">,
): boolean {
  if (all) {
    return false;
  }
  return action === "unmanaged"
    ? !listsUnmanaged
    : action === "unchanged" && !adopts && note === undefined;
}

/** Properties whose values could be compared if they were known. */
export function uncomparedIn(
  vendor: string,
  { action, unknown, changes }: PlannedConnector,
): string[] {
  if (action === "create" || action === "fail") {
    return [];
  }
  const row = Object.values(VENDORS).find(({ table }) => table.vendor === vendor);
  const writeOnly = new Set(
    row?.table.fields.flatMap(({ name, writeOnly: never }) => (never ? [name] : [])),
  );
  return unknown.filter(
    (path) =>
      !writeOnly.has(/^[^.[]*/.exec(path)?.[0] ?? "") &&
      !changes.some((change) => change.path === path),
  );
}

/** `2 values of 1 connector are not compared, …:`; empty where all were compared. */
export function uncomparedText(plans: readonly VendorPlan[]): string {
  const counts = plans.flatMap(({ vendor, connectors }) =>
    connectors.map((planned) => uncomparedIn(vendor, planned).length).filter((count) => count > 0),
  );
  const values = counts.reduce((sum, count) => sum + count, 0);
  return values === 0
    ? ""
    : `Not compared: ${counted(values, "encrypted value")} of ${counted(counts.length, "connector")}. To compare:`;
}

/** What the plan cannot know without options that were not given. */
export function unmanagedText({ plans, knows }: PlanReport): string {
  return knows === "definitions" && summaryOf(plans).unmanaged > 0
    ? "unmanaged: in no definition. With --base or --state, the plan says which of them a deployment deletes."
    : "";
}

/** The two sides of a change as JSON. A side can be absent. */
export interface Sides {
  readonly before?: string;
  readonly after?: string;
}

const MAX_VALUE_LENGTH = 200;

/** Characters of a long value that are shown before its first difference. */
const LEAD = 40;

/**
 * The sides of a change. A long value is cut to the part where the difference starts.
 * @param whole do not cut.
 */
export function sidesOf({ secret, ...change }: PlannedChange, whole = false): Sides {
  if (secret) {
    return {};
  }
  const before = "before" in change ? escapedJson(change.before) : undefined;
  const after = "after" in change ? escapedJson(change.after) : undefined;
  const same =
    whole || before === undefined || after === undefined ? 0 : lengthInCommon(before, after);
  const from = same > MAX_VALUE_LENGTH - LEAD ? same - LEAD : 0;
  const shown = (text: string): string => (whole ? text : piece(text, from));
  return {
    ...(before !== undefined && { before: shown(before) }),
    ...(after !== undefined && { after: shown(after) }),
  };
}

function piece(text: string, from: number): string {
  const end = from + MAX_VALUE_LENGTH;
  return `${from > 0 ? "…" : ""}${text.slice(from, end)}${end < text.length ? "…" : ""}`;
}
