/** Every project below examples/ runs as it is: created, unchanged without a call, destroyed. One has tests that do so. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startSandbox, type Sandbox } from "pulumi-connectors/sandbox";
import { SECRET_KEYS } from "../../examples/gitops/config";
import { isOnPath, selectEngine } from "../../harness/engine/select";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type Config, type RunResult } from "../../harness/engine/types";
import { operatorStack, runtimeOf } from "../../harness/operator";
import { engineLine, expectOk, projectFolder, sandboxConfig, TEAM } from "../../harness/e2e/world";

const ROOT = resolve(__dirname, "../..");
const OTHER_TEAM = "7002";

/** The type check has its own command, which covers the examples; here it would take most of the time. */
const TRANSPILE_ONLY = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** Three runs of a TypeScript program. */
const TIMEOUT = 240_000;

interface Example {
  /** The folder that holds Pulumi.yaml. */
  readonly folder: () => string;
  /** Stack settings besides the vendors'; may put connectors into the sandbox. */
  readonly config?: (sandbox: Sandbox) => Config;
  /** The steps of the first deployment, the stack's own left out. */
  readonly steps: Readonly<Partial<Record<"create" | "read", number>>>;
  /** How many connectors there are while it is deployed. */
  readonly deployed: { readonly databar: number; readonly supermetrics: number };
  /** How many stay after it was destroyed: those that it only read. */
  readonly left?: number;
  /** Whether a preview goes ahead: one of a stack that is not there yet, in the project that has the most in it. */
  readonly previewed?: boolean;
}

const copyOf = (name: string) => (): string => projectFolder(join(ROOT, "examples", name));

const EXAMPLES: Readonly<Record<string, Example>> = {
  "databar-minimal": {
    folder: copyOf("databar-minimal"),
    steps: { create: 1 },
    deployed: { databar: 1, supermetrics: 0 },
  },
  "supermetrics-minimal": {
    folder: copyOf("supermetrics-minimal"),
    steps: { create: 1 },
    deployed: { databar: 0, supermetrics: 1 },
  },
  secrets: {
    folder: copyOf("secrets"),
    config: () => ({
      "secrets:scoringKey": { secret: "scoring-canary" },
      "secrets:ordersKey": { secret: "orders-canary" },
    }),
    steps: { create: 2 },
    deployed: { databar: 1, supermetrics: 1 },
  },
  adopt: {
    folder: copyOf("adopt"),
    config: ({ databar, supermetrics }) => ({
      "adopt:databarConnectorId": String(databar.seed({ name: "Old scoring" }).id),
      "adopt:sharedConnectorId": String(databar.seed({ name: "Shared" }).id),
      "adopt:supermetricsConnectorIdentifier": supermetrics.seed({ name: "Old orders" })
        .connector_identifier,
    }),
    steps: { create: 3, read: 1 },
    deployed: { databar: 3, supermetrics: 1 },
    left: 1,
  },
  workspaces: {
    folder: copyOf("workspaces"),
    config: ({ databar, supermetrics }) => {
      databar.settings.workspacePerKey = true;
      supermetrics.settings.teams = [TEAM, OTHER_TEAM];
      return {
        ...{
          "workspaces:emeaDatabarKey": { secret: "emea-canary" },
          "workspaces:amerDatabarKey": { secret: "amer-canary" },
        },
        ...{
          "workspaces:supermetricsKey": { secret: "teams-canary" },
          "workspaces:brandTeamId": TEAM,
          "workspaces:growthTeamId": OTHER_TEAM,
        },
      };
    },
    steps: { create: 8 },
    deployed: { databar: 2, supermetrics: 2 },
  },
  "gitops, by the Pulumi.yaml of the repository": {
    folder: () => ROOT,
    config: () =>
      Object.fromEntries(SECRET_KEYS.map((key) => [`gitops:${key}`, { secret: `${key}-canary` }])),
    steps: { create: 16 },
    deployed: { databar: 9, supermetrics: 7 },
    previewed: true,
  },
};

/** The example that is run by its own tests. */
const TESTED = "testing";

describe(`${engineLine}. The example`, () => {
  test("is one of these", () => {
    // The files of `definitions` are those of definitions.test.ts too; `operator` deploys them, in a test of its own.
    const handled = [
      ...Object.keys(EXAMPLES).map((name) => name.split(",", 1)[0]),
      TESTED,
      "definitions",
      "operator",
    ];
    expect(readdirSync(join(ROOT, "examples")).sort()).toEqual(handled.sort());
  });
  test(
    `${TESTED} passes its own tests${isOnPath("pulumi") ? "" : "; those of a stack's life say that there is no Pulumi CLI"}`,
    () => passesItsTests(copyOf(TESTED)()),
    TIMEOUT,
  );

  test.each(Object.entries(EXAMPLES))(
    "%s is created, stays as it is without a call, and leaves nothing",
    async (_, { folder, config, steps, deployed, left = 0, previewed = false }) => {
      const sandbox = await startSandbox();
      const workDir = folder();
      const stack = await selectEngine().stack({
        workDir,
        config: { ...sandboxConfig(sandbox), ...config?.(sandbox) },
        env: TRANSPILE_ONLY,
      });
      const there = (): object => ({
        databar: sandbox.databar.connectors.length,
        supermetrics: sandbox.supermetrics.connectors.length,
      });
      const seen: RunResult[] = [];
      const run = async (result: Promise<RunResult>): Promise<RunResult> => {
        seen.push(await result);
        return expectOk(await result);
      };
      try {
        if (previewed) {
          await run(stack.preview());
          expect(calls(sandbox)).toBe(0);
        }

        const created = await run(stack.up());
        expect(countSteps(created)).toEqual(steps);
        expect(there()).toEqual(deployed);
        expect(Object.keys(created.outputs)).not.toEqual([]);
        expect(Object.values(created.outputs).filter(({ secret }) => secret)).toEqual([]);

        sandbox.clearLogs();
        const unchanged = await run(stack.up());
        expect(unchanged.steps.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
        expect(calls(sandbox)).toBe(steps.read ?? 0);

        await run(stack.destroy());
        expect(sandbox.databar.connectors.length + sandbox.supermetrics.connectors.length).toBe(
          left,
        );
        const shown = `${seen.map(({ text }) => text).join("")}${await stack.rawState()}`;
        expect(shown).not.toContain("canary");
        expect(readdirSync(workDir).filter((name) => /pulumi/i.test(name))).toEqual([
          "Pulumi.yaml",
        ]);
      } finally {
        await stack.remove();
        await sandbox.close();
        if (workDir !== ROOT) {
          deleteTempFolder(workDir);
        }
      }
    },
    TIMEOUT,
  );

  test(
    "operator deploys the project that its Stack names, with the configuration and the environment of that and nothing else",
    async () => {
      const sandbox = await startSandbox();
      const { spec } = operatorStack();
      const { config, env } = runtimeOf(operatorStack(), (key) => `${key}-canary`);
      sandbox.supermetrics.settings.teams = [spec.config["supermetrics:teamId"]!];
      const workDir = projectFolder(join(ROOT, spec.repoDir));
      const { "databar:baseUrl": databarUrl, "supermetrics:baseUrl": supermetricsUrl } =
        sandboxConfig(sandbox);
      const stack = await selectEngine().stack({
        workDir,
        config: {
          ...config,
          "databar:baseUrl": databarUrl!,
          "supermetrics:baseUrl": supermetricsUrl!,
        },
        env: { ...TRANSPILE_ONLY, ...env },
      });
      try {
        const { text } = expectOk(await stack.up());
        const [hunter] = sandbox.databar.connectors;
        const [awin] = sandbox.supermetrics.connectors;
        expect(hunter?.parameters).toContainEqual({
          name: "api_key",
          value: "hunterApiKey-canary",
        });
        expect(
          sandbox.supermetrics.secrets(
            spec.config["supermetrics:teamId"]!,
            awin!.connector_identifier,
          ),
        ).toMatchObject([{ name: "token", value: "awinToken-canary" }]);
        expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual(
          [1, 1],
        );
        expect(`${text}${await stack.rawState()}`).not.toContain("canary");
      } finally {
        await stack.remove();
        await sandbox.close();
        deleteTempFolder(workDir);
      }
    },
    TIMEOUT,
  );
});

function countSteps({ steps }: RunResult): object {
  const counts: Record<string, number> = {};
  for (const { op, type } of steps) {
    if (type !== "pulumi:pulumi:Stack") {
      counts[op] = (counts[op] ?? 0) + 1;
    }
  }
  return counts;
}

function calls({ databar, supermetrics }: Sandbox): number {
  return databar.log.length + supermetrics.log.length;
}

/** Runs what `npm test` of a copied example runs, in one process instead of one per file; the types are checked elsewhere. */
async function passesItsTests(folder: string): Promise<void> {
  try {
    const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      scripts: { test: string };
    };
    const files = / node --import tsx --test (.+)$/.exec(scripts.test)?.[1]?.split(" ") ?? [];
    const preloaded = ["lazy-modules.js", "code-cache.js"].flatMap((name) => [
      "--require",
      join(ROOT, "harness/engine", name),
    ]);
    const imports = ["tsx", ...files.map((file) => `./${file}`)].flatMap((file) => [
      "--import",
      file,
    ]);
    const run = promisify(execFile)(
      process.execPath,
      [...preloaded, ...imports, "--test-reporter=tap", "-e", "0"],
      { cwd: folder },
    );
    const stdout = await run.then(
      (ended) => ended.stdout,
      (error: unknown) => {
        throw new Error((error as { stdout: string }).stdout);
      },
    );
    const declared = files
      .filter((file) => isOnPath("pulumi") || !file.includes("stack"))
      .flatMap((file) => readFileSync(join(folder, file), "utf8").match(/^ *test\(/gm) ?? []);
    expect(stdout).toContain(`\n# pass ${declared.length}\n`);
    expect(stdout).toContain("\n# fail 0\n");
    expect(stdout.includes("# SKIP no pulumi on PATH")).toBe(!isOnPath("pulumi"));
  } finally {
    deleteTempFolder(folder);
  }
}
