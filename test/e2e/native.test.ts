/**
 * The native packages where only the Pulumi CLI shows them: YAML, archives, the code that imports
 * propose. `native-resources.test.ts` has what either engine shows.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parse } from "yaml";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { byName, callCount } from "../../harness/e2e/calls";
import { CliProject, type CliRun, hasYaml, type Launched } from "../../harness/e2e/cli-project";
import { yamlProject } from "../../harness/e2e/native-program";
import { databar, supermetrics } from "../../harness/e2e/program";
import { sandboxConfig, TEAM } from "../../harness/e2e/world";
import { LocalEngine } from "../../harness/engine/local/engine";
import { packageSchema } from "../../provider/plugin/serve";
import { VENDOR_NAMES } from "../../provider/vendors/index";
import { packageVersion } from "../../provider/version";
import { writeArchive } from "../../scripts/archives/archive";

jest.setTimeout(240_000);

const EXAMPLE = join(__dirname, "../../examples/yaml");
const SECRETS = {
  "connectors-yaml:scoringKey": { secret: "scoring-canary" },
  "connectors-yaml:awinKey": { secret: "awin-canary" },
};

let sandbox: Sandbox;
let project: CliProject;

const methods = (): string[] =>
  [...sandbox.databar.log, ...sandbox.supermetrics.log].map(({ method }) => method);

/** The headers that the vendor holds of a connector. */
function headersOf(name: string): object {
  const { headers } = byName(sandbox.databar.connectors)[name]!;
  return Object.fromEntries(headers.map((each) => [each.name, each.value]));
}

/** Waits until a deployment has come so far; fails when it ends before. */
async function reached({ ended }: Launched, isThere: () => boolean): Promise<void> {
  let run: CliRun | undefined;
  void ended.then((result) => (run = result));
  while (!isThere()) {
    if (run !== undefined) {
      throw new Error(`The deployment ended:\n${run.text}`);
    }
    await setTimeout(20);
  }
}

async function start(yaml: string, config = {}, environment = {}): Promise<void> {
  project = await CliProject.start(
    { "Pulumi.yaml": yaml },
    { ...sandboxConfig(sandbox), ...config },
    environment,
  );
}

describe("native packages", () => {
  if (!hasYaml) {
    test("need the CLI with its YAML host: the local engine refuses such a project", async () => {
      const stack = await new LocalEngine().stack({ workDir: EXAMPLE });
      await expect(stack.up()).rejects.toThrow(/runs Node programs, not yaml/);
    });
    return;
  }

  beforeEach(async () => void (sandbox = await startSandbox()));
  afterEach(async () => {
    project.remove();
    await sandbox.close();
  });

  test("deploy examples/yaml: create, nothing, an edit, drift and its repair, destroy", async () => {
    const yaml = readFileSync(join(EXAMPLE, "Pulumi.yaml"), "utf8");
    await start(yaml, SECRETS);
    const created = await project.pulumi("up", "--yes", "--skip-preview");
    expect(created).toMatch(/\+ 3 created/);
    expect(created).toMatch(/scoringId *: 1\b/);
    expect(sandbox.databar.connectors).toMatchObject([{ name: "My Scoring API", rate_limit: 60 }]);
    const [awin] = sandbox.supermetrics.connectors;
    expect(sandbox.supermetrics.secrets(TEAM, awin!.connector_identifier)).toMatchObject([
      { name: "api_key", value: "awin-canary" },
    ]);

    sandbox.clearLogs();
    expect(await project.pulumi("up", "--yes")).toMatch(/3 unchanged/);
    expect(callCount(sandbox)).toBe(0);

    project.write({ "Pulumi.yaml": yaml.replace("Clicks and", "Clicks, sales and") });
    const preview = await project.pulumi("preview", "--diff");
    expect(preview).toMatch(/~ description *: "Clicks and .*" => "Clicks, sales and /);
    expect(callCount(sandbox)).toBe(0);
    await project.pulumi("up", "--yes", "--skip-preview");
    expect(sandbox.supermetrics.connectors).toMatchObject([
      { description: "Clicks, sales and commissions per publisher." },
    ]);

    sandbox.databar.change(1, { rate_limit: 90 });
    const drift = await project.pulumi("refresh", "--yes", "--skip-preview", "--diff");
    expect(drift).toMatch(/~ rateLimit *: 60 => 90/);
    await project.pulumi("up", "--yes", "--skip-preview");
    expect(sandbox.databar.connectors).toMatchObject([{ rate_limit: 60 }]);

    const destroyed = await project.pulumi("destroy", "--yes", "--skip-preview");
    expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
    expect(`${created}${preview}${drift}${destroyed}`).not.toContain("canary");
  });

  test("deploy from their release archives alone, offline, without node_modules", async () => {
    const { plugins, ...program } = JSON.parse(
      yamlProject({
        scoring: databar({ headers: { Accept: ["text/plain", "text/html"] } }),
        awin: supermetrics(),
      }),
    ) as Record<string, unknown>;
    expect(plugins).toBeDefined();
    await start(JSON.stringify(program));
    rmSync(join(project.folder, "node_modules"), { recursive: true });
    for (const vendor of VENDOR_NAMES) {
      const archive = await writeArchive(vendor, project.folder);
      const named = ["resource", vendor, packageVersion()];
      await project.pulumi("plugin", "install", ...named, "--file", archive);
    }
    const schema = await project.pulumi("package", "get-schema", "databar");
    expect(JSON.parse(schema)).toEqual(JSON.parse(packageSchema("databar")));

    expect(await project.pulumi("up", "--yes", "--skip-preview")).toMatch(/\+ 3 created/);
    expect(sandbox.databar.connectors).toMatchObject([{ name: "Scoring" }]);
    expect(sandbox.supermetrics.connectors).toMatchObject([{ name: "Awin" }]);
    sandbox.clearLogs();
    expect(await project.pulumi("up", "--yes")).toMatch(/3 unchanged/);
    expect(callCount(sandbox)).toBe(0);
    await project.pulumi("destroy", "--yes", "--skip-preview");
    expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
  });

  test("misspelt properties are refused by their schema, and nothing is sent", async () => {
    await start(yamlProject({ scoring: databar({ metod: "get" }) }));
    expect((await project.run("up", "--yes")).text).toMatch(
      /metod.*does not exist|Unknown property/i,
    );
    expect(callCount(sandbox)).toBe(0);
  });

  test("keep a secret where a resource or an output takes its whole property, and show diffs by key", async () => {
    const secret = { $secret: "taken-canary" };
    const outputs = {
      whole: "${scoring.headers}",
      text: { "fn::toJSON": "${scoring.headers}" },
      open: "${scoring.url}",
    };
    const program = (accept: string): string => {
      const { resources, ...rest } = JSON.parse(
        yamlProject({ scoring: databar({ headers: { "X-Key": secret, Accept: accept } }) }),
      ) as { resources: object };
      const taker = databar({ name: "Taker" }).args;
      const all = {
        ...resources,
        taker: {
          type: "databar:Connector",
          properties: { ...taker, headers: "${scoring.headers}" },
        },
      };
      return JSON.stringify({ ...rest, resources: all, outputs });
    };
    await start(program("text/plain"));
    const shown = [await project.pulumi("preview", "--diff")];
    shown.push(await project.pulumi("up", "--yes", "--skip-preview", "--diff"));
    const deployed = { Accept: "text/plain", "X-Key": "taken-canary" };
    expect([headersOf("Scoring"), headersOf("Taker")]).toEqual([deployed, deployed]);
    project.write({ "Pulumi.yaml": program("text/csv") });
    shown.push(await project.pulumi("preview", "--diff"));
    expect(shown.at(-1)).toMatch(
      /::scoring\]\s+~ headers: \{\s+~ Accept: "text\/plain" => "text\/csv"\s+\}/,
    );
    shown.push(await project.pulumi("up", "--yes", "--skip-preview", "--diff"));
    sandbox.databar.change(byName(sandbox.databar.connectors)["Scoring"]!.id, {
      headers: [
        { name: "Accept", value: "drifted" },
        { name: "X-Key", value: "taken-canary" },
      ],
    });
    shown.push(await project.pulumi("refresh", "--yes", "--skip-preview", "--diff"));
    expect(shown.at(-1)).toMatch(
      /::scoring\]\s+~ headers: \{\s+~ Accept: "text\/csv" => \[secret\]\s+\}/,
    );
    shown.push(await project.pulumi("preview", "--diff"));
    expect(shown.at(-1)).toMatch(
      /::scoring\]\s+~ headers: \{\s+~ Accept: "drifted" => "text\/csv"\s+\}/,
    );
    shown.push(await project.pulumi("stack", "export"), await project.pulumi("stack", "output"));
    expect(shown.join("\n")).not.toContain("canary");
    const plain = await project.pulumi("stack", "output", "--json", "--show-secrets");
    const taken = { Accept: "text/csv", "X-Key": "taken-canary" };
    expect(JSON.parse(plain)).toEqual({
      open: "https://api.example.com/v1/score",
      text: JSON.stringify(taken),
      whole: taken,
    });
  });

  test("import connectors, and have nothing to do when their code is pasted", async () => {
    const { id } = sandbox.databar.seed({
      name: "Existing",
      method: "post",
      url: "https://api.example.com/v1/score",
      headers: [{ name: "Accept", value: "text/plain" }],
    });
    const awin = sandbox.supermetrics.seed({ name: "Awin" }).connector_identifier;
    await start(yamlProject({}));
    const importing = async (type: string, name: string, existing: string): Promise<object> => {
      const out = join(project.folder, `${name}.yaml`);
      const options = ["--yes", "--protect=false", "--out", out];
      await project.pulumi("import", ...options, type, name, existing);
      return (parse(readFileSync(out, "utf8")) as { resources: object }).resources;
    };
    const resources = {
      ...(await importing("databar:index:Connector", "existing", String(id))),
      ...(await importing("supermetrics:index:Connector", "awin", `${TEAM}/${awin}`)),
    };
    expect(resources).toMatchObject({
      existing: { type: "databar:Connector", properties: { headers: { Accept: "text/plain" } } },
      awin: { type: "supermetrics:Connector", properties: { name: "Awin" } },
    });
    expect(JSON.stringify(resources)).not.toMatch(/connectorId|enrichment/);
    expect(methods().every((method) => method === "GET")).toBe(true);

    const pasted = { ...(JSON.parse(yamlProject({})) as object), resources };
    project.write({ "Pulumi.yaml": JSON.stringify(pasted) });
    sandbox.clearLogs();
    expect(await project.pulumi("up", "--yes", "--skip-preview")).toMatch(/3 unchanged/);
    expect(callCount(sandbox)).toBe(0);

    for (const [wrong, reason] of [
      ["abc", /positive whole number/],
      ["4711", /has no connector 4711/],
    ] as const) {
      const { ok, text } = await project.run(
        ...["import", "--yes", "databar:index:Connector", "wrong", wrong],
      );
      expect([ok, text]).toEqual([false, expect.stringMatching(reason)]);
    }
    expect(sandbox.databar.connectors).toHaveLength(1);
  });

  test("show the request log on the resource that a request is for, in order", async () => {
    await start(yamlProject({ scoring: databar() }), {}, { PULUMI_CONNECTORS_LOG: "debug" });
    const shown = await project.pulumi("up", "--yes", "--skip-preview");
    const line = (rest: string): string => `\\n    [\\d:.]+ Databar ${rest}`;
    expect(shown).toMatch(
      new RegExp(
        `databar:index:Connector \\(scoring\\):${line("GET /v1/connectors/ 200 .*")}${line("POST /v1/connectors/ 201 .*")}\\n`,
      ),
    );
    expect(shown).toMatch(/pulumi:pulumi:Stack \(.*\):\n    Databar: 2 requests in /);
  });

  test("stop what queues when the deployment is cancelled, and do the rest in the next", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `Connector ${index}`);
    const program = Object.fromEntries(
      names.map((name, index) => [`c${index}`, databar({ name })]),
    );
    await start(yamlProject(program), { "databar:requestsPerSecond": "1" });
    const deployment = project.launch("up", "--yes", "--skip-preview", "--parallel", "64");
    const posts = (): number => methods().filter((method) => method === "POST").length;
    await reached(deployment, () => posts() >= 2);
    deployment.interrupt();
    const { ok, text } = await deployment.ended;
    expect([ok, text]).toEqual([false, expect.stringContaining("[cancelled] Nothing was written")]);
    const sent = posts();
    expect(sent).toBeLessThan(30);
    expect(await project.resources()).toHaveLength(sent);
    expect(sandbox.databar.connectors).toHaveLength(sent);

    await project.configure({ "databar:requestsPerSecond": "1000" });
    const next = await project.pulumi("up", "--yes", "--skip-preview");
    expect(next).toContain(`+ ${30 - sent} created`);
    expect(Object.keys(byName(sandbox.databar.connectors)).sort()).toEqual(names.sort());
    expect(posts()).toBe(30);
  });
});
