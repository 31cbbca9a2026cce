/** The projects below examples/, and what deploying each of them makes. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Sandbox } from "pulumi-connectors/sandbox";
import { SECRET_KEYS } from "../examples/gitops/config";
import { projectFolder, sandboxConfig, TEAM } from "./e2e/project";
import { isOnPath } from "./engine/select";
import { deleteTempFolder } from "./engine/temp-folder";
import { type Config, type RunResult, type StackOptions } from "./engine/types";
import { operatorStack, runtimeOf } from "./operator";

const ROOT = resolve(__dirname, "..");
const OTHER_TEAM = "7002";

/**
 * The type check has its own command, which covers the examples; here it would take most of the
 * time.
 */
export const TRANSPILE_ONLY = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

export interface Example {
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
  /**
   * Whether a preview goes ahead: one of a stack that is not there yet, in the project that has the
   * most in it.
   */
  readonly previewed?: boolean;
}

const copyOf = (name: string) => (): string => projectFolder(join(ROOT, "examples", name));

export const EXAMPLES: Readonly<Record<string, Example>> = {
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

/** The example that has tests of its own. */
export const TESTED = "testing";

/**
 * The examples of the native packages, which need the Pulumi CLI: test/e2e/native.test.ts; Python
 * needs its SDK too.
 */
export const NATIVE = ["python", "yaml"];

/** The folders below examples/. `operator` deploys `definitions`; `policy` deploys nothing. */
export function exampleFolders(): string[] {
  return readdirSync(join(ROOT, "examples")).sort();
}

/** The folders that the table and the tests of its own kinds cover. */
export function coveredFolders(): string[] {
  const tabled = Object.keys(EXAMPLES).map((name) => name.split(",", 1)[0]!);
  return [...tabled, TESTED, ...NATIVE, "definitions", "operator", "policy"].sort();
}

/** A stack over an example. */
export function stackOptions(example: Example, workDir: string, sandbox: Sandbox): StackOptions {
  return {
    workDir,
    config: { ...sandboxConfig(sandbox), ...example.config?.(sandbox) },
    env: TRANSPILE_ONLY,
  };
}

/**
 * The stack that the manifests of `operator` describe, over a copy of the project that they name.
 */
export function operatorOptions(sandbox: Sandbox): StackOptions {
  const { spec } = operatorStack();
  const { config, env } = runtimeOf(operatorStack(), (key) => `${key}-canary`);
  sandbox.supermetrics.settings.teams = [spec.config["supermetrics:teamId"]!];
  const { "databar:baseUrl": databar, "supermetrics:baseUrl": supermetrics } =
    sandboxConfig(sandbox);
  return {
    workDir: projectFolder(join(ROOT, spec.repoDir)),
    config: { ...config, "databar:baseUrl": databar!, "supermetrics:baseUrl": supermetrics! },
    env: { ...TRANSPILE_ONLY, ...env },
  };
}

export function removeFolder(workDir: string): void {
  if (workDir !== ROOT) {
    deleteTempFolder(workDir);
  }
}

/** How many connectors each vendor has. */
export function connectorCounts({ databar, supermetrics }: Sandbox): object {
  return { databar: databar.connectors.length, supermetrics: supermetrics.connectors.length };
}

/** How many resources saw which op; the stack itself is left out. */
export function countSteps({ steps }: RunResult): object {
  const counts: Record<string, number> = {};
  for (const { op, type } of steps) {
    if (type !== "pulumi:pulumi:Stack") {
      counts[op] = (counts[op] ?? 0) + 1;
    }
  }
  return counts;
}

/**
 * Runs what `npm test` of the example with tests of its own runs, in one process instead of one per
 * file; the types are checked elsewhere.
 *
 * @param cli whether those of a stack's life run too; without a Pulumi CLI they skip themselves.
 * @returns the output of the runner, and how many tests it must have run.
 */
export async function runOwnTests(cli: boolean): Promise<{ stdout: string; declared: number }> {
  const folder = copyOf(TESTED)();
  try {
    const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      scripts: { test: string };
    };
    const all = / node --import tsx --test (.+)$/.exec(scripts.test)?.[1]?.split(" ") ?? [];
    const files = all.filter((file) => cli || !file.includes("stack"));
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
    return { stdout, declared: declared.length };
  } finally {
    deleteTempFolder(folder);
  }
}
