/**
 * Every fenced block of the README, of docs/ and of the examples' READMEs is tested, or listed here
 * with the reason why not. TypeScript is a file of its own (`npm run generate`), which lint checks
 * and `programs.test.ts` runs; commands are checked against the program that runs them, definitions
 * with `validate`, quoted messages in `quotes.test.ts`.
 */
import { Script } from "node:vm";
import { parseAllDocuments } from "yaml";
import { SECRET_KEYS } from "../../../examples/gitops/config";
import { validateFiles } from "../../../provider/definition/validate/validate";
import { commandsIn, faultOf } from "../../../harness/commands";
import { programPath } from "../../../scripts/generate/programs";
import { type Block, blocksOf, blocksOfSection } from "../../../harness/markdown";
import { read, trackedFiles } from "../../../harness/sources";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

const tracked = trackedFiles();
const documents = tracked
  .filter((path) =>
    /^(README\.md|SECURITY\.md|docs\/[^/]+\.md|examples\/[^/]+\/README\.md)$/.test(path),
  )
  .map((path) => [path, read(path)] as const);

/** Pages of which another test checks all blocks. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "docs/errors.md": "generated from the error tables (test/generated.test.ts)",
  "docs/rules.md": "each example is a test (test/unit/definition/rules.test.ts)",
};

/** Lines of quoted messages, which quotes.test.ts compares with the code. */
const QUOTES: Readonly<Record<string, readonly number[]>> = {
  "docs/operations.md": blocksOfSection(read("docs/operations.md"), "Troubleshooting")
    .filter(({ language }) => language === "text")
    .map(({ line }) => line),
};

/** Blocks that this file does not check, by page and first line, with the reason. */
const LISTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "README.md": {
    "$ pulumi preview --diff":
      "printed by the CLI for examples/gitops with a rotated key and two edits; what a preview shows is tested in test/e2e/update.test.ts",
  },
  "docs/design.md": {
    "definition file ─┐": "a drawing",
    "connectorId / connectorIdentifier set? ── yes ──▶ adopt that connector": "a drawing",
  },
  "docs/moving.md": {
    '-import { DatabarConnector, DatabarFleet } from "pulumi-connectors";':
      "applied by test/e2e/moving.test.ts to examples/gitops",
  },
  "docs/native.md": {
    "import pulumi": "needs the SDK that pulumi package add generates from the tested schema",
  },
  "docs/operations.md": {
    "// Only in the process that makes the requests.":
      "compiles; the spans are tested in test/unit/pulumi/observability.test.ts",
    "const collector = process.env.PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT;":
      "compiles; the spans are tested in test/unit/pulumi/observability.test.ts",
    "+  pulumi-nodejs:dynamic/databar:DatabarConnector scoring22 created (4s)":
      "printed by the CLI 3.248; what is said and logged is tested in test/unit/observe and test/e2e/settings.test.ts",
    "Diagnostics:":
      "printed by the CLI 3.248; what is said and logged is tested in test/unit/observe and test/e2e/settings.test.ts",
    "$ PULUMI_CONNECTORS_LOG=debug pulumi up --yes":
      "printed by the CLI 3.248; what is said and logged is tested in test/unit/observe and test/e2e/settings.test.ts",
    "$ PULUMI_CONNECTORS_LOG_FILE=$PWD/requests.jsonl pulumi up --yes":
      "printed by the CLI 3.248; what is said and logged is tested in test/unit/observe and test/e2e/settings.test.ts",
    "databar create     pulumi_connectors.name=Scoring":
      "printed by the CLI 3.248; the spans are tested in test/unit/pulumi/observability.test.ts",
    '$ NODE_OPTIONS="--require $PWD/tracing.js" pulumi up --otel-traces file://$PWD/trace.json':
      "printed by the CLI 3.248; the spans are tested in test/unit/pulumi/observability.test.ts",
    'jq -s \'map(select(.event == "request")) | sort_by(-.durationMs)[:10][] | "\\(.durationMs) ms \\(.method) \\(.path) \\(.connector // "")"\' -r requests.jsonl':
      "jq is not ours; the log's properties are tested in test/unit/observe/log.test.ts",
    "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318":
      "needs a collector; the spans are tested in test/unit/pulumi/observability.test.ts",
  },
  "docs/testing.md": {
    'import assert from "node:assert/strict";': "run by test/e2e/testing-page.test.ts",
    "The deployment failed:": "compared by test/e2e/testing-page.test.ts",
    "await deployToSandbox(sandbox, () => {": "run by test/e2e/testing-page.test.ts",
    "assert.deepEqual(": "run by test/e2e/testing-page.test.ts",
    "const fault = sandbox.databar.fault({": "run by test/e2e/testing-page.test.ts",
    'import { LocalWorkspace } from "@pulumi/pulumi/automation";':
      "run by test/e2e/testing-page.test.ts where there is a CLI",
  },
  "docs/scale.md": {
    "~ pulumi-nodejs:dynamic/databar:DatabarFleet: (update)": "as test/e2e/fleet.test.ts sees it",
    "error: 1 error occurred:": "as test/unit/pulumi/fleet.test.ts sees it",
  },
};

const firstLine = ({ text }: Block): string => text.split("\n", 1)[0]!.trim();

function isExempt(page: string, block: Block): boolean {
  const reason = ELSEWHERE[page] ?? LISTED[page]?.[firstLine(block)];
  return reason !== undefined || QUOTES[page]?.includes(block.line) === true;
}

/** What is wrong with a block, and what to do about one without a test. */
function blockFault(page: string, block: Block, index: number): string | undefined {
  const { language, text } = block;
  if (isExempt(page, block)) {
    return undefined;
  }
  switch (language) {
    case "ts":
      return tracked.includes(programPath(page, index))
        ? undefined
        : "is no file yet: run npm run generate";
    case "sh":
    case "bash":
      return (
        commandsIn(text)
          .flatMap((command) => faultOf(command)?.replace(/^/, `${command}: `) ?? [])
          .join("\n") || undefined
      );
    case "yaml":
    case "json":
      return dataFault(text, language);
    default:
      return `no test checks it: list it in ${module.filename.replace(/^.*[\\/]/, "")} with the reason, or write it in a language that is`;
  }
}

/** YAML and JSON can be read; definitions are valid, whatever they include. */
function dataFault(text: string, language: string): string | undefined {
  const errors = parseAllDocuments(text).flatMap((document) =>
    "errors" in document ? document.errors : [],
  );
  if (errors.length > 0) {
    return errors.map(({ message }) => message).join("\n");
  }
  if (!/^"?connectors"?:/m.test(text)) {
    return undefined;
  }
  const included = [...text.matchAll(/\$file: (\.\/\S+)/g)].map(([, path = ""]) => [
    `connectors/${path}`,
    path.endsWith(".json") ? "{}\n" : "{{ domain }}\n",
  ]);
  const folder = folderOf({
    ...Object.fromEntries(included),
    [`connectors/page.${language}`]: text,
  });
  const faults = validateFiles(["connectors"], { from: folder }).diagnostics.filter(
    ({ severity, rule }) => severity === "error" && rule !== "reference/secret",
  );
  return faults.map(({ message, hint }) => `${message}. ${hint ?? ""}`).join("\n") || undefined;
}

describe.each(documents)("%s", (page, text) => {
  const blocks = blocksOf(text);
  const nth = (block: Block): number =>
    blocks.filter(({ language }) => language === block.language).indexOf(block) + 1;

  test("has no block without a test", () => {
    const faults = blocks.flatMap(
      (block) =>
        blockFault(page, block, nth(block))?.replace(
          /^/,
          `${page}:${block.line} (${block.language}): `,
        ) ?? [],
    );
    expect(faults).toEqual([]);
  });
  test("names only commands and options that exist", () => {
    const prose = blocks.reduce((rest, block) => rest.replace(block.text, ""), text);
    const commands = [...prose.matchAll(/`((?:pulumi|npx pulumi-connectors|npm run) [^`]+)`/g)].map(
      ([, command = ""]) => command.replace(/ …$| <urn>$/, ""),
    );
    expect(
      commands.flatMap((command) => faultOf(command)?.replace(/^/, `${command}: `) ?? []),
    ).toEqual([]);
  });
  test("has --diff wherever a preview or a refresh is said to show keys", () => {
    const claims = text.match(
      /(`pulumi (preview|refresh)[^`]*`|\b[Tt]he (preview|refresh)|\bA (preview|refresh)) shows?\b[^.|\n]*/g,
    );
    expect(
      (claims ?? []).filter((claim) => /\bkeys?\b|=>/.test(claim) && !claim.includes("--diff")),
    ).toEqual([]);
  });
  test("lists only blocks that exist", () => {
    const first = blocks.map(firstLine);
    expect(Object.keys(LISTED[page] ?? {}).filter((line) => !first.includes(line))).toEqual([]);
    expect(Object.values(LISTED[page] ?? {}).filter((reason) => reason.length < 9)).toEqual([]);
  });
});

test.each<[string, string, string, RegExp | undefined]>([
  ["an unknown command", "sh", "pulumi updat", /pulumi-commands/],
  ["an unknown option", "sh", "npm ci && pulumi up --now # now", /--now/],
  [
    "an unknown option of our own",
    "sh",
    "npx pulumi-connectors plan --enviroment prod",
    /unknown option/,
  ],
  ["an unknown value", "sh", "npx pulumi-connectors export --vendor acme", /invalid/],
  ["an unknown script", "sh", "npm run demos", /no script demos/],
  ["another program", "sh", "terraform apply", /an unknown program/],
  [
    "known commands",
    "sh",
    "for key in a b; do\n  pulumi config set --secret $key\ndone\nnpx pulumi-connectors validate --strict",
    undefined,
  ],
  ["invalid YAML", "yaml", "a: [", /./],
  [
    "a definition with a fault",
    "yaml",
    "connectors: {a: {type: DatabarConnector, properties: {name: A, method: GET, url: https://example.com}}}",
    /must be one of/,
  ],
  [
    "a definition without one",
    "yaml",
    "connectors: {a: {type: DatabarConnector, properties: {name: A, method: get, url: https://example.com}}}",
    undefined,
  ],
  ["a program without a file", "ts", "export {};", /npm run generate/],
  ["another language", "text", "anything", /no test checks it/],
])("%s in a block is checked", (_, language, text, fault) => {
  const found = blockFault("SECURITY.md", { language, text, line: 1 }, 1);
  if (fault === undefined) {
    expect(found).toBeUndefined();
  } else {
    expect(found).toMatch(fault);
  }
});

test("JavaScript of the pages compiles", () => {
  const scripts = documents.flatMap(([, text]) =>
    blocksOf(text).filter(({ language }) => language === "js"),
  );
  expect(scripts.length).toBeGreaterThan(0);
  for (const { text } of scripts) {
    expect(() => new Script(text)).not.toThrow();
  }
});

describe("the commands of an example's README", () => {
  const examples = documents.flatMap(([path, text]) =>
    path.startsWith("examples/") && !path.includes("gitops")
      ? [[path.split("/")[1]!, text] as const]
      : [],
  );
  test.each(examples)(
    "%s set exactly the keys that its program requires, secret ones as secrets",
    (name, text) => {
      const sources = tracked
        .filter(
          (path) => path.startsWith(`examples/${name}/`) && /\.(ts|py|ya?ml|json)$/.test(path),
        )
        .map(read)
        .join("\n");
      const wanted = [
        ...[...sources.matchAll(/\.require(Secret)?(?:Number|Object|<\w+>)?\("(\w+)"\)/g)].map(
          ([, secret, key = ""]) => `${secret === undefined ? "" : "--secret "}${key}`,
        ),
        ...[...sources.matchAll(/\$\{config\.(\w+)\}/g)].map(([, key = ""]) => `--secret ${key}`),
        ...[...sources.matchAll(/\.require_secret\("(\w+)"\)/g)].map(
          ([, key = ""]) => `--secret ${key}`,
        ),
        ...[...sources.matchAll(/^ {2}(\w+):\n {4}type: string\n {4}secret: true$/gm)].map(
          ([, key = ""]) => `--secret ${key}`,
        ),
      ];
      const commands = blocksOf(text)
        .filter(({ language }) => language === "sh")
        .flatMap((block) => commandsIn(block.text));
      const set = commands.flatMap(
        (command) => /^pulumi config set ((?:--secret )?\w+)(?=\s|$)/.exec(command)?.[1] ?? [],
      );
      // `pulumi new` asks for those that the project's template names.
      const asked = commands.some((command) => command.startsWith("pulumi new "))
        ? [...sources.matchAll(/^ {4}(\w+):\n {6}description: .+\n( {6}secret: true\n)?/gm)]
        : [];
      set.push(...asked.map(([, key = "", secret]) => `${secret ? "--secret " : ""}${key}`));
      expect([...new Set(set)].sort()).toEqual([...new Set(wanted)].sort());
    },
  );
  test("gitops name every key that its program wants", () => {
    const keys = [...read("examples/gitops/README.md").matchAll(/^\| (`gitops:.*?) \|/gm)].flatMap(
      ([, cell = ""]) => [...cell.matchAll(/`gitops:(\w+)`/g)].map(([, key = ""]) => key),
    );
    expect(keys.sort()).toEqual([...SECRET_KEYS].sort());
  });
});
