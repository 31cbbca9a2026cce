/** The published package: its content, and a deployment from an empty project that uses it. */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startSandbox } from "pulumi-connectors/sandbox";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { pack, type Packed, unpack } from "../../harness/packed";
import { engineLine, expectOk, type Program, sandboxConfig } from "../../harness/e2e/world";

const ROOT = resolve(__dirname, "../..");

const PROGRAM: Program = {
  scoring: {
    type: "DatabarConnector",
    args: { name: "Scoring", method: "get", url: "https://api.example.com" },
  },
  awin: {
    type: "SupermetricsConnector",
    args: { name: "Awin", configuration: { reporting: { reportTypes: [] } } },
  },
};

// Each test runs many engine operations, which can take seconds on a busy machine.
jest.setTimeout(180_000);

let folder: string;
let packed: Packed;

beforeAll(async () => {
  folder = makeTempFolder("package");
  packed = await pack(folder);
});
afterAll(() => deleteTempFolder(folder));

describe(`${engineLine}. The package`, () => {
  test("contains the built library, its schemas, native packages, docs and examples, and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    const outside = paths.filter((path) => !/^(bin|dist|docs|examples|plugin)\//.test(path));
    expect(outside.sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "package.json",
      "plan.schema.json",
      "schema.json",
    ]);
    const tracked = execFileSync(
      "git",
      [
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "bin",
        "docs",
        "examples",
        "plugin",
      ],
      { cwd: ROOT, encoding: "utf8" },
    ).split("\n");
    expect(
      paths.filter((path) => /^(bin|docs|examples|plugin)\//.test(path) && !tracked.includes(path)),
    ).toEqual([]);
    expect(paths.filter((path) => path.startsWith("dist/") && !/\.(js|d\.ts)$/.test(path))).toEqual(
      [],
    );
    expect(paths).toEqual(
      expect.arrayContaining([
        "dist/index.js",
        "dist/index.d.ts",
        "dist/cli/main.js",
        "dist/vendors/databar/runtime.js",
        "dist/vendors/supermetrics/runtime.js",
        "dist/sandbox/index.js",
        "dist/testing/index.js",
      ]),
    );
    // Only declarations that are reachable from an exported path.
    expect(paths.filter((path) => /^dist\/cli\/.*\.d\.ts$/.test(path))).toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining([
        "dist/vendors/databar/types.d.ts",
        "dist/pulumi/program/resources.d.ts",
        "dist/sandbox/vendor-sandbox.d.ts",
      ]),
    );
    const text = paths.map((path) => readFileSync(join(ROOT, path), "utf8")).join("\n");
    expect(text).not.toContain(ROOT);
    // Every secret and key of the tests contains this word.
    expect(text).not.toMatch(/canary/i);
  });

  test("installed in an empty project, deploys a connector of each vendor, and its command runs", async () => {
    const project = await installed();
    const sandbox = await startSandbox();
    const stack = await selectEngine().stack({ workDir: project, config: sandboxConfig(sandbox) });
    try {
      const result = expectOk(await stack.up());
      expect(result.changes).toEqual({ create: 3 });
      expect(sandbox.databar.connectors).toHaveLength(1);
      expect(sandbox.supermetrics.connectors).toHaveLength(1);
      expectOk(await stack.destroy());
      expect([...sandbox.databar.connectors, ...sandbox.supermetrics.connectors]).toEqual([]);
    } finally {
      await stack.remove();
      await sandbox.close();
    }
    const manifest = JSON.parse(
      readFileSync(join(project, "node_modules/pulumi-connectors/package.json"), "utf8"),
    ) as { bin: Record<string, string> };
    const help = execFileSync(
      process.execPath,
      [
        join(project, "node_modules/pulumi-connectors", manifest.bin["pulumi-connectors"]!),
        "--help",
      ],
      { encoding: "utf8" },
    );
    expect(help).toContain("Usage: pulumi-connectors");
  });
});

/**
 * An empty project as after `npm install`, but offline: unpacks the tarball and links its
 * dependencies.
 */
async function installed(): Promise<string> {
  const project = join(folder, "project");
  cpSync(resolve(__dirname, "../../harness/e2e/program"), project, { recursive: true });
  writeFileSync(join(project, "program.json"), JSON.stringify({ resources: PROGRAM }));
  await unpack(folder, packed, join(project, "node_modules"));
  return project;
}
