import { type PlannedConnector, type VendorPlan } from "../../definition/plan/plan-definitions";
import {
  type DefinitionDiagnostic,
  formatLocation,
  formatMessage,
} from "../../definition/file-diagnostic";
import { type RequestChange } from "../../definition/request/request-changes";
import { type PlannedAction } from "../../lifecycle/planned";
import { counted } from "../../diagnostics";
import { printable } from "../terminal/style";
import { changedLines } from "./changed-lines";
import { type DiffLine, lineDiff } from "./line-diff";
import {
  actionText,
  isFolded,
  notesOf,
  placeText,
  type PlanReport,
  sidesOf,
  summaryText,
  uncomparedText,
  unmanagedText,
} from "./plan-summary";

/** Lets a workflow find its own comment to update. */
export const COMMENT_MARKER = "<!-- pulumi-connectors plan -->";

/** GitHub accepts comments of up to 65,536 characters. */
const MAX_COMMENT_LENGTH = 60_000;

/** A longer block is cut, so that others have room. */
const MAX_BLOCK_LENGTH = 8_000;

/** What people must see comes first. */
const ORDER: readonly PlannedAction[] = [
  "fail",
  "delete",
  "retain",
  "update",
  "rename",
  "create",
  "unchanged",
  "unmanaged",
];

/** A part of the comment, about so many connectors. */
interface Block {
  readonly text: string;
  readonly connectors: number;
}

/** For a comment on a pull request: a summary, and collapsed changes, problems first. */
export function markdownPlan(report: PlanReport): string {
  const { plans } = report;
  const head = `${COMMENT_MARKER}\n### Connectors: ${summaryText(plans)}\n\n`;
  const shown = plans
    .flatMap(({ vendor, connectors, requestChanges }) =>
      connectors
        .filter((planned) => !isListed(planned, report))
        .map((planned) => ({ vendor, planned, requests: requestChanges?.get(planned.name) })),
    )
    .sort(
      ({ planned: one }, { planned: other }) =>
        ORDER.indexOf(one.action) - ORDER.indexOf(other.action),
    );
  const blocks = [
    ...shown.map(({ vendor, planned, requests }) => connectorBlock(vendor, planned, requests)),
    ...plans.flatMap((plan) => [
      ...namesBlock(plan, "unchanged", report),
      ...namesBlock(plan, "unmanaged", report),
    ]),
  ];
  return joined(head, blocks, endingOf(report));
}

/** Blocks as long as there is room; of the others, the number of connectors. */
function joined(head: string, blocks: readonly Block[], ending: string): string {
  let text = head;
  let left = 0;
  for (const block of blocks) {
    const room = MAX_COMMENT_LENGTH - text.length - ending.length - 100;
    if (block.text.length > room) {
      left += block.connectors;
    } else {
      text += block.text;
    }
  }
  const more =
    left === 0 ? "" : `\n…and ${counted(left, "more connector")}: see the log of this run.\n`;
  return `${text}${more}${ending}`;
}

/** A document that says why there is no plan. */
export function markdownRefusal(
  message: string,
  diagnostics: readonly DefinitionDiagnostic[],
): string {
  const lines = [
    ...message.split("\n"),
    ...diagnostics.map((each) => `${formatLocation(each)}: ${formatMessage(each)}`),
  ].map(printable);
  const content = cut(lines, MAX_COMMENT_LENGTH / 2);
  return `${COMMENT_MARKER}\n### Connectors: no plan\n\n${fenced("text", content)}\n`;
}

function connectorBlock(
  vendor: string,
  planned: PlannedConnector,
  requests: readonly RequestChange[] = [],
): Block {
  const place = planned.file === undefined ? vendor : placeText(planned);
  const title = `<code>${html(planned.name)}</code>: ${prose(actionText(planned))} (${prose(place)})`;
  const isNew = planned.action === "create";
  const lines = [
    ...notesOf(planned).map((line) => `! ${printable(line)}`),
    ...planned.changes.flatMap((change) => {
      const path = printable(change.path);
      const { before, after } = sidesOf(change, isNew);
      if (change.secret) {
        return [`${isNew ? "+" : "!"} ${path}: [secret]`];
      }
      const changed = changedLines(change);
      if (changed) {
        return [`# ${path}`, ...changed.map(textLine)];
      }
      return [
        ...(before === undefined ? [] : [`- ${path}: ${printable(before)}`]),
        ...(after === undefined ? [] : [`+ ${path}: ${printable(after)}`]),
      ];
    }),
    ...requests.flatMap(requestLines),
  ];
  if (lines.length === 0) {
    return { text: `- ${title}\n`, connectors: 1 };
  }
  const content = fenced("diff", cut(lines, MAX_BLOCK_LENGTH));
  return {
    text: `<details><summary>${title}</summary>\n\n${content}\n\n</details>\n\n`,
    connectors: 1,
  };
}

function textLine(line: DiffLine | number): string {
  return typeof line === "number"
    ? `# … ${counted(line, "unchanged line")}`
    : `${line.sign} ${line.text}`;
}

/** How a changed template changes the body of the request. */
function requestLines({ example, before, after }: RequestChange): string[] {
  const of = example === undefined ? "each variable as its name" : printable(example);
  return [
    `# body of the request (${of})`,
    ...lineDiff(before, after).map(({ sign, text }) => `${sign} ${printable(text)}`),
  ];
}

/** As many lines as there is room for. A line that is too long itself is cut. */
function cut(lines: readonly string[], room: number): string {
  const kept: string[] = [];
  let left = room;
  for (const [index, line] of lines.entries()) {
    if (line.length > left) {
      kept.push(
        ...(left > room / 2 ? [`${line.slice(0, left)}…`] : []),
        `# …cut here: ${counted(lines.length - index, "line")} of ${lines.length}`,
      );
      break;
    }
    kept.push(line);
    left -= line.length + 1;
  }
  return kept.join("\n");
}

/** No value can close the fence. */
function fenced(language: string, content: string): string {
  const longest = [...content.matchAll(/`+/g)].reduce(
    (most, [run]) => Math.max(most, run.length),
    2,
  );
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${content}\n${fence}`;
}

/** Whether a connector stands in a collapsed list of names. */
function isListed(planned: PlannedConnector, report: PlanReport): boolean {
  return planned.action === "unmanaged" || isFolded(planned, { ...report, all: false });
}

/** The names of connectors of which nothing else is to be said. */
function namesBlock(
  { vendor, connectors }: VendorPlan,
  action: "unchanged" | "unmanaged",
  report: PlanReport,
): Block[] {
  const names = connectors
    .filter((planned) => planned.action === action && isListed(planned, report))
    .map(({ name }) => `<code>${html(name)}</code>`);
  if (names.length === 0) {
    return [];
  }
  let list = "";
  const fitting = names.findIndex((name) => {
    list += list === "" ? name : `, ${name}`;
    return list.length > MAX_BLOCK_LENGTH;
  });
  const text =
    fitting < 0
      ? list
      : `${names.slice(0, fitting).join(", ")} and ${counted(names.length - fitting, "more connector")}`;
  const title = `${vendor}: ${counted(names.length, "connector")} ${action}`;
  return [
    {
      text: `<details><summary>${title}</summary>\n\n${text}\n\n</details>\n\n`,
      connectors: names.length,
    },
  ];
}

function endingOf(report: PlanReport): string {
  const uncompared = uncomparedText(report.plans);
  const unmanaged = unmanagedText(report);
  return [
    ...(uncompared === ""
      ? []
      : [`${uncompared}\n\n${fenced("sh", report.valuesCommand.join("\n"))}\n`]),
    ...(unmanaged === "" ? [] : [`${unmanaged}\n`]),
  ].join("\n");
}

/** A text outside of code: GitHub notifies whom it names after an `@`, even an escaped one. */
function prose(text: string): string {
  return html(text).replaceAll("&#64;", "&#64;&#8203;");
}

/**
 * Escapes every character that can be special in Markdown or HTML, and what makes a link of an
 * address without any markup.
 */
function html(text: string): string {
  return printable(text).replace(
    /[^\p{L}\p{N} ,.:/-]|:(?=\/\/)|(?<=www)\./giu,
    (character) => `&#${character.codePointAt(0) ?? 0};`,
  );
}
