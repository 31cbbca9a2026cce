import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "pulumi-connectors/sandbox";
import { describeEngine, selectEngine } from "../engine/select";
import { deleteTempFolder } from "../engine/temp-folder";
import { type Config, type RunResult, type Stack, type Step } from "../engine/types";
import { projectFolder, sandboxConfig } from "./project";

export { DATABAR_KEY, projectFolder, sandboxConfig, SUPERMETRICS_KEY, TEAM } from "./project";

export type DynamicType = `${"Databar" | "Supermetrics"}${"Connector" | "Fleet" | "Provider"}`;

/** A resource or a provider of a native package. */
export type NativeType =
  | `${"databar" | "supermetrics"}:index:${"Connector" | "Fleet"}`
  | `pulumi:providers:${"databar" | "supermetrics"}`;

/**
 * One resource of a scenario's program; see `program/index.js` for the values that stand for
 * secrets and outputs.
 */
export interface Declared {
  readonly type: DynamicType | NativeType;
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

const engine = selectEngine();
const open = new Set<World>();

/** Which engine the scenarios run on, and why. */
export const engineLine = describeEngine();
export const engineName = engine.name;

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
