import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { providerText } from "../provider/pulumi/program/provider-text";
import { isObject } from "../provider/json";
import { linkModules } from "../harness/e2e/modules";
import { yamlProject } from "../harness/e2e/native-program";
import { type Program } from "../harness/e2e/world";
import { selectEngine } from "../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../harness/engine/temp-folder";
import { type Config, type Engine, type RunResult, type Stack } from "../harness/engine/types";
import { type Definitions } from "./definitions";
import { type Point } from "./chart";
import { type Call, type VendorName } from "./sandbox-process";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-client";
import { seconds } from "./stats";

/**
 * How a program declares connectors: `single` resources or a `fleet` of this package, `native`
 * resources of its packages in a program for Node.js or in `yaml`, a `nativeFleet`, `empty`
 * resources or an `emptyFleet` that do nothing, or dynamic resources whose code Pulumi serializes,
 * with one provider object each (`usual`) or a `shared` one.
 */
export type Kind =
  | "single"
  | "fleet"
  | "native"
  | "yaml"
  | "nativeFleet"
  | "empty"
  | "emptyFleet"
  | "usual"
  | "shared";

export const TEAM = "936506";

/** The kinds of these that the bench's engine deploys in large numbers. */
export function runnable(bench: Pick<Bench, "engine">, kinds: readonly Kind[]): readonly Kind[] {
  const needsCli = (kind: Kind): boolean => ["native", "nativeFleet", "yaml"].includes(kind);
  return kinds.filter((kind) => bench.engine.name === "pulumi" || !needsCli(kind));
}

/** The context of all rows. */
export interface Bench {
  readonly engine: Engine;
  readonly sandbox: SandboxProcess;
  /** True for the sizes and runs of the goals; false for a short run. */
  readonly full: boolean;
  /** A description of the run for the report. */
  readonly kindOfRun: string;
  /** The number of connectors in a full or a short run, unless the command line sets it. */
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
        ? "trial run with custom N or runs"
        : full
          ? "full run"
          : "short run: smaller N than in the goals",
    size: (whole, short) => n ?? (full ? whole : short),
    runs: (whole, short) => runs ?? (full ? whole : short),
    points: [],
    say: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** The connectors of a project. */
export interface Content {
  readonly kind: Kind;
  readonly vendor: VendorName;
  readonly definitions: Definitions;
  /** Environment of the deployments. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A project and its stack. */
export interface Project {
  readonly stack: Stack;
  readonly folder: string;
  /** Runs `up`, which must succeed, and returns its duration in seconds. */
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
    up: () =>
      seconds(async () => expectOk(await stack.up({ withoutOutputs: true, env: content.env }))),
    close: async () => {
      await stack.remove();
      deleteTempFolder(folder);
    },
  };
}

/** Creates a project folder that uses the built package. */
export function projectFolder(content: Omit<Content, "env">): string {
  const { kind, vendor, definitions } = content;
  const folder = makeTempFolder("bench");
  const source = join(__dirname, "program");
  cpSync(source, folder, { recursive: true });
  linkModules(folder);
  symlinkSync(join(source, "mocked"), join(folder, "node_modules/mocked-connectors"), "junction");
  if (kind === "yaml") {
    const { resources, ...project } = JSON.parse(yamlProject(yamlProgram(content))) as Record<
      string,
      unknown
    >;
    writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify(project));
    // Of resources in Pulumi.yaml, the engine has copies of its own.
    writeFileSync(join(folder, "Main.yaml"), JSON.stringify({ resources }));
    return folder;
  }
  writeFileSync(
    join(folder, "program.json"),
    JSON.stringify({ kind, vendor, definitions, text: mocked(providerText(vendor)) }),
  );
  return folder;
}

/** The connectors of `single` in Pulumi YAML, with the same secrets. */
function yamlProgram({ vendor, definitions }: Omit<Content, "env">): Program {
  const type = vendor === "databar" ? "DatabarConnector" : "SupermetricsConnector";
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { headers, secrets, ...rest }]) => [
      name,
      {
        type,
        args: {
          ...rest,
          ...(isObject(headers) && {
            headers: { ...headers, Authorization: { $secret: headers["Authorization"] } },
          }),
          ...(isObject(secrets) && {
            secrets: Object.fromEntries(
              Object.entries(secrets).map(([key, value]) => [key, { $secret: value }]),
            ),
          }),
        },
      },
    ]),
  );
}

/** The provider text of an empty resource: of the same length, for a package that does nothing. */
export function mocked(text: string): string {
  return text.replace("pulumi-connectors/", "mocked-connectors/");
}

/** Configuration that points a stack at the sandbox, without effective rate limits. */
export function unlimited({ urls }: SandboxProcess): Config {
  const limits = (vendor: VendorName): Config => ({
    [`${vendor}:apiKey`]: { secret: "key-1" },
    [`${vendor}:baseUrl`]: urls[vendor],
    [`${vendor}:requestsPerSecond`]: "100000",
    [`${vendor}:maxConcurrentRequests`]: "50",
  });
  return { ...limits("databar"), ...limits("supermetrics"), "supermetrics:teamId": TEAM };
}

/** The results of one deployment to an empty sandbox. */
export interface Creation {
  readonly seconds: number;
  /** Size of the state as the engine writes it. */
  readonly stateBytes: number;
  readonly calls: readonly Call[];
}

/** Deploys a new stack to an empty sandbox and removes the stack. */
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
    // The chart has only deployments with the default settings.
    if (Object.keys(config).length === 0 && content.env === undefined) {
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
