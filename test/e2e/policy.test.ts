/** The policy pack of examples/policy, as the CLI runs it. */
import { join } from "node:path";
import { startSandbox } from "pulumi-connectors/sandbox";
import { callCount } from "../../harness/e2e/calls";
import { CliProject, hasYaml } from "../../harness/e2e/cli-project";
import {
  closeWorlds,
  engineLine,
  engineName,
  expectOk,
  type Program,
  projectFolder,
  sandboxConfig,
  startWorld,
} from "../../harness/e2e/world";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type RunResult } from "../../harness/engine/types";

// Each test starts the program, the providers and the policies.
jest.setTimeout(180_000);

/** Shaped like a key of its issuer, and no key. */
const KEY = ["sk", "live", "0123456789abcdefghijkl"].join("_");

const GOOD = {
  scoring: {
    name: "Scoring",
    method: "get",
    url: "https://api.example.com/v1",
    headers: { Authorization: KEY },
    rateLimit: 60,
  },
  awin: { name: "Awin", secrets: { key: "awin-key" }, configuration: { k: "${secrets.key}" } },
};
const BAD = {
  scoring: {
    name: "scoring",
    method: "get",
    url: "http://evil.io/v1",
    headers: { "X-Custom": KEY },
    rateLimit: 5000,
  },
  awin: {
    name: "awin",
    configuration: { request: { url: "https://evil.io" }, note: KEY },
  },
};

const NATIVE = `
name: native
runtime: yaml
plugins:
  providers:
    - { name: databar, path: ./node_modules/pulumi-connectors/bin }
    - { name: supermetrics, path: ./node_modules/pulumi-connectors/bin }
resources:
  awin:
    type: supermetrics:Connector
    properties: { name: Awin, configuration: { request: { url: "https://evil.io" } } }
  scorings:
    type: databar:Fleet
    properties:
      connectors: { scoring: { name: scoring, method: get, url: "https://evil.io" } }
`;

function singles({ scoring, awin }: typeof GOOD | typeof BAD, protect: boolean): Program {
  return {
    scoring: { type: "DatabarConnector", args: scoring, options: { protect } },
    awin: { type: "SupermetricsConnector", args: awin, options: { protect } },
  };
}

function fleets({ scoring, awin }: typeof GOOD | typeof BAD, protect: boolean): Program {
  return {
    databar: { type: "DatabarFleet", args: { connectors: { scoring } }, options: { protect } },
    supermetrics: {
      type: "SupermetricsFleet",
      args: { connectors: { awin } },
      options: { protect },
    },
  };
}

/** What the CLI prints of the pack: level, rule, resource and property of each violation. */
function violations({ text }: Pick<RunResult, "text">): string[] {
  const lines = text.matchAll(
    /connectors@v0\.1\.0 \[(\w+)\] {2}connector-([\w-]+) {2}\(\S+: (\w+)\).*\n([\w.-]*)/g,
  );
  return [...lines]
    .map(([, level, rule, name, property]) => `${level} ${rule} ${name} ${property}`)
    .sort();
}

const folder = projectFolder(join(__dirname, "../../examples/policy"));
const policyPack = {
  folder,
  config: {
    "connector-hosts": { hosts: ["api.example.com"] },
    "connector-protection": { stacks: ["test"] },
  },
};
afterEach(closeWorlds);
afterAll(() => deleteTempFolder(folder));

describe(`${engineLine}. The policy pack`, () => {
  if (engineName === "local") {
    test("is refused by the local engine, which would ignore it", async () => {
      const { stack } = await startWorld();
      await expect(stack.preview({ policyPack })).rejects.toThrow("runs no policy packs");
    });
    return;
  }

  test.each([
    ["single resources", singles],
    ["fleets", fleets],
  ])("lets good %s through, from preview to update", async (_, program) => {
    const { stack, sandbox, ...world } = await startWorld();
    world.program(program(GOOD, true));
    expect(violations(expectOk(await stack.preview({ policyPack })))).toEqual([]);
    expect(callCount(sandbox)).toBe(0);
    expectOk(await stack.up({ policyPack }));
    expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual([
      1, 1,
    ]);
  });

  test.each([
    [
      "single resources",
      singles,
      [
        "advisory naming awin name",
        "advisory naming scoring name",
        "mandatory credentials awin configuration.note",
        "mandatory credentials scoring headers.X-Custom",
        "mandatory credentials scoring url",
        "mandatory hosts awin configuration.request.url",
        "mandatory hosts scoring url",
        "mandatory protection awin Set",
        "mandatory protection scoring Set",
        "mandatory rate-limits scoring rateLimit",
      ],
    ],
    [
      "fleets",
      fleets,
      [
        "advisory naming databar connectors.scoring.name",
        "advisory naming supermetrics connectors.awin.name",
        "mandatory credentials databar connectors.scoring.headers.X-Custom",
        "mandatory credentials databar connectors.scoring.url",
        "mandatory credentials supermetrics connectors.awin.configuration.note",
        "mandatory hosts databar connectors.scoring.url",
        "mandatory hosts supermetrics connectors.awin.configuration.request.url",
        "mandatory protection databar Set",
        "mandatory protection supermetrics Set",
        "mandatory rate-limits databar connectors.scoring.rateLimit",
      ],
    ],
  ])("stops bad %s in the preview, before any request", async (_, program, expected) => {
    const { stack, sandbox, ...world } = await startWorld();
    world.program(program(BAD, false));
    const result = await stack.preview({ policyPack });
    expect(result.ok).toBe(false);
    expect(violations(result)).toEqual(expected);
    expect(callCount(sandbox)).toBe(0);
  });

  // The CLI's host for YAML is a program of its own.
  if (hasYaml) {
    test("stops native connectors and fleets, too", async () => {
      const sandbox = await startSandbox();
      const project = await CliProject.start(
        { "Pulumi.yaml": NATIVE, "policy.json": JSON.stringify(policyPack.config) },
        sandboxConfig(sandbox),
      );
      try {
        const options = ["--policy-pack", folder, "--policy-pack-config", "policy.json", "--diff"];
        const { ok, text } = await project.run("preview", ...options);
        expect(ok).toBe(false);
        expect(violations({ text })).toEqual([
          "advisory naming scorings connectors.scoring.name",
          "mandatory hosts awin configuration.request.url",
          "mandatory hosts scorings connectors.scoring.url",
          "mandatory protection awin Set",
          "mandatory protection scorings Set",
          "mandatory rate-limits scorings connectors.scoring.rateLimit",
        ]);
        expect(sandbox.databar.log.filter(({ method }) => method !== "GET")).toEqual([]);
      } finally {
        project.remove();
        await sandbox.close();
      }
    });
  }
});
