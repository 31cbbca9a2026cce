/** A stack moves from dynamic resources to native ones and back, on the CLI. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { unpack } from "../../provider/model/document";
import { callCount } from "../../harness/e2e/calls";
import { CliProject, type ExportedResource, hasYaml } from "../../harness/e2e/cli-project";
import { yamlProject } from "../../harness/e2e/native-program";
import { LocalEngine } from "../../harness/engine/local/engine";
import { databar, supermetrics } from "../../harness/e2e/program";
import {
  DATABAR_KEY,
  type Program,
  sandboxConfig,
  SUPERMETRICS_KEY,
} from "../../harness/e2e/world";

// Three deployments, each with processes for both vendors and both workspaces.
jest.setTimeout(240_000);

const PROGRAM = join(__dirname, "../../harness/e2e/program");

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

/** The way back has no schema that names the native types. */
function withAliases(program: Program): Program {
  return Object.fromEntries(
    Object.entries(program).map(([name, each]) => {
      const [, vendor = "", kind = ""] = /^(Databar|Supermetrics)(.*)$/.exec(each.type) ?? [];
      const aliases = [{ type: `${vendor.toLowerCase()}:index:${kind}` }];
      return [
        name,
        kind === "Provider" ? each : { ...each, options: { ...each.options, aliases } },
      ];
    }),
  );
}

/** What a face stores that the other does not. */
const OWN_OUTPUTS = ["__provider", "connectorId", "connectorIdentifier"];

/** A fleet's states are packed, with their keys in any order. */
function unpacked(name: string, value: unknown): unknown {
  return name === "states" && typeof value === "object" && value !== null && "plaintext" in value
    ? unpack(JSON.parse(String(value.plaintext)) as string)
    : value;
}

function comparable(resources: readonly ExportedResource[]): unknown {
  const without = (values: object = {}): unknown =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([key]) => !OWN_OUTPUTS.includes(key))
        .map(([key, value]) => [key, unpacked(key, value)]),
    );
  return Object.fromEntries(
    resources.map(({ urn, id, inputs, outputs }) => [
      urn.split("::").at(-1),
      { id, inputs: without(inputs), outputs: without(outputs) },
    ]),
  );
}

const TITLE = hasYaml
  ? "a stack moves to native and back without a request, and its state stays the same"
  : "a move needs the CLI with its YAML host: the local engine refuses such a project";

test(TITLE, async () => {
  if (!hasYaml) {
    const workDir = join(__dirname, "../../examples/yaml");
    const stack = await new LocalEngine().stack({ workDir });
    await expect(stack.up()).rejects.toThrow(/runs Node programs, not yaml/);
    return;
  }
  const sandbox = await startSandbox();
  const program = withProviders(EVERYTHING, sandbox);
  const dynamic = (resources: Program): Record<string, string> => ({
    "Pulumi.yaml":
      "name: e2e\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n",
    "program.json": JSON.stringify({ resources, outputs: {} }),
  });
  const project = await CliProject.start(dynamic(program), sandboxConfig(sandbox));
  try {
    copyFileSync(join(PROGRAM, "index.js"), join(project.folder, "index.js"));
    await project.pulumi("up", "--yes", "--skip-preview");
    const before = comparable(await project.resources());
    sandbox.clearLogs();

    project.write({ "Pulumi.yaml": yamlProject(program) });
    const there = await project.pulumi("up", "--yes", "--skip-preview", "--diff");
    expect(there).not.toMatch(/\+ (create|delete|replace)/);
    expect(callCount(sandbox)).toBe(0);
    const native = await project.resources();
    expect(native.map(({ type }) => type.split(":")[0]).sort()).toEqual([
      ...Array<string>(3).fill("databar"),
      ...Array<string>(3).fill("supermetrics"),
    ]);
    expect(native.every(({ outputs = {} }) => !("__provider" in outputs))).toBe(true);
    expect(comparable(native)).toEqual(before);
    expect(await project.pulumi("up", "--yes", "--diff")).toMatch(/9 unchanged/);

    project.write(dynamic(withAliases(program)));
    await project.pulumi("up", "--yes", "--skip-preview");
    expect(callCount(sandbox)).toBe(0);
    const back = await project.resources();
    expect(back.every(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"))).toBe(true);
    expect(comparable(back)).toEqual(before);
    await project.pulumi("destroy", "--yes", "--skip-preview");
    expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
  } finally {
    project.remove();
    await sandbox.close();
  }
});
