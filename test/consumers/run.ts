/**
 * `npm run consumers`: tests the packed package in all kinds of user projects, with all package
 * managers and the ends of the supported versions.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { pack, unpack } from "../../harness/packed";
import { deploy } from "./deploy";
import { type Manager, MANAGERS } from "./managers";
import { packageProblems } from "./package-checks";
import { NODES, OWN_NODE, runOnNode } from "./nodes";
import { addSdks, FLEET, isNative, missingTools } from "./native";
import { installProject, KINDS, TYPESCRIPTS, usesTypescript, type Wanted } from "./project";
import { sdkVersions } from "./sdk";

const USAGE = `Usage: npm run consumers -- [options]

Packs the built package, installs it in small projects, and deploys each to the sandbox: create, no change, drift and
its repair, destroy. Prints a line for each. Needs npm's registry. Each option can be repeated. Default: all.
The kinds native-*, together "native", use the native packages, with npm and the newest SDK. They need the Pulumi CLI,
its host for the language, and the language's tools and registry; without the tools they are skipped.

  --node        ${NODES.join(", ")}; for others than this one, with npm only
  --manager     ${MANAGERS.map(({ name }) => name).join(", ")}
  --kind        ${KINDS.join(", ")}
  --engine      local, pulumi (default: local, and pulumi if it is on PATH)
  --sdk         a version of @pulumi/pulumi (default: the newest for the Node.js, and, with npm, also the oldest)
  --typescript  ${TYPESCRIPTS.join(", ")} (default: ${TYPESCRIPTS[0]}, and, with npm and the newest SDK, all)
  --help        print this
`;

interface Options {
  readonly nodes: readonly string[];
  readonly managers: readonly Manager[];
  readonly kinds: readonly string[];
  readonly engines: readonly string[];
  readonly sdks: readonly string[];
  readonly typescripts: readonly string[];
}

async function main(args: readonly string[]): Promise<void> {
  const options = parse(args);
  if (options === undefined) {
    return;
  }
  const folder = makeTempFolder("consumers");
  try {
    for (const node of options.nodes) {
      if (node === OWN_NODE) {
        await testProjects(folder, options);
      } else {
        await runStep(`Node.js ${node}: all lines above`, () =>
          runOnNode(node, join(folder, `node-${node}`), __filename, withoutNodes(args)),
        );
      }
    }
  } finally {
    deleteTempFolder(folder);
  }
}

/**
 * The arguments for another Node.js, which runs npm only and, of the native packages, the provider
 * only, unless the user chooses.
 */
function withoutNodes(args: readonly string[]): string[] {
  const others = args.filter((arg, at) => !arg.startsWith("--node") && args[at - 1] !== "--node");
  const kinds = KINDS.filter((kind) => !isNative(kind) || kind === "native-yaml");
  return [
    ...others,
    ...(others.includes("--manager") ? [] : ["--manager", "npm"]),
    ...(others.includes("--kind") ? [] : kinds.flatMap((kind) => ["--kind", kind])),
  ];
}

/** Everything that runs on this version of Node.js. */
async function testProjects(folder: string, options: Options): Promise<void> {
  const packed = await pack(folder);
  await unpack(folder, packed, join(folder, "packed"));
  const tarball = join(folder, packed.filename);
  await runStep("package: entry points and types", async () => {
    const problems = await packageProblems(tarball);
    if (problems.length > 0) {
      throw new Error(problems.join("\n"));
    }
  });
  const unpacked = join(folder, "packed/pulumi-connectors");
  for (const { manager, kind, ...versions } of cellsOf(options, await sdkVersions())) {
    const wanted = { tarball, unpacked, ...versions };
    await testProject(folder, manager, kind, wanted, options.engines);
  }
}

interface Cell {
  readonly manager: Manager;
  readonly kind: string;
  readonly sdk: string;
  readonly typescript: string;
}

/** The ends of each range with npm; the other managers with the usual versions. */
function cellsOf(
  { managers, kinds, sdks, typescripts }: Options,
  { oldest, newest }: { readonly oldest: string; readonly newest: string },
): Cell[] {
  return managers.flatMap((manager) => {
    const usual = manager === MANAGERS[0] ? [newest, oldest] : [newest];
    return (sdks.length > 0 ? sdks : usual).flatMap((sdk) => {
      const isNpm = manager === MANAGERS[0];
      const compilers =
        typescripts.length > 0
          ? typescripts
          : TYPESCRIPTS.slice(0, isNpm && sdk === newest ? undefined : 1);
      const takesNative = isNpm && (sdks.length > 0 || sdk === newest);
      const fitting = kinds.filter((kind) => takesNative || !isNative(kind));
      return fitting.flatMap((kind) =>
        (usesTypescript(kind) ? compilers : compilers.slice(0, 1)).map((typescript) => ({
          manager,
          kind,
          sdk,
          typescript,
        })),
      );
    });
  });
}

/** Tests one project on every engine. */
async function testProject(
  parent: string,
  manager: Manager,
  kind: string,
  wanted: Wanted,
  engines: readonly string[],
): Promise<void> {
  const { sdk, typescript } = wanted;
  const missing = isNative(kind) ? missingTools(kind) : [];
  if (missing.length > 0) {
    return void process.stdout.write(`skipped ${kind}: no ${missing.join(", ")} on PATH\n`);
  }
  const compiler = usesTypescript(kind) ? `, TypeScript ${typescript}` : "";
  const name = `Node.js ${OWN_NODE}, ${manager.name}, ${kind}${compiler}, @pulumi/pulumi ${sdk}`;
  const folder = join(parent, `${manager.name}-${sdk}-${kind}-${typescript}`);
  mkdirSync(folder);
  const installed = await runStep(`${name}: install`, async () => {
    await installProject(folder, kind, manager, wanted);
    await addSdks(folder, kind, join(parent, "pulumi-home"));
  });
  if (installed) {
    for (const engine of isNative(kind) ? ["pulumi"] : engines) {
      await runStep(`${name}: ${engine}`, () =>
        deploy(folder, engine, isNative(kind) ? FLEET : []),
      );
    }
  }
  deleteTempFolder(folder);
}

/** Runs a step, reports its result and duration, and records a failure. */
async function runStep(name: string, part: () => Promise<void>): Promise<boolean> {
  const start = performance.now();
  const after = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    await part();
    process.stdout.write(`ok      ${name} (${after()})\n`);
    return true;
  } catch (error) {
    process.stdout.write(
      `FAILED  ${name} (${after()})\n${indented(error instanceof Error ? error.message : String(error))}\n`,
    );
    process.exitCode = 1;
    return false;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, "        ");
}

/** Undefined if there is only text to print. */
function parse(args: readonly string[]): Options | undefined {
  const several = { type: "string", multiple: true, default: [] as string[] } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        node: several,
        manager: several,
        kind: several,
        engine: several,
        sdk: several,
        typescript: several,
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      return void process.stdout.write(USAGE);
    }
    const managers = chosen(
      values.manager,
      MANAGERS.map(({ name }) => name),
    );
    return {
      nodes: chosen(values.node, NODES),
      managers: MANAGERS.filter(({ name }) => managers.includes(name)),
      kinds: chosen(values.kind.flatMap(kindsOf), KINDS),
      engines: chosen(
        values.engine,
        selectEngine("").name === "pulumi" ? ["local", "pulumi"] : ["local"],
      ),
      sdks: values.sdk,
      typescripts: values.typescript.length > 0 ? chosen(values.typescript, TYPESCRIPTS) : [],
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** The kinds that an option names: `native` stands for all of them. */
function kindsOf(kind: string): readonly string[] {
  return kind === "native" ? KINDS.filter(isNative) : [kind];
}

function chosen(given: readonly string[], known: readonly string[]): readonly string[] {
  const wrong = given.find((each) => !known.includes(each));
  if (wrong !== undefined) {
    throw new Error(`${wrong} is none of ${known.join(", ")}.`);
  }
  return given.length === 0 ? known : given;
}

void main(process.argv.slice(2));
