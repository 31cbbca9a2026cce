import schema from "../../plan.schema.json";
import { table } from "./markdown";

/** A schema, as far as the page shows it. */
interface Shape {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly const?: number;
  readonly $ref?: string;
  readonly items?: Shape;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
}

const definitions: Readonly<Record<string, Shape>> = schema.definitions;

/** `docs/plan-output.md`. */
export function planOutputPage(): string {
  const { plan = {}, refusal = {}, connector = {}, change = {}, diagnostic = {} } = definitions;
  return [
    "# JSON output of `plan`",
    "The output of `pulumi-connectors plan --format json`, field by field. This page is generated from [plan.schema.json](../plan.schema.json), which the package exports as `pulumi-connectors/plan.schema.json`; `npm run generate` writes it.",
    schema.description,
    "## A plan",
    fields(plan),
    "### `summary`",
    fields(plan.properties?.["summary"] ?? {}),
    "### An item of `connectors`",
    fields(connector),
    "### An item of `changes`",
    fields(change),
    "## No plan",
    "The command fails with exit code 1 or 2, and prints this instead. A wrong option has no JSON output.",
    fields(refusal),
    "### `error`",
    fields(refusal.properties?.["error"] ?? {}),
    "### An item of `diagnostics`",
    fields(diagnostic),
  ].join("\n\n");
}

function fields({ properties = {}, required = [] }: Shape): string {
  return table(
    ["Field", "Type", "Means"],
    Object.entries(properties).map(([name, field]) => [
      `\`${name}\`${required.includes(name) ? "" : " (optional)"}`,
      typeOf(field),
      field.description ?? "",
    ]),
  );
}

function typeOf(field: Shape): string {
  const { $ref, type, items } = field;
  const whole = $ref === undefined ? field : (definitions[$ref.split("/").at(-1) ?? ""] ?? {});
  if (whole.enum !== undefined) {
    return whole.enum.map((value) => `\`"${value}"\``).join(", ");
  }
  if (whole.const !== undefined) {
    return `\`${whole.const}\``;
  }
  if (items !== undefined) {
    return items.type === undefined ? "list of objects" : `list of ${String(items.type)}s`;
  }
  return type === undefined ? "any JSON" : [type].flat().join(" or ");
}
