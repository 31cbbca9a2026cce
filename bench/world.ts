import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { providerText } from "../provider/pulumi/program/provider-text";
import { linkModules } from "../harness/e2e/modules";
import { selectEngine } from "../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../harness/engine/temp-folder";
import { type Config, type Engine, type RunResult, type Stack } from "../harness/engine/types";
import { type Definitions } from "./definitions";
import { type Point } from "./chart";
import { type Call, type VendorName } from "./sandbox-process";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-client";
import { seconds } from "./stats";

/**
 * As what the connectors of a program are declared: resources of ours, a fleet, resources that do nothing, or dynamic
 * resources whose code Pulumi serialises, with a provider object for each or one that they share.
 */
export type Kind = "single" | "fleet" | "empty" | "usual" | "shared";

export const TEAM = "936506";

/** What all rows share. */
export interface Bench {
  readonly engine: Engine;
  readonly sandbox: SandboxProcess;
  /** True for all sizes and runs that the goals speak of; else a few minutes' worth. */
  readonly full: boolean;
  /** Which of the two, in words, for whoever reads the figures. */
  readonly kindOfRun: string;
  /** So many connectors: the goal's number in a full run, the other in a short one; or what the command line says. */
  readonly size: (full: number, short: number) => number;
  readonly runs: (full: number, short: number) => number;
  /** Times of creates, for the chart. */
  readonly points: Point[];
  readonly say: (text: string) => void;
}

export interface BenchSettings {
  readonly engine: string | undefined;
  readonly full: boolean;
  readonly n: number | undefined;
  readonly runs: number | undefined;
}

export async function openBench({ engine, full, n, runs }: BenchSettings): Promise<Bench> {
  return {
    engine: selectEngine(engine),
    sandbox: await startSandboxProcess(),
    full,
    kindOfRun:
      (n ?? runs)
        ? "trial run with N or runs of one's choice"
        : full
          ? "full run"
          : "short run: smaller N than the goals speak of",
    size: (whole, short) => n ?? (full ? whole : short),
    runs: (whole, short) => runs ?? (full ? whole : short),
    points: [],
    say: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** What a project deploys. */
export interface Content {
  readonly kind: Kind;
  readonly vendor: VendorName;
  readonly definitions: Definitions;
}

/** A project and its stack. */
export interface Project {
  readonly stack: Stack;
  readonly folder: string;
  /** One `up` that must succeed; its seconds. */
  readonly up: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function openProject(
  bench: Bench,
  content: Content,
  config: Config = {},
): Promise<Project> {
  const folder = projectFolder(content);
  const stack = await bench.engine.stack({
    workDir: folder,
    config: { ...unlimited(bench.sandbox), ...config },
  });
  return {
    stack,
    folder,
    up: () => seconds(async () => expectOk(await stack.up({ withoutOutputs: true }))),
    close: async () => {
      await stack.remove();
      deleteTempFolder(folder);
    },
  };
}

/** A project folder in which `pulumi-connectors` is this package, as built. */
export function projectFolder({ kind, vendor, definitions }: Content): string {
  const folder = makeTempFolder("bench");
  const source = join(__dirname, "program");
  cpSync(source, folder, { recursive: true });
  linkModules(folder);
  symlinkSync(join(source, "mocked"), join(folder, "node_modules/mocked-connectors"), "junction");
  writeFileSync(
    join(folder, "program.json"),
    JSON.stringify({ kind, vendor, definitions, text: mocked(providerText(vendor)) }),
  );
  return folder;
}

/** The text of an empty resource: as long as ours, and it leads to a package that does nothing. */
export function mocked(text: string): string {
  return text.replace("pulumi-connectors/", "mocked-connectors/");
}

/** Settings that point a stack at the sandbox, with limits so high that they never set the time. */
export function unlimited({ urls }: SandboxProcess): Config {
  const limits = (vendor: VendorName): Config => ({
    [`${vendor}:apiKey`]: { secret: "key-1" },
    [`${vendor}:baseUrl`]: urls[vendor],
    [`${vendor}:requestsPerSecond`]: "100000",
    [`${vendor}:maxConcurrentRequests`]: "50",
  });
  return { ...limits("databar"), ...limits("supermetrics"), "supermetrics:teamId": TEAM };
}

/** What one deployment from nothing took, and what the vendors saw of it. */
export interface Creation {
  readonly seconds: number;
  /** Size of the state on disk, as the engine writes it. */
  readonly stateBytes: number;
  readonly calls: readonly Call[];
}

/** Deploys to an empty vendor with a new stack, and forgets both. */
export async function createAll(
  bench: Bench,
  content: Content,
  config: Config = {},
): Promise<Creation> {
  await bench.sandbox.reset();
  const project = await openProject(bench, content, config);
  try {
    const taken = await project.up();
    const n = Object.keys(content.definitions).length;
    // With settings of its own it is no case of the chart's.
    if (Object.keys(config).length === 0) {
      bench.points.push({ kind: content.kind, n, seconds: taken });
    }
    bench.say(`  ${content.kind}, N = ${n}: ${taken.toFixed(2)} s`);
    return {
      seconds: taken,
      stateBytes: (await project.stack.rawState()).length,
      calls: await bench.sandbox.calls(),
    };
  } finally {
    await project.close();
  }
}

export function expectOk(result: RunResult): RunResult {
  if (!result.ok) {
    throw new Error(`The run failed:\n${result.text.slice(-4000)}`);
  }
  return result;
}
