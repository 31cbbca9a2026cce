/**
 * R9: the package works with any layout on disk.
 *
 * Installs with npm, pnpm and yarn take a minute and need the package registry, so only
 * `npm run reliability` runs them. A normal run creates the strictest layout itself and loads every
 * file of the package in it, through the provider text in a state. `test/e2e/package.test.ts`
 * deploys from a flat layout.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { startSandbox } from "../../provider/sandbox";
import { providerText } from "../../provider/pulumi/program/provider-text";
import { engineLine, expectOk, ops, type Program, sandboxConfig } from "../../harness/e2e/world";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { pack, type Packed } from "../../harness/packed";
import { THOROUGH } from "./generated-cases";
import { install, MANAGERS, project, strict } from "./package-installs";

jest.setTimeout(600_000);

let folder: string;
let packed: Packed;

beforeAll(async () => {
  folder = makeTempFolder("layouts");
  packed = await pack(folder);
});
afterAll(() => deleteTempFolder(folder));

const PROGRAM: Program = {
  scoring: {
    type: "DatabarConnector",
    args: {
      name: "Scoring",
      method: "get",
      url: "https://api.example.com/v1/score",
      rateLimit: 60,
    },
  },
};

/** Loads stored provider texts like the engine, then every other file, and prints their number. */
const SCRIPT = `
  const requireFromString = require("node:module").createRequire(require.resolve("@pulumi/pulumi"))("require-from-string");
  const [texts, files] = JSON.parse(process.argv[1]);
  (async () => {
    for (const text of texts) {
      const { inputs } = await requireFromString(text).handler().check({}, { name: "A" });
      if (inputs.name !== "A") throw new Error("check answered " + JSON.stringify(inputs));
    }
    for (const file of files) require(require("node:path").resolve("node_modules/pulumi-connectors", file));
    console.log(files.length + " files");
  })();`;

/** What runs a command or serves when it is loaded. */
const STARTS = /^(dist\/cli\/main|plugin\/\w+\/index)\.js$/;

test("R9 all files of the package load in the strictest layout, with only its declared dependencies", async () => {
  const path = await strict(folder, packed);
  const files = packed.files
    .map((file) => file.path)
    .filter((file) => file.endsWith(".js") && !STARTS.test(file));
  const texts = ["databar", "supermetrics"].map(providerText);
  const said = execFileSync(process.execPath, ["-e", SCRIPT, JSON.stringify([texts, files])], {
    cwd: path,
    encoding: "utf8",
  });
  expect(said).toBe(`${files.length} files\n`);
  expect(files.length).toBeGreaterThan(100);
  expect(
    execFileSync(process.execPath, ["node_modules/pulumi-connectors/dist/cli/main.js", "--help"], {
      cwd: path,
      encoding: "utf8",
    }),
  ).toContain("Usage: pulumi-connectors");
  for (const vendor of ["databar", "supermetrics"]) {
    const plugin = spawn(
      process.execPath,
      [`node_modules/pulumi-connectors/plugin/${vendor}/index.js`],
      { cwd: path },
    );
    const [port] = (await once(plugin.stdout.setEncoding("utf8"), "data")) as [string];
    plugin.kill("SIGKILL");
    expect(port).toMatch(/^\d+\n$/);
  }
});

if (THOROUGH) {
  test.each(MANAGERS)(
    `${engineLine}. R9 installed by $name from the registry, it deploys a connector and destroys it`,
    async ({ name, command }) => {
      const own = join(folder, name);
      mkdirSync(own);
      const path = project(own, packed, PROGRAM);
      await install(path, command(own));
      const { resolve } = createRequire(join(path, "package.json"));
      for (const module of ["pulumi-connectors", "@pulumi/pulumi"]) {
        expect(realpathSync(resolve(module)).startsWith(realpathSync(path))).toBe(true);
      }

      const sandbox = await startSandbox({ databar: { plan: { rateLimit: 10 } } });
      const stack = await selectEngine().stack({ workDir: path, config: sandboxConfig(sandbox) });
      try {
        const up = expectOk(await stack.up());
        expect(sandbox.databar.connectors.map((connector) => connector.name)).toEqual(["Scoring"]);
        // Logged through the engine, which needs dependencies of Pulumi's SDK.
        expect(up.diagnostics).toContainEqual(
          expect.objectContaining({
            severity: "warning",
            message: expect.stringContaining("rateLimit is 10, not 60") as string,
          }),
        );
        expect(ops(expectOk(await stack.refresh()))).toEqual({ scoring: "same" });
        expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "same" });
        expectOk(await stack.destroy());
        expect(sandbox.databar.connectors).toEqual([]);
      } finally {
        await stack.remove();
        await sandbox.close();
      }
    },
  );
}
