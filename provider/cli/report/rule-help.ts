import { RULES } from "../../definition/validate/rule-catalogue";
import { packagePage, publishedPage } from "../../version";

/** What a viewer of SARIF shows of a rule. */
export interface RuleHelp {
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string;
}

const PAGE = "docs/rules.md";

let sections: ReadonlyMap<string, string> | undefined;

/** The help of a rule of the catalogue: its section of docs/rules.md, with an example and its fix. */
export function ruleHelp(id: string): RuleHelp {
  sections ??= new Map(
    packagePage(PAGE)
      .split(/^#{2,3} /m)
      .map((section) => [section.slice(0, section.indexOf("\n")), section]),
  );
  const description = RULES.find((rule) => rule.id === id)?.description ?? "";
  const section = sections.get(id)?.slice(id.length).trim() ?? description;
  const helpUri = publishedPage(PAGE);
  return {
    help: { text: `${description}\n\nAll rules: ${PAGE} of pulumi-connectors.`, markdown: section },
    ...(helpUri !== undefined && { helpUri: `${helpUri}#${id.replace("/", "")}` }),
  };
}
