import { type PlannedConnector, type VendorPlan } from "../../definition/plan/plan-definitions";
import { counted } from "../../diagnostics";
import { type PlannedAction, type PlannedChange } from "../../lifecycle/planned";
import { type Format, printable, type Style } from "../terminal/style";
import { chopped, columnsOf, shortened, WIDTH, wrapped } from "../terminal/text-width";
import { changedLines } from "./changed-lines";
import { type DiffLine } from "./line-diff";
import {
  actionText,
  isFolded,
  notesOf,
  placeText,
  type PlanReport,
  sidesOf,
  summaryText,
  uncomparedIn,
  uncomparedText,
  unmanagedText,
} from "./plan-summary";

const SIGNS: Readonly<Record<PlannedAction, readonly [sign: string, colour?: Format]>> = {
  create: ["+", "green"],
  update: ["~", "magenta"],
  rename: ["~", "magenta"],
  delete: ["-", "red"],
  retain: ["-", "magenta"],
  unchanged: ["="],
  unmanaged: ["?"],
  fail: ["!", "red"],
};

/** Columns before the details of a connector. */
const INDENT = 6;

/** Longer names do not move the column of actions. */
const MAX_NAME_COLUMNS = 32;

/** For people: one connector below the other, each with its changes. */
export function prettyPlan(report: PlanReport, style: Style): string {
  const sections = report.plans.map((plan) => section(plan, report, style));
  const uncompared = uncomparedText(report.plans);
  const ending = [
    ...(uncompared === ""
      ? []
      : [...wrapped(uncompared), ...report.valuesCommand.map((line) => `  ${line}`), ""]),
    ...[unmanagedText(report)]
      .filter((text) => text !== "")
      .flatMap((text) => [...wrapped(text), ""]),
    ...wrapped(summaryText(report.plans)),
  ];
  return `${sections.join("")}${ending.join("\n")}\n`;
}

function section({ vendor, connectors }: VendorPlan, report: PlanReport, style: Style): string {
  const shown = connectors.filter((planned) => !isFolded(planned, report));
  const column = shown.reduce((widest, { name }) => {
    const columns = columnsOf(printable(name));
    return columns > MAX_NAME_COLUMNS ? widest : Math.max(widest, columns);
  }, 0);
  const lines = shown.flatMap((planned) => [
    ...head(planned, column, style),
    ...details(vendor, planned, report, style),
  ]);
  const folded = (["unchanged", "unmanaged"] as const).flatMap((action) => {
    const { length } = connectors.filter(
      (planned) => planned.action === action && isFolded(planned, report),
    );
    return length === 0 ? [] : [`  ${SIGNS[action][0]} ${length} ${action}`];
  });
  const all = [...lines, ...folded];
  return [style("bold", vendor), ...(all.length === 0 ? ["  no connectors"] : all), "", ""].join(
    "\n",
  );
}

/**
 * `  ~ name  update (id 42)  type, file:line`. What does not fit into the line stands on one of its
 * own.
 */
function head(planned: PlannedConnector, column: number, style: Style): string[] {
  const [sign, colour] = SIGNS[planned.action];
  const name = shortened(printable(planned.name), WIDTH - 4);
  const action = printable(actionText(planned));
  const place = printable(placeText(planned));
  const coloured = (text: string): string => (colour === undefined ? text : style(colour, text));
  const start = `  ${coloured(sign)} ${planned.action === "unchanged" ? name : style("bold", name)}`;
  const columns = columnsOf(name);
  const placeLine = `      ${place}`;
  if (columns + columnsOf(action) + 6 > WIDTH) {
    return [start, ...wrapped(action, 4).map(coloured), placeLine];
  }
  const gap = Math.max(0, column - columns) + 2;
  const line = `${start}${" ".repeat(gap)}${coloured(action)}`;
  const width = 4 + columns + gap + columnsOf(action);
  return width + 2 + columnsOf(place) > WIDTH ? [line, placeLine] : [`${line}  ${place}`];
}

function details(
  vendor: string,
  planned: PlannedConnector,
  { all }: PlanReport,
  style: Style,
): string[] {
  const uncompared = all ? uncomparedIn(vendor, planned) : [];
  const words = [
    ...(uncompared.length === 0 ? [] : [`not compared: ${uncompared.join(", ")}`]),
    ...notesOf(planned),
  ].flatMap((line) => wrapped(printable(line), INDENT));
  const isNew = planned.action === "create";
  return [...planned.changes.flatMap((change) => changeLines(change, isNew, style)), ...words];
}

/**
 * `path: before → after`; if that is too long, the path, and the two values below it. Of a text of
 * several lines, the lines that change.
 */
function changeLines(change: PlannedChange, isNew: boolean, style: Style): string[] {
  const path = printable(change.path);
  const indent = " ".repeat(INDENT);
  if (change.secret) {
    return [`${indent}${path}: [secret]`];
  }
  const lines = changedLines(change);
  if (lines) {
    return [`${indent}${path}:`, ...lines.flatMap((line) => textLines(line, style))];
  }
  const { before, after } = sidesOf(change, isNew);
  const value = isNew ? (after ?? "") : `${before ?? "(none)"} → ${after ?? "(none)"}`;
  const line = `${indent}${path}: ${printable(value)}`;
  if (columnsOf(line) <= WIDTH) {
    return [line];
  }
  return [
    `${indent}${path}:`,
    ...(before === undefined ? [] : signed("-", printable(before), style)),
    ...(after === undefined ? [] : signed("+", printable(after), style)),
  ];
}

function textLines(line: DiffLine | number, style: Style): string[] {
  return typeof line === "number"
    ? [style("dim", `${" ".repeat(INDENT + 4)}… ${counted(line, "unchanged line")}`)]
    : signed(line.sign, line.text, style, "…");
}

const COLOURS = { "-": "red", "+": "green" } as const;

/** A text beside its sign. What does not fit into the line goes on in the next one. */
function signed(sign: DiffLine["sign"], text: string, style: Style, goesOn = " "): string[] {
  return chopped(text, WIDTH - INDENT - 4).map((piece, index) => {
    const mark = index > 0 ? goesOn : sign === " " ? sign : style(COLOURS[sign], sign);
    return `${" ".repeat(INDENT + 2)}${mark} ${piece}`.trimEnd();
  });
}
