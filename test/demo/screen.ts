import { styleText } from "node:util";
import { type RunResult } from "../engine/types";

const colour = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;

type Style = Parameters<typeof styleText>[0];

function paint(style: Style, text: string): string {
  return colour ? styleText(style, text) : text;
}

/** Prints a line of the demo. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** A step's heading: what happens, then the command that a user would type. */
export function heading(number: number, title: string, command: string): void {
  say();
  say(paint("bold", `${number}. ${title}`));
  say(paint("cyan", `   $ ${command}`));
}

const SIGNS: Readonly<Record<string, readonly [sign: string, style: Style]>> = {
  create: ["+", "green"],
  update: ["~", "yellow"],
  delete: ["-", "red"],
  same: [" ", "dim"],
};

/** One line per resource that changed, and the counts. */
export function brief(result: RunResult): void {
  for (const { op, name, type } of result.steps) {
    const [sign, style] = SIGNS[op] ?? ["?", "magenta"];
    if (op !== "same" && !type.startsWith("pulumi:")) say(paint(style, `   ${sign} ${(type.split(":").at(-1) ?? "").padEnd(21)} ${name}`));
  }
  counts(result);
}

/** What the engine printed, without the parts that say the same on every run. */
export function full(result: RunResult): void {
  const noise = /^(Previewing|Updating|Refreshing|Destroying|Duration|Resources:|\s+[+~-]?\s*\d+ (to |un)?\w+|warning: Could not find|View )|<\{%|pulumi:pulumi:Stack|^\s*$/;
  for (const line of withoutOutputs(result.text.split("\n"))) if (!noise.test(line)) say(`   ${tint(line)}`);
  counts(result);
}

/** The stack's outputs are the same after every step. */
function withoutOutputs(lines: readonly string[]): string[] {
  let skipping = false;
  return lines.filter((line) => {
    if (/^\s*(--outputs:--|Outputs:)/.test(line)) skipping = true;
    else if (/^\s*([~+-] pulumi-nodejs|error|Diagnostics|Resources)/.test(line)) skipping = false;
    return !skipping;
  });
}

function tint(line: string): string {
  const sign = /^\s*([+~-]) /.exec(line)?.[1];
  const style = Object.values(SIGNS).find(([each]) => each === sign)?.[1];
  if (/error|\[invalid\]/.test(line)) return paint("red", line);
  return style === undefined ? line : paint(style, line);
}

function counts({ changes, ok }: RunResult): void {
  const words: Readonly<Record<string, string>> = { create: "created", update: "changed", delete: "deleted", same: "unchanged", refresh: "read" };
  const parts = Object.entries(changes).map(([op, count]) => `${count} ${words[op] ?? op}`);
  say(paint(ok ? "bold" : ["bold", "red"], `   ${ok ? "" : "failed; "}${parts.join(", ")}`));
}
