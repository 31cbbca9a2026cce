import { type VendorPlan } from "../../definition/plan/plan-definitions";
import { type Planned, type PlannedChange } from "../../lifecycle/plan";
import { type Format, printable, type Style } from "../terminal/style";
import { chopped, columnsOf, WIDTH, wrapped } from "../terminal/text-width";
import { actionText, notesOf, sidesOf, summaryText, unknownText } from "./plan-summary";

const SIGNS: Readonly<Record<Planned["action"], readonly [sign: string, colour: Format]>> = {
  create: ["+", "green"],
  update: ["~", "magenta"],
  unchanged: ["=", "dim"],
  unmanaged: ["?", "cyan"],
  fail: ["!", "red"],
};

/** Columns before the details of a connector. */
const INDENT = 6;

/** Longer names do not move the column of actions. */
const MAX_NAME_COLUMNS = 32;

/** For people: one connector below the other, each with its changes. */
export function prettyPlan(plans: readonly VendorPlan[], style: Style): string {
  const sections = plans.map(({ vendor, connectors }) => {
    const column = Math.max(
      0,
      ...connectors
        .map(({ name }) => columnsOf(printable(name)))
        .filter((columns) => columns <= MAX_NAME_COLUMNS),
    );
    const lines = connectors.flatMap((planned) => [
      ...head(planned, column, style),
      ...details(planned, style),
    ]);
    return [
      style("bold", vendor),
      ...(lines.length === 0 ? ["  no connectors"] : lines),
      "",
      "",
    ].join("\n");
  });
  return `${sections.join("")}${summaryText(plans)}\n`;
}

/** `  ~ name  update (id 42)`; the action is on its own line if the name is long. */
function head(planned: Planned, column: number, style: Style): string[] {
  const [sign, colour] = SIGNS[planned.action];
  const name = printable(planned.name);
  const action = actionText(planned);
  const start = `  ${style(colour, sign)} ${style(planned.action === "unchanged" ? "dim" : "bold", name)}`;
  const columns = columnsOf(name);
  if (columns + action.length + 6 > WIDTH) {
    return [start, `    ${style(colour, action)}`];
  }
  return [`${start}${" ".repeat(Math.max(0, column - columns) + 2)}${style(colour, action)}`];
}

function details(planned: Planned, style: Style): string[] {
  const words = [...unknownText(planned), ...notesOf(planned)].flatMap((line) =>
    wrapped(printable(line), INDENT),
  );
  return [...planned.changes.flatMap((change) => changeLines(change, style)), ...words];
}

/** `path: before → after`; if that is too long, the path, and the two values below it. */
function changeLines(change: PlannedChange, style: Style): string[] {
  const path = printable(change.path);
  const indent = " ".repeat(INDENT);
  if (change.secret) {
    return [`${indent}${path}: [secret]`];
  }
  const { before, after } = sidesOf(change);
  const line = `${indent}${path}: ${printable(before ?? "(none)")} → ${printable(after ?? "(none)")}`;
  if (columnsOf(line) <= WIDTH) {
    return [line];
  }
  const side = (sign: string, colour: Format, text: string | undefined): string[] =>
    text === undefined
      ? []
      : chopped(printable(text), WIDTH - INDENT - 4).map(
          (piece, index) => `${indent}  ${index === 0 ? style(colour, sign) : " "} ${piece}`,
        );
  return [`${indent}${path}:`, ...side("-", "red", before), ...side("+", "green", after)];
}
