/** SDKs that the Pulumi CLI generates from the packages' schemas, for the hosts that are there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CliProject } from "../../harness/e2e/cli-project";
import { isOnPath } from "../../harness/engine/select";
import { packageSchema } from "../../provider/plugin/serve";
import { VENDOR_NAMES } from "../../provider/vendors/index";

jest.setTimeout(240_000);

interface PackageSchema {
  readonly types: Readonly<Record<string, unknown>>;
}

/** By language, its host and a file that the SDK of Databar has. */
const LANGUAGES = [
  ["nodejs", "pulumi-language-nodejs", "connector.ts", /readonly url: pulumi\.Output<string>/],
  ["python", "pulumi-language-python", "pulumi_databar/connector.py", /def rate_limit\(/],
  ["go", "pulumi-language-go", "databar/connector.go", /RateLimit +pulumi\.IntPtrOutput/],
] as const;

test("the schema has both resources, and aliases of the dynamic types", () => {
  const { resources } = JSON.parse(packageSchema("databar")) as {
    resources: Record<string, { aliases: unknown }>;
  };
  expect(Object.entries(resources).map(([type, { aliases }]) => [type, aliases])).toEqual([
    ["databar:index:Connector", [{ type: "pulumi-nodejs:dynamic/databar:DatabarConnector" }]],
    ["databar:index:Fleet", [{ type: "pulumi-nodejs:dynamic/databar:DatabarFleet" }]],
  ]);
});

if (isOnPath("pulumi")) {
  test.each(VENDOR_NAMES)(
    "the schema of %s is valid for Pulumi and for every language",
    async (vendor) => {
      const project = await CliProject.start({ "Pulumi.yaml": "name: e2e\nruntime: nodejs\n" }, {});
      try {
        const schema = JSON.parse(packageSchema(vendor)) as PackageSchema;
        project.write({
          "schema.json": JSON.stringify(schema),
          "wrong.json": JSON.stringify({
            ...schema,
            types: { [`${vendor}:index:Wrong`]: { type: "text" } },
          }),
        });
        await project.pulumi("schema", "check", "schema.json");
        expect((await project.run("schema", "check", "wrong.json")).ok).toBe(false);
        const plugin = `./node_modules/pulumi-connectors/plugin/${vendor}`;
        const shown = await project.pulumi("package", "get-schema", plugin);
        // The installation of the plugin's dependencies, of which there are none, follows.
        expect(JSON.parse(shown.slice(0, shown.lastIndexOf("}") + 1))).toEqual(schema);
      } finally {
        project.remove();
      }
    },
  );
}

const there = LANGUAGES.filter(([, host]) => isOnPath("pulumi") && isOnPath(host));

if (there.length > 0) {
  test(`SDKs are generated for ${there.map(([language]) => language).join(", ")}`, async () => {
    const project = await CliProject.start({ "Pulumi.yaml": "name: e2e\nruntime: nodejs\n" }, {});
    try {
      const plugin = "./node_modules/pulumi-connectors/plugin/databar";
      for (const [language, , file, holds] of there) {
        const out = join(project.folder, "sdks");
        await project.pulumi("package", "gen-sdk", plugin, "--language", language, "--out", out);
        const path = join(out, language, file);
        expect([language, existsSync(path)]).toEqual([language, true]);
        expect(readFileSync(path, "utf8")).toMatch(holds);
      }
    } finally {
      project.remove();
    }
  });
}
