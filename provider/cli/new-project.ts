import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { shownPath } from "../definition/read/files";
import { packageVersion } from "../version";
import { CliError, EXIT } from "./errors";
import { schemaPath } from "./schema-path";
import { wrapped } from "./terminal/text-width";
import { writeAtomically } from "./write-file";

/** The example project, whose program and workflows the new one gets. */
const EXAMPLE = resolve(__dirname, "../../examples/definitions");

/**
 * Writes a Pulumi project for definition files into a folder, and tells what to do next. Overwrites
 * nothing. @param from absolute path of the folder that paths are relative to
 */
export function newProject(folder: string, from: string): string {
  const path = resolve(from, folder);
  const name = projectName(basename(path));
  const files = filesOf(name, schemaPath(join(path, "connectors"), path));
  const existing = [...files.keys()].filter((file) => existsSync(join(path, file)));
  if (existing.length > 0) {
    throw new CliError(
      `nothing was written, because the folder holds ${existing.join(", ")} already. Choose another folder.`,
      EXIT.usage,
    );
  }
  for (const [file, { content, mode }] of files) {
    writeAtomically(join(path, file), content, { exclusive: true, ...(mode && { mode }) });
  }
  return summary(shownPath(path, from), [...files.keys()]);
}

interface ProjectFile {
  readonly content: string;
  readonly mode?: number;
}

function filesOf(name: string, schema: string): ReadonlyMap<string, ProjectFile> {
  const text = (content: string): ProjectFile => ({ content });
  return new Map<string, ProjectFile>([
    ["Pulumi.yaml", text(PULUMI_YAML.replace("NAME", name))],
    ["package.json", text(`${JSON.stringify(manifest(name), null, 2)}\n`)],
    ["tsconfig.json", text(`${JSON.stringify(TSCONFIG, null, 2)}\n`)],
    ["index.ts", text(readFileSync(join(EXAMPLE, "index.ts"), "utf8"))],
    [".gitignore", text("node_modules/\n*.values.json\n")],
    [".githooks/pre-commit", { content: PRE_COMMIT, mode: 0o755 }],
    ["connectors/google-dns.yaml", text(CONNECTOR.replace("SCHEMA", schema))],
    ...workflows().map(([file, content]): [string, ProjectFile] => [file, text(content)]),
  ]);
}

/** The example's workflows. */
function workflows(): (readonly [file: string, content: string])[] {
  const folder = join(EXAMPLE, ".github/workflows");
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .sort()
    .map((file) => [
      relative(EXAMPLE, join(folder, file)).split(sep).join("/"),
      readFileSync(join(folder, file), "utf8"),
    ]);
}

/** What Pulumi takes as the name of a project. */
function projectName(folder: string): string {
  return (
    folder
      .toLowerCase()
      .replace(/[^a-z0-9_.-]+/g, "-")
      .replace(/^[^a-z0-9]+|-+$/g, "")
      .slice(0, 100) || "connectors"
  );
}

const PULUMI_YAML = `name: NAME
description: Connectors as code
runtime:
  name: nodejs
  options:
    typescript: true
main: index.ts
`;

function manifest(name: string): Readonly<Record<string, unknown>> {
  const example = JSON.parse(readFileSync(join(EXAMPLE, "package.json"), "utf8")) as Readonly<
    Record<"dependencies" | "devDependencies", Readonly<Record<string, string>>>
  >;
  return {
    name,
    private: true,
    dependencies: { ...example.dependencies, "pulumi-connectors": `^${packageVersion()}` },
    devDependencies: example.devDependencies,
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: "ES2023",
    module: "Node16",
    moduleResolution: "Node16",
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
  },
  files: ["index.ts"],
};

const PRE_COMMIT = `#!/bin/sh
# Checks the definitions before each commit, without network.
exec npx pulumi-connectors validate
`;

const CONNECTOR = `# yaml-language-server: $schema=SCHEMA
connectors:
  google-dns:
    type: DatabarConnector
    properties:
      name: "Google Public DNS: MX records"
      method: get
      url: https://dns.google/resolve
      parameters:
        name: "" # an empty value is filled per row
        type: MX
    examples: # the request for a row, which validate checks
      - row: { name: example.com }
        url: https://dns.google/resolve?name=example.com&type=MX
`;

function summary(folder: string, files: readonly string[]): string {
  const inFolder =
    folder === "." ? [] : [`  cd ${/^[\w./-]+$/.test(folder) ? folder : `"${folder}"`}`];
  const lines = [
    `Wrote ${folder === "." ? "a project here" : `a project to ${folder}`}:`,
    "",
    ...files.map((file) => `  ${file}`),
    "",
    "Next:",
    "",
    ...inFolder,
    "  npm install",
    "  git init -b main && git config core.hooksPath .githooks",
    "  npx pulumi-connectors validate",
    "  pulumi stack init prod",
    "  pulumi config set --secret databar:apiKey",
    "  pulumi up",
    "",
    ...wrapped(
      "connectors/google-dns.yaml is an example: replace it by your own, for example with npx pulumi-connectors new <name> --from-curl -.",
    ),
    ...(files.some((file) => file.startsWith(".github/"))
      ? [
          "",
          ...wrapped(
            "The workflows plan pull requests, and deploy main to the stack prod. Which keys they need: node_modules/pulumi-connectors/examples/definitions/README.md",
          ),
        ]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}
