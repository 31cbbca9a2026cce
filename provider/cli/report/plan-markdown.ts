import { type VendorPlan } from "../../definition/plan/plan-definitions";
import { type Planned } from "../../lifecycle/plan";
import { counted } from "../../diagnostics";
import { printable } from "../terminal/style";
import { actionText, notesOf, sidesOf, summaryText, unknownText } from "./plan-summary";

/** Lets a workflow find its own comment to update. */
export const COMMENT_MARKER = "<!-- pulumi-connectors plan -->";

/** GitHub accepts comments of up to 65,536 characters. */
const MAX_COMMENT_LENGTH = 60_000;

/** For a comment on a pull request: a summary, and collapsed changes. */
export function markdownPlan(plans: readonly VendorPlan[]): string {
  const head = `${COMMENT_MARKER}\n### Connectors: ${summaryText(plans)}\n\n`;
  const blocks = plans.flatMap(({ vendor, connectors }) => [
    ...connectors
      .filter(({ action }) => action !== "unchanged")
      .map((planned) => markdownBlock(vendor, planned)),
    ...unchangedBlock(vendor, connectors),
  ]);
  let text = head;
  for (const [index, block] of blocks.entries()) {
    const left = `\n…and ${counted(blocks.length - index, "more connector")}: see the log of this run.\n`;
    if (text.length + block.length + left.length > MAX_COMMENT_LENGTH) {
      return `${text}${left}`;
    }
    text += block;
  }
  return text;
}

function markdownBlock(vendor: string, planned: Planned): string {
  const title = `<code>${html(planned.name)}</code> (${vendor}): ${html(actionText(planned))}`;
  const lines = [
    ...planned.changes.flatMap((change) => {
      const { before, after } = sidesOf(change);
      if (change.secret) {
        return [`! ${change.path}: [secret]`];
      }
      return [
        ...(before === undefined ? [] : [`- ${change.path}: ${before}`]),
        ...(after === undefined ? [] : [`+ ${change.path}: ${after}`]),
      ];
    }),
    ...unknownText(planned).map((line) => `# ${line}`),
    ...notesOf(planned).map((line) => `! ${printable(line)}`),
  ];
  if (lines.length === 0) {
    return `- ${title}\n`;
  }
  const content = lines.join("\n");
  const fence = "`".repeat(
    Math.max(3, ...[...content.matchAll(/`+/g)].map(([run]) => run.length + 1)),
  );
  return `<details><summary>${title}</summary>\n\n${fence}diff\n${content}\n${fence}\n\n</details>\n\n`;
}

function unchangedBlock(vendor: string, connectors: readonly Planned[]): string[] {
  const names = connectors
    .filter(({ action }) => action === "unchanged")
    .map(({ name, adopts }) => `<code>${html(name)}</code>${adopts ? " (adopt)" : ""}`);
  return names.length === 0
    ? []
    : [
        `<details><summary>${vendor}: ${counted(names.length, "connector")} unchanged</summary>\n\n${names.join(", ")}\n\n</details>\n\n`,
      ];
}

/** Escapes every character that can be special in Markdown or HTML. */
function html(text: string): string {
  return printable(text).replace(
    /[^\p{L}\p{N} ,.:/-]/gu,
    (character) => `&#${character.codePointAt(0) ?? 0};`,
  );
}
