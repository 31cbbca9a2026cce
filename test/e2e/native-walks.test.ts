/**
 * The walks of docs/native.md on the Pulumi CLI: from an empty folder with the packed package to
 * deployed connectors, by the page's commands. In place of `npm install`, the package is unpacked.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { parse } from "yaml";
import { callCount } from "../../harness/e2e/calls";
import { CliProject, hasYaml } from "../../harness/e2e/cli-project";
import { yamlProject } from "../../harness/e2e/native-program";
import { DATABAR_KEY, SUPERMETRICS_KEY, TEAM } from "../../harness/e2e/world";
import { isOnPath } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { blocksOfSection } from "../../harness/markdown";
import { pack, type Packed, unpack } from "../../harness/packed";
import { read } from "../../harness/sources";

jest.setTimeout(300_000);

const EXAMPLE = resolve(__dirname, "../../examples/python");
const MANIFEST = "node_modules/pulumi-connectors/package.json";

/** The commands of a section of the page, block by block. */
function commandsOf(heading: string): string[][] {
  return blocksOfSection(read("docs/native.md"), heading)
    .filter(({ language }) => language === "sh")
    .map(({ text }) => text.trim().split("\n"));
}

/** What has to be there for a program in Python, and is not. */
function missingForPython(): string | undefined {
  if (!isOnPath("pulumi") || !isOnPath("pulumi-language-python")) {
    return "the CLI with its host for Python";
  }
  try {
    execFileSync("python3", ["-c", "import pulumi, parver, semver"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "Python with the packages pulumi, parver and semver";
  }
}

/** What the page's commands ask a person. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  new: ["--yes", "--stack", "test"],
  up: ["--yes", "--skip-preview"],
  import: ["--yes", "--protect=false"],
};

let folder: string;
let packed: Packed;
let sandbox: Sandbox;
let project: CliProject;

beforeAll(async () => {
  folder = makeTempFolder("walks");
  packed = await pack(folder);
});
afterAll(() => deleteTempFolder(folder));

/** As after `npm install` in an empty folder. Nothing can be downloaded. */
async function install(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const settings = {
    HTTPS_PROXY: "http://127.0.0.1:9",
    DATABAR_API_KEY: DATABAR_KEY,
    DATABAR_BASE_URL: sandbox.databar.url,
    SUPERMETRICS_API_KEY: SUPERMETRICS_KEY,
    SUPERMETRICS_BASE_URL: sandbox.supermetrics.url,
    SUPERMETRICS_TEAM_ID: TEAM,
  };
  project = await CliProject.empty({ ...settings, ...environment }, (place) =>
    unpack(folder, packed, join(place, "node_modules")),
  );
}

/** Runs a command of the page. */
async function run(command = ""): Promise<string> {
  const [program, ...args] = command.split(" ");
  if (program !== "npx") {
    expect(program).toBe("pulumi");
    return project.pulumi(...args, ...(ANSWERS[args[0]!] ?? []));
  }
  const { bin } = JSON.parse(readFileSync(join(project.folder, MANIFEST), "utf8")) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  const main = join("node_modules/pulumi-connectors", bin[args[0]!]!);
  return project.command(process.execPath, main, ...args.slice(1));
}

const missing = {
  yaml: hasYaml ? undefined : "the CLI with its host for YAML",
  python: missingForPython(),
};
const needs = Object.entries(missing).map(([language, what]) =>
  what === undefined ? "" : `; in ${language} they need ${what}`,
);

test(`walks are two commands after npm install${needs.join("")}`, () => {
  for (const [heading, example] of [
    ["Pulumi YAML", "yaml"],
    ["Python and other languages", "python"],
  ] as const) {
    expect(commandsOf(heading)[0]).toEqual([
      "npm install pulumi-connectors @pulumi/pulumi",
      `pulumi new ./node_modules/pulumi-connectors/examples/${example} --force`,
      "pulumi up",
    ]);
  }
});

if (Object.values(missing).includes(undefined)) {
  describe("a walk of docs/native.md", runsWalks);
}

function runsWalks(): void {
  beforeEach(async () => void (sandbox = await startSandbox()));
  afterEach(async () => {
    project.remove();
    await sandbox.close();
  });

  if (missing.yaml === undefined) {
    test("in Pulumi YAML needs no network", inYaml);
    test.each(["databar", "supermetrics"] as const)(
      "imports a workspace of twenty connectors: %s",
      importsWorkspace,
    );
  }
  if (missing.python === undefined) {
    test("in Python: the example's test passes on mocks, and the example deploys", inPython);
  }
}

async function inYaml(): Promise<void> {
  const [, create, deploy] = commandsOf("Pulumi YAML")[0]!;
  await install();
  await run(create);
  // `pulumi new` asks a person for them.
  const secret = "walk-canary";
  await project.configure({ scoringKey: { secret }, awinKey: { secret } });
  const created = await run(deploy);
  expect(created).toMatch(/\+ 3 created/);
  expect(created).not.toContain("canary");
  expect(sandbox.databar.connectors).toMatchObject([{ name: "My Scoring API" }]);
  expect(sandbox.supermetrics.connectors).toMatchObject([{ name: "Awin" }]);
  await project.pulumi("destroy", "--yes", "--skip-preview");
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
}

/** Twenty connectors; two have the same name. */
function seed(vendor: "databar" | "supermetrics"): string[] {
  return Array.from({ length: 20 }, (_, index) => {
    const name = `Connector ${index % 19}`;
    if (vendor === "supermetrics") {
      return `${TEAM}/${sandbox.supermetrics.seed({ name }).connector_identifier}`;
    }
    const url = "https://api.example.com/v1/score";
    return String(sandbox.databar.seed({ name, method: "get", url }).id);
  });
}

async function importsWorkspace(vendor: "databar" | "supermetrics"): Promise<void> {
  const ids = seed(vendor);
  const [exporting, importing] = commandsOf("Import")[1]!;
  await install();
  project.write({ "Pulumi.yaml": yamlProject({}) });
  await project.pulumi("stack", "init", "test");
  const exported = await run(exporting!.replace("--vendor databar", `--vendor ${vendor}`));
  expect(exported).toMatch(/20 connectors listed in import\.json/);
  expect(exported.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(exported).toContain("pulumi import --file import.json");
  expect(existsSync(join(project.folder, "connectors"))).toBe(false);
  await run(importing);
  expect((await project.resources()).map(({ id }) => id).sort()).toEqual(ids.sort());

  const code = parse(readFileSync(join(project.folder, "imported.yaml"), "utf8")) as object;
  const empty = JSON.parse(yamlProject({})) as object;
  project.write({ "Pulumi.yaml": JSON.stringify({ ...empty, ...code }) });
  expect([...new Set(sandbox[vendor].log.map(({ method }) => method))]).toEqual(["GET"]);
  sandbox.clearLogs();
  await project.pulumi("preview", "--expect-no-changes");
  expect(await run("pulumi up")).toMatch(/21 unchanged/);
  expect(callCount(sandbox)).toBe(0);
}

/** Without a virtual environment: pip needs the network. */
async function inPython(): Promise<void> {
  await install({ PYTHONPATH: "sdks/python" });
  cpSync(EXAMPLE, project.folder, { recursive: true });
  const manifest = parse(readFileSync(join(EXAMPLE, "Pulumi.yaml"), "utf8")) as {
    readonly packages: Readonly<Record<string, string>>;
  };
  project.write({ "Pulumi.yaml": JSON.stringify({ ...manifest, runtime: "python" }) });
  const options = ["--language", "python", "--local", "--out", "sdks"];
  await project.pulumi("package", "gen-sdk", manifest.packages["databar"]!, ...options);
  expect(await project.command("python3", "-m", "unittest")).toMatch(/Ran 1 test[^]*OK/);

  await project.pulumi("stack", "init", "test");
  await project.configure({ scoringKey: { secret: "walk-canary" } });
  const created = await run("pulumi up");
  expect(created).toMatch(/scoringId *: 1\b[^]*\+ 2 created/);
  expect(sandbox.databar.connectors).toMatchObject([
    { name: "My Scoring API", method: "post", rate_limit: 60 },
  ]);
  sandbox.clearLogs();
  expect(await run("pulumi up")).toMatch(/2 unchanged/);
  expect(callCount(sandbox)).toBe(0);
  await project.pulumi("destroy", "--yes", "--skip-preview");
  expect(sandbox.databar.connectors).toEqual([]);
}
