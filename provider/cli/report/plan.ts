import { type Planned, type PlannedChange } from "../../lifecycle/plan";
import { counted } from "../../diagnostics";
import { printable, type Style } from "../style";

/** A vendor's part of a plan. */
export interface VendorPlan {
  /** The vendor's display name. */
  readonly vendor: string;
  readonly connectors: readonly Planned[];
}

/** How many connectors a plan says what of. */
export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly unchanged: number;
  /** Connectors that exist, and that no definition has. */
  readonly unmanaged: number;
  /** Definitions of which nothing can be told, or that a deployment would refuse. */
  readonly fail: number;
}

export function summaryOf(plans: readonly VendorPlan[]): Summary {
  const all = plans.flatMap(({ connectors }) => connectors);
  const count = (action: Planned["action"]): number => all.filter((planned) => planned.action === action).length;
  return { create: count("create"), update: count("update"), unchanged: count("unchanged"), unmanaged: count("unmanaged"), fail: count("fail") };
}

/** `{"summary": {...}, "connectors": [{"vendor", "name", "action", ...}]}`. */
export function jsonPlan(plans: readonly VendorPlan[]): string {
  const connectors = plans.flatMap(({ vendor, connectors: all }) => all.map((planned) => ({ vendor, ...planned })));
  return `${JSON.stringify({ summary: summaryOf(plans), connectors }, null, 2)}\n`;
}

const SIGNS: Readonly<Record<Planned["action"], readonly [sign: string, colour: "green" | "yellow" | "dim" | "cyan" | "red"]>> = {
  create: ["+", "green"],
  update: ["~", "yellow"],
  unchanged: ["=", "dim"],
  unmanaged: ["?", "cyan"],
  fail: ["!", "red"],
};

/** For people. */
export function prettyPlan(plans: readonly VendorPlan[], style: Style): string {
  const sections = plans.map(({ vendor, connectors }) => {
    const lines = connectors.flatMap((planned) => {
      const [sign, colour] = SIGNS[planned.action];
      const details = [...planned.changes.map(changeText), ...unknownText(planned), ...notesOf(planned)].map(printable);
      return [`  ${style(colour, sign)} ${style("bold", printable(planned.name))}  ${style(colour, actionText(planned))}`, ...details.map((line) => `      ${line}`)];
    });
    return `${style("bold", vendor)}\n${lines.map((line) => `${line}\n`).join("")}\n`;
  });
  return `${sections.join("")}${summaryText(plans)}\n`;
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

function actionText({ action, adopts, id }: Planned): string {
  const at = id === undefined ? "" : ` (id ${id})`;
  if (action === "unmanaged") return `in no definition${at}`;
  if (action === "fail") return "cannot be deployed as it is";
  return `${adopts ? `adopt, ${action}` : action}${at}`;
}

function notesOf({ problem, note }: Planned): string[] {
  return [...(problem === undefined ? [] : problem.split("\n")), ...(note === undefined ? [] : [note])];
}

function unknownText({ unknown }: Planned): string[] {
  return unknown.length === 0 ? [] : [`not compared: ${unknown.join(", ")} (the value is not at hand)`];
}

function changeText({ path, secret, ...sides }: PlannedChange): string {
  if (secret) return `${path}: [secret]`;
  return `${path}: ${"before" in sides ? valueText(sides.before) : "(none)"} → ${"after" in sides ? valueText(sides.after) : "(none)"}`;
}

const LONGEST_VALUE = 200;

function valueText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** By it, a workflow finds its own comment to update. */
export const COMMENT_MARK = "<!-- pulumi-connectors plan -->";

/** GitHub takes comments of 65,536 characters. */
const LONGEST_COMMENT = 60_000;

/** For a comment of a pull request: a summary, and what changes, folded. */
export function markdownPlan(plans: readonly VendorPlan[]): string {
  const head = `${COMMENT_MARK}\n### Connectors: ${summaryText(plans)}\n\n`;
  const blocks = plans.flatMap(({ vendor, connectors }) => [...connectors.filter(({ action }) => action !== "unchanged").map((planned) => markdownBlock(vendor, planned)), ...unchangedBlock(vendor, connectors)]);
  let text = head;
  for (const [index, block] of blocks.entries()) {
    const left = `\n…and ${counted(blocks.length - index, "more connector")}: see the log of this run.\n`;
    if (text.length + block.length + left.length > LONGEST_COMMENT) return `${text}${left}`;
    text += block;
  }
  return text;
}

function markdownBlock(vendor: string, planned: Planned): string {
  const title = `<code>${html(planned.name)}</code> (${vendor}): ${html(actionText(planned))}`;
  const lines = [
    ...planned.changes.flatMap(({ path, secret, ...sides }) =>
      secret ? [`! ${path}: [secret]`] : [...("before" in sides ? [`- ${path}: ${valueText(sides.before)}`] : []), ...("after" in sides ? [`+ ${path}: ${valueText(sides.after)}`] : [])],
    ),
    ...unknownText(planned).map((line) => `# ${line}`),
    ...notesOf(planned).map((line) => `! ${printable(line)}`),
  ];
  if (lines.length === 0) return `- ${title}\n`;
  const content = lines.join("\n");
  const fence = "`".repeat(Math.max(3, ...[...content.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `<details><summary>${title}</summary>\n\n${fence}diff\n${content}\n${fence}\n\n</details>\n\n`;
}

function unchangedBlock(vendor: string, connectors: readonly Planned[]): string[] {
  const names = connectors.filter(({ action }) => action === "unchanged").map(({ name, adopts }) => `<code>${html(name)}</code>${adopts ? " (adopt)" : ""}`);
  return names.length === 0 ? [] : [`<details><summary>${vendor}: ${counted(names.length, "connector")} unchanged</summary>\n\n${names.join(", ")}\n\n</details>\n\n`];
}

/** Whatever may mean something to Markdown or HTML, by its number. */
function html(text: string): string {
  return printable(text).replace(/[^\p{L}\p{N} ,.:/-]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
