/** `npm run consumers`: the packed package in projects of its users' kinds, under their package managers. */
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

Packs what is built, installs it in small projects, and deploys each against the sandbox: create, no change, drift and
its repair, destroy. Needs npm's registry. Each option may be given several times; default: all.

  --manager  ${MANAGERS.map(({ name }) => name).join(", ")}
  --kind     ${KINDS.join(", ")}
  --engine   local, pulumi (default: local, and pulumi if it is on PATH)
  --sdk      a version of @pulumi/pulumi (default: with every manager the newest for this Node, with npm the smallest too)
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
    await told("package: entry points and types", async () => {
      const problems = await packageProblems(tarball);
      if (problems.length > 0) {
        throw new Error(problems.join("\n"));
      }
    });
    const { smallest, newest } = await sdkVersions();
    const sdksOf = (manager: Manager): readonly string[] =>
      options.sdks.length > 0
        ? options.sdks
        : manager === MANAGERS[0]
          ? [newest, smallest]
          : [newest];
    for (const manager of options.managers) {
      for (const sdk of sdksOf(manager)) {
        for (const kind of options.kinds) {
          await consume(
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

/** One project, on every engine. */
async function consume(
  folder: string,
  manager: Manager,
  kind: string,
  wanted: Wanted,
  engines: readonly string[],
): Promise<void> {
  const name = `${manager.name}, ${kind}, @pulumi/pulumi ${wanted.sdk}`;
  mkdirSync(folder);
  const installed = await told(`${name}: install`, () =>
    installProject(folder, kind, manager, wanted),
  );
  if (installed) {
    for (const engine of engines) {
      await told(`${name}: ${engine}`, () => deploy(folder, engine));
    }
  }
  deleteTempFolder(folder);
}

/** Does a part, says how it went and how long it took, and remembers a failure. */
async function told(name: string, part: () => Promise<void>): Promise<boolean> {
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

/** Undefined when there is nothing to do but to print. */
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
