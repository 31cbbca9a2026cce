/** A stack moves from dynamic resources to native ones and back, by docs/moving.md, on the CLI. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { transpile } from "typescript";
import { parse, stringify } from "yaml";
import { callCount } from "../../harness/e2e/calls";
import { CliProject, type ExportedResource, hasYaml } from "../../harness/e2e/cli-project";
import { yamlProject } from "../../harness/e2e/native-program";
import { addPackage, compile } from "../../harness/e2e/node-sdk";
import { databar, supermetrics } from "../../harness/e2e/program";
import {
  DATABAR_KEY,
  type Program,
  sandboxConfig,
  SUPERMETRICS_KEY,
} from "../../harness/e2e/world";
import { LocalEngine } from "../../harness/engine/local/engine";
import { EXAMPLES, TRANSPILE_ONLY } from "../../harness/examples";
import { type Block, blocksOfSection } from "../../harness/markdown";
import { read } from "../../harness/sources";

// Each test has three deployments with processes for both vendors.
jest.setTimeout(600_000);

const ROOT = resolve(__dirname, "../..");
const PROGRAM = join(ROOT, "harness/e2e/program");
const PAGE = read("docs/moving.md");

const HEADERS = { Authorization: { $secret: "Bearer moved-canary" }, Accept: "text/plain" };
const CONFIGURATION = { auth: "${secrets.key}", note: "kept" };

/** Of each kind one: single, with an explicit provider, fleet; of both vendors. */
const EVERYTHING: Program = {
  emea: { type: "DatabarProvider", args: { apiKey: { $secret: DATABAR_KEY } } },
  teams: { type: "SupermetricsProvider", args: { apiKey: { $secret: SUPERMETRICS_KEY } } },
  scoring: databar({ headers: HEADERS, rateLimit: 60 }),
  explicit: databar({ name: "Explicit" }, { provider: "emea" }),
  awin: supermetrics({
    secrets: { key: { $secret: "awin-canary" } },
    configuration: CONFIGURATION,
  }),
  other: supermetrics({ name: "Other" }, { provider: "teams" }),
  databars: {
    type: "DatabarFleet",
    args: {
      connectors: {
        a: databar({ name: "A", headers: HEADERS }).args,
        b: databar({ name: "B" }).args,
      },
    },
  },
  supermetricses: {
    type: "SupermetricsFleet",
    args: { connectors: { c: supermetrics({ name: "C", configuration: { note: "c" } }).args } },
  },
};

/** What the arguments of explicit providers are, which each face completes in its own way. */
function withProviders(program: Program, sandbox: Sandbox): Program {
  const own = { requestsPerSecond: 1000, backoffSeconds: 0.02 };
  const { emea, teams, ...rest } = program;
  return {
    emea: { ...emea!, args: { ...emea!.args, baseUrl: sandbox.databar.url, ...own } },
    teams: {
      ...teams!,
      args: { ...teams!.args, baseUrl: sandbox.supermetrics.url, teamId: "936506", ...own },
    },
    ...rest,
  };
}

/** The blocks of a section of the page, in one language. */
function blocks(heading: string, language: string): readonly Block[] {
  return blocksOfSection(PAGE, heading).filter((block) => block.language === language);
}

/** The commands of the page: before its program changes, after it, and for the way back. */
const [BEFORE, THERE, BACK] = [
  ...blocks("To native", "sh"),
  ...blocks("Back to dynamic", "sh"),
].map(({ text }) => text.trim().split("\n"));

/** The transform of the page, for the way back. */
const TRANSFORM = blocks("Back to dynamic", "ts")[0]!.text;

/** Names of the page's new import lines, with the line that imports each alone. */
const IMPORTS = blocks("To native", "diff").flatMap(({ text }) =>
  [...text.matchAll(/^\+import \{ (.*) \} from "(.*)";$/gm)].flatMap(([, names = "", module]) =>
    names.split(", ").map((each) => ({
      before: `import { ${each.split(" as ")[1]} } from "pulumi-connectors";`,
      after: `import { ${each} } from "${module}";`,
    })),
  ),
);

/** The edits of a program between the page's commands. */
interface Edits {
  /** In place of `pulumi package add`, which needs the network. */
  readonly add?: (plugin: string) => Promise<void>;
  readonly toNative: () => unknown;
  readonly toDynamic: () => void;
}

/** Returns what the preview among the commands shows. */
async function runPage(
  project: CliProject,
  commands: readonly string[] = [],
  add?: Edits["add"],
): Promise<string> {
  let preview = "";
  for (const command of commands) {
    const [program, ...args] = command.split(" ");
    expect(program).toBe("pulumi");
    if (args[0] === "package") {
      await add?.(args[2]!);
    } else {
      const confirmed = args[0] === "up" ? ["--yes", "--skip-preview"] : [];
      const shown = await project.pulumi(...args, ...confirmed);
      preview = args[0] === "preview" ? shown : preview;
    }
  }
  return preview;
}

/**
 * The operations and the changed properties that a preview shows. Explicit providers are new
 * resources.
 */
function shownBy(preview: string): { readonly operations: string[]; readonly changes: string[] } {
  const lines = preview.match(/^ +[-+~=]+ .*$/gm)?.map((line) => line.trim()) ?? [];
  const operations = lines
    .filter((line) => !line.includes(" pulumi:providers:"))
    .flatMap((line) => /^\S+ \S+: \((.*)\)$/.exec(line)?.[1] ?? []);
  const changes = lines.flatMap((line) => /^(\S+ +[\w$]+) *: (?!\()/.exec(line)?.[1] ?? []);
  return { operations: [...new Set(operations)], changes: [...new Set(changes)] };
}

async function movesThereAndBack(
  sandbox: Sandbox,
  project: CliProject,
  { add, toNative, toDynamic }: Edits,
): Promise<void> {
  await runPage(project, BEFORE, add);
  const deployed = await project.resources();
  expect(deployed.every(isDynamic)).toBe(true);
  sandbox.clearLogs();

  await toNative();
  const there = await runPage(project, THERE);
  expect(shownBy(there)).toEqual({ operations: ["update"], changes: ["- __provider"] });
  const native = await project.resources();
  expect(native.filter(isDynamic)).toEqual([]);
  expect(comparable(native, inClear)).toEqual(comparable(deployed, inClear));
  expect(await project.pulumi("preview")).not.toMatch(/ to (create|update|delete|replace)/);

  toDynamic();
  const back = await runPage(project, BACK);
  expect(shownBy(back)).toEqual({ operations: ["update"], changes: ["+ __provider"] });
  const returned = await project.resources();
  expect(returned.every(isDynamic)).toBe(true);
  expect(comparable(returned)).toEqual(comparable(deployed));
  expect(callCount(sandbox)).toBe(0);

  await project.pulumi("destroy", "--yes", "--skip-preview");
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
}

function isDynamic({ type }: ExportedResource): boolean {
  return type.startsWith("pulumi-nodejs:dynamic/");
}

/** What a face has of its own in its state. */
const OWN = ["__provider", "connectorId", "connectorIdentifier"];

/** The states by name, with what both faces have; inputs with their secrets, outputs as asked. */
function comparable(
  resources: readonly ExportedResource[],
  outputsOf: (outputs: unknown) => unknown = (outputs) => outputs,
): unknown {
  const without = (values: object = {}): object =>
    Object.fromEntries(Object.entries(values).filter(([key]) => !OWN.includes(key)));
  return Object.fromEntries(
    resources.map(({ urn, id, inputs, outputs }) => [
      urn.split("::").at(-1),
      { id, inputs: without(inputs), outputs: outputsOf(without(outputs)) },
    ]),
  );
}

/** Secrets without their envelopes. */
function inClear(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inClear);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return "plaintext" in value
    ? inClear(JSON.parse(String(value.plaintext)))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inClear(item)]));
}

if (!hasYaml) {
  test("a move needs the CLI with its YAML host: the local engine refuses such a project", async () => {
    const stack = await new LocalEngine().stack({ workDir: join(ROOT, "examples/yaml") });
    await expect(stack.up()).rejects.toThrow(/runs Node programs, not yaml/);
  });
} else {
  describe("a stack moves by docs/moving.md without a request, and keeps its state", onCli);
}

const GITOPS = "gitops, by the Pulumi.yaml of the repository";
const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: "ES2022", module: "Node16", skipLibCheck: true },
  include: ["examples"],
});

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

/** Changes the import lines of a file, and nothing else. */
function useNative(file: string): void {
  const before = readFileSync(file, "utf8");
  const after = IMPORTS.reduce((text, each) => text.replace(each.before, each.after), before);
  writeFileSync(file, after);
}

function onCli(): void {
  let sandbox: Sandbox;
  let project: CliProject | undefined;

  beforeEach(async () => void (sandbox = await startSandbox()));
  afterEach(async () => {
    project?.remove();
    await sandbox.close();
  });

  test("singles, explicit providers and fleets of both vendors, to Pulumi YAML and back", async () => {
    const program = withProviders(EVERYTHING, sandbox);
    const nodeProject = {
      "Pulumi.yaml":
        "name: e2e\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: main.js\n",
      "main.js": 'require("./index");\n',
      "index.js": readFileSync(join(PROGRAM, "index.js"), "utf8"),
      "program.json": JSON.stringify({ resources: program, outputs: {} }),
    };
    const started = await CliProject.start(nodeProject, sandboxConfig(sandbox));
    project = started;
    await movesThereAndBack(sandbox, started, {
      toNative: () => started.write({ "Pulumi.yaml": yamlProject(program) }),
      toDynamic: () =>
        started.write({
          ...nodeProject,
          "moving.js": transpile(TRANSFORM, { module: 1 }),
          "main.js": 'require("./moving");\nrequire("./index");\n',
        }),
    });
  });

  test("the sixteen connectors of examples/gitops, by their import lines alone", async () => {
    const gitops = EXAMPLES[GITOPS]!;
    const manifest = read("Pulumi.yaml");
    const started = await CliProject.start(
      { "Pulumi.yaml": manifest, "tsconfig.json": TSCONFIG },
      { ...sandboxConfig(sandbox), ...gitops.config!(sandbox) },
      TRANSPILE_ONLY,
    );
    project = started;
    const program = join(started.folder, "examples/gitops");
    const restore = (): void => cpSync(join(ROOT, "examples/gitops"), program, { recursive: true });
    const packages: Record<string, string> = {};
    restore();
    await movesThereAndBack(sandbox, started, {
      async add(plugin) {
        packages[basename(plugin)] = plugin;
        await addPackage(started, plugin);
      },
      async toNative() {
        started.write({ "Pulumi.yaml": stringify({ ...(parse(manifest) as object), packages }) });
        sourcesIn(program).forEach(useNative);
        await compile(started.folder, "--noEmit");
      },
      toDynamic() {
        restore();
        writeFileSync(join(program, "moving.ts"), TRANSFORM);
        const main = join(program, "index.ts");
        writeFileSync(main, `import "./moving";\n${readFileSync(main, "utf8")}`);
      },
    });
  });
}
