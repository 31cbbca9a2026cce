import { type Format, styleFor } from "../../provider/cli/terminal/style";
import { columnsOf, WIDTH, wrapped } from "../../provider/cli/terminal/text-width";
import { type RunResult, type Step } from "../../harness/engine/types";

const paint = styleFor(process.stdout);

/** Prints a line of the demo. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prints the title of a step. */
export function heading(text: string): void {
  say();
  say(paint("bold", text));
}

/** A command that a user would type. */
export function command(text: string): void {
  say(`   $ ${paint("bold", text)}`);
}

const SIGNS: Readonly<Record<string, readonly [sign: string, colour: Format]>> = {
  create: ["+", "green"],
  update: ["~", "magenta"],
  delete: ["-", "red"],
};

/** One line per resource that changed, in the order of names, and the counts. */
export function brief(result: RunResult): void {
  const lines = connectorsIn(result).flatMap(({ op, name, type }) => {
    const [sign, colour] = SIGNS[op] ?? ["?", "bold"];
    return op === "same"
      ? []
      : [{ kind: (type.split(":").at(-1) ?? "").padEnd(21), name, sign: paint(colour, sign) }];
  });
  const sorted = lines.sort((one, other) =>
    `${one.kind} ${one.name}` < `${other.kind} ${other.name}` ? -1 : 1,
  );
  for (const { kind, name, sign } of sorted) {
    say(`   ${sign} ${kind} ${name}`);
  }
  counts(result);
}

/** The engine's output without the parts that are the same on every run. */
export function full(result: RunResult): void {
  const noise =
    /^(Previewing|Updating|Refreshing|Destroying|Duration|Resources:|\s+[+~-]?\s*\d+ (to |un)?\w+|warning: Could not find|View )|<\{%|pulumi:pulumi:Stack|^\s*$|^\s*error: update failed/;
  for (const line of withoutOutputs(result.text.split("\n"))) {
    if (!noise.test(line)) {
      for (const each of fitted(line)) {
        say(each);
      }
    }
  }
  counts(result);
}

/** Drops the stack's outputs, which are the same after every step. */
function withoutOutputs(lines: readonly string[]): string[] {
  let skipping = false;
  return lines.filter((line) => {
    if (/^\s*(--outputs:--|Outputs:)/.test(line)) {
      skipping = true;
    } else if (/^\s*([~+-] pulumi-nodejs|error|Diagnostics|Resources)/.test(line)) {
      skipping = false;
    }
    return !skipping;
  });
}

/**
 * Shortens a line of the engine to 80 columns: a URN to the resource's name, a type to its last
 * part.
 */
function fitted(line: string): string[] {
  const short = line.replace(/\[urn=.*::/, "[urn=…::");
  const [, indent = "", sign = "", rest = ""] =
    /^(\s*)([+~-](?= ))?(.*)$/.exec(
      columnsOf(short) + 3 <= WIDTH ? short : short.replace(/pulumi-nodejs:[\w/]+:/, ""),
    ) ?? [];
  const colour = Object.values(SIGNS).find(([each]) => each === sign)?.[1];
  const whole = `   ${indent}${colour === undefined ? sign : paint(colour, sign)}${rest}`;
  if (!/^error\b/.test(rest)) {
    return [whole];
  }
  return wrapped(`${sign}${rest}`, 3 + indent.length, WIDTH).map((text, index) =>
    index === 0 ? text.replace("error", paint("red", "error")) : text,
  );
}

/** Changes of connectors, without the stack, which is a resource too. */
function connectorsIn({ steps }: RunResult): Step[] {
  return steps.filter(({ type }) => !type.startsWith("pulumi:"));
}

const WORDS: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed",
  delete: "deleted",
  same: "unchanged",
};

/** `1 changed, 15 unchanged`; for a failed run, the number of connectors that failed. */
export function outcome(result: RunResult): string {
  const steps = connectorsIn(result);
  if (!result.ok) {
    return `${steps.filter(({ failed }) => failed).length} failed`;
  }
  const ops = [...new Set(steps.map(({ op }) => op))].sort(
    (one, other) => Number(one === "same") - Number(other === "same"),
  );
  return ops
    .map((op) => `${steps.filter((step) => step.op === op).length} ${WORDS[op] ?? op}`)
    .join(", ");
}

function counts(result: RunResult): void {
  say(`   ${result.ok ? paint("bold", outcome(result)) : paint("red", outcome(result))}`);
}
