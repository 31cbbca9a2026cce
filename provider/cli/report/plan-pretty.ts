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

/** Columns before what is told of a connector. */
const INDENT = 6;

/** Names that are longer than that do not push the others' column to the right. */
const LONGEST_NAME = 32;

/** For people: connectors one below the other, each with what changes. */
export function prettyPlan(plans: readonly VendorPlan[], style: Style): string {
  const sections = plans.map(({ vendor, connectors }) => {
    const column = Math.max(
      0,
      ...connectors
        .map(({ name }) => columnsOf(printable(name)))
        .filter((columns) => columns <= LONGEST_NAME),
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

/** `  ~ name  update (id 42)`; what happens on a line of its own where the name is long. */
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

/** `path: before → after`; where that is too long, the path, and below it what goes and what comes. */
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
