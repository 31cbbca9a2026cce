import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "pulumi-connectors/sandbox";
import { describeEngine, selectEngine } from "../engine/select";
import { deleteTempFolder, makeTempFolder } from "../engine/temp-folder";
import { linkModules } from "./modules";
import { type Config, type RunResult, type Stack, type Step } from "../engine/types";

/** One resource of a scenario's program; see `program/index.js` for the values that stand for secrets and outputs. */
export interface Declared {
  readonly type:
    | "DatabarConnector"
    | "SupermetricsConnector"
    | "DatabarFleet"
    | "SupermetricsFleet"
    | "DatabarProvider"
    | "SupermetricsProvider";
  readonly args?: Readonly<Record<string, unknown>>;
  readonly get?: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The resources of a program, by name. */
export type Program = Readonly<Record<string, Declared>>;

/** A sandbox, a project folder and a stack, for one scenario. */
export interface World {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  readonly folder: string;
  /** Rewrites the program, as a user edits it. */
  readonly program: (resources: Program, outputs?: Readonly<Record<string, unknown>>) => void;
  readonly close: () => Promise<void>;
}

/** Keys that the scenarios use; a test's output must never show them. */
export const DATABAR_KEY = "databar-key-canary-1f2e3d";
export const SUPERMETRICS_KEY = "api_supermetrics-canary-4c5b6a";
export const TEAM = "936506";

const engine = selectEngine();
const open = new Set<World>();

/** Which engine the scenarios run on, and why. */
export const engineLine = describeEngine();
export const engineName = engine.name;

/** Settings that point a stack at a sandbox and take the waiting out of limits and retries. */
export function sandboxConfig(sandbox: Sandbox): Config {
  return {
    "databar:apiKey": { secret: DATABAR_KEY },
    "databar:baseUrl": sandbox.databar.url,
    "databar:requestsPerSecond": "1000",
    "databar:backoffSeconds": "0.02",
    "supermetrics:apiKey": { secret: SUPERMETRICS_KEY },
    "supermetrics:baseUrl": sandbox.supermetrics.url,
    "supermetrics:teamId": TEAM,
    "supermetrics:requestsPerSecond": "1000",
    "supermetrics:backoffSeconds": "0.02",
  };
}

/** Starts a sandbox and a stack over an empty program. */
export async function startWorld(
  options: { readonly sandbox?: SandboxOptions; readonly config?: Config } = {},
): Promise<World> {
  const sandbox = await startSandbox(options.sandbox);
  const folder = projectFolder(join(__dirname, "program"));
  const program: World["program"] = (resources, outputs = {}) =>
    writeFileSync(join(folder, "program.json"), JSON.stringify({ resources, outputs }));
  program({});
  const stack = await engine.stack({
    workDir: folder,
    config: { ...sandboxConfig(sandbox), ...options.config },
  });
  const world: World = {
    sandbox,
    stack,
    folder,
    program,
    async close() {
      open.delete(world);
      await stack.remove();
      await sandbox.close();
      deleteTempFolder(folder);
    },
  };
  open.add(world);
  return world;
}

/** Closes the worlds that a test has left open, also when it failed: for `afterEach`. */
export async function closeWorlds(): Promise<void> {
  for (const world of open) {
    await world.close();
  }
}

/** A copy of a project folder in which `pulumi-connectors` is this package, as built, and Pulumi is ours. */
export function projectFolder(source: string): string {
  const folder = makeTempFolder("e2e");
  cpSync(source, folder, { recursive: true });
  linkModules(folder);
  return folder;
}

/** The one step of a resource in a run. */
export function step(result: RunResult, name: string): Step {
  const steps = result.steps.filter((candidate) => candidate.name === name);
  if (steps.length !== 1) {
    throw new Error(
      `${steps.length} steps of ${name}: ${steps.map(({ op }) => op).join(", ")}\n${result.text}`,
    );
  }
  return steps[0]!;
}

/** `op` of every resource of the program, by name. */
export function ops(result: RunResult): Record<string, string> {
  const entries = result.steps
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map(({ name, op }) => [name, op] as const);
  return Object.fromEntries(entries);
}

/** Fails with everything that a user would have seen, when a run did not end as it should. */
export function expectOk(result: RunResult): RunResult {
  if (!result.ok) {
    throw new Error(`The run failed:\n${result.text}`);
  }
  return result;
}
