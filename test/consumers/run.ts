/**
 * `npm run consumers`: tests the packed package in all kinds of user projects, with all package
 * managers.
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
import { installProject, KINDS, type Wanted } from "./project";
import { sdkVersions } from "./sdk";

const USAGE = `Usage: npm run consumers -- [options]

Packs the built package, installs it in small projects, and deploys each to the sandbox: create, no change, drift and
its repair, destroy. Needs npm's registry. Each option can be repeated. Default: all.

  --manager  ${MANAGERS.map(({ name }) => name).join(", ")}
  --kind     ${KINDS.join(", ")}
  --engine   local, pulumi (default: local, and pulumi if it is on PATH)
  --sdk      a version of @pulumi/pulumi (default: the newest for this Node.js, and, with npm, also the oldest)
  --help     print this
`;

interface Options {
  readonly managers: readonly Manager[];
  readonly kinds: readonly string[];
  readonly engines: readonly string[];
  readonly sdks: readonly string[];
}

async function main(args: readonly string[]): Promise<void> {
  const options = parse(args);
  if (options === undefined) {
    return;
  }
  const folder = makeTempFolder("consumers");
  try {
    const packed = await pack(folder);
    await unpack(folder, packed, join(folder, "packed"));
    const tarball = join(folder, packed.filename);
    await runStep("package: entry points and types", async () => {
      const problems = await packageProblems(tarball);
      if (problems.length > 0) {
        throw new Error(problems.join("\n"));
      }
    });
    const { oldest, newest } = await sdkVersions();
    const sdksOf = (manager: Manager): readonly string[] =>
      options.sdks.length > 0
        ? options.sdks
        : manager === MANAGERS[0]
          ? [newest, oldest]
          : [newest];
    for (const manager of options.managers) {
      for (const sdk of sdksOf(manager)) {
        for (const kind of options.kinds) {
          await testProject(
            join(folder, `${manager.name}-${sdk}-${kind}`),
            manager,
            kind,
            { tarball, unpacked: join(folder, "packed/pulumi-connectors"), sdk },
            options.engines,
          );
        }
      }
    }
  } finally {
    deleteTempFolder(folder);
  }
}

/** Tests one project on every engine. */
async function testProject(
  folder: string,
  manager: Manager,
  kind: string,
  wanted: Wanted,
  engines: readonly string[],
): Promise<void> {
  const name = `${manager.name}, ${kind}, @pulumi/pulumi ${wanted.sdk}`;
  mkdirSync(folder);
  const installed = await runStep(`${name}: install`, () =>
    installProject(folder, kind, manager, wanted),
  );
  if (installed) {
    for (const engine of engines) {
      await runStep(`${name}: ${engine}`, () => deploy(folder, engine));
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
        manager: several,
        kind: several,
        engine: several,
        sdk: several,
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
    const engines = chosen(
      values.engine,
      selectEngine("").name === "pulumi" ? ["local", "pulumi"] : ["local"],
    );
    return {
      managers: MANAGERS.filter(({ name }) => managers.includes(name)),
      kinds: chosen(values.kind, KINDS),
      engines,
      sdks: values.sdk,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

function chosen(given: readonly string[], known: readonly string[]): readonly string[] {
  const wrong = given.find((each) => !known.includes(each));
  if (wrong !== undefined) {
    throw new Error(`${wrong} is none of ${known.join(", ")}.`);
  }
  return given.length === 0 ? known : given;
}

void main(process.argv.slice(2));
