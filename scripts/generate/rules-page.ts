import { RULES } from "../../provider/definition/validate/rule-catalogue";
import { VENDORS } from "../../provider/vendors/index";
import { table } from "./markdown";
import { RULE_EXAMPLES, type RuleExample } from "./rule-examples";

const GROUPS: readonly (readonly [group: string, title: string])[] = [
  ["syntax", "Syntax"],
  ["file", "Files"],
  ["definition", "Definitions"],
  ["property", "Properties"],
  ["reference", "References"],
  ["secret", "Secrets"],
  ["example", "Examples"],
  ...Object.entries(VENDORS).map(([name, { table }]) => [name, table.vendor] as const),
];

/** `docs/rules.md`. */
export function rulesPage(): string {
  return [
    "# Rules",
    "The rules that `pulumi-connectors validate` checks in definition files. Each example is a test. This page is generated from the rules; `npm run generate` writes it.",
    "An error makes the command exit with 1, a warning does so with `--strict`. A comment `# connectors-ignore <rule>` at the end of a line, or alone on the line above, disables a rule there. A deployment rejects definitions with an error of the first five groups; only the command checks the other groups.",
    table(
      ["Rule", "Severity", "Finds"],
      RULES.map(({ id, severity, description }) => [
        `[\`${id}\`](#${anchor(id)})`,
        severity,
        description,
      ]),
    ),
    ...GROUPS.flatMap(([group, title]) => [
      `## ${title}`,
      ...RULES.filter(({ id }) => id.startsWith(`${group}/`)).flatMap(section),
    ]),
  ].join("\n\n");
}

function section({ id, description }: (typeof RULES)[number]): string[] {
  const { failing, fixed } = RULE_EXAMPLES[id]!;
  return [`### ${id}`, description, ...example("Found in", failing), ...example("Fixed", fixed)];
}

function example(title: string, files: RuleExample): string[] {
  const all = typeof files === "string" ? { "connectors/example.yaml": files } : files;
  const shown = Object.entries(all).filter(
    ([, text]) => text.length < 2_000 && !text.includes("\u0000") && !text.includes("\r"),
  );
  if (shown.length === 0) {
    return [];
  }
  return [
    `${title}:`,
    ...shown.flatMap(([path, text]) => [
      ...(typeof files === "string" ? [] : [`\`${path}\``]),
      `\`\`\`${path.endsWith(".json") ? "json" : path.endsWith(".yaml") ? "yaml" : "text"}\n${text.trimEnd()}\n\`\`\``,
    ]),
  ];
}

/** The anchor that GitHub derives from a heading. */
function anchor(id: string): string {
  return id.replace("/", "");
}
