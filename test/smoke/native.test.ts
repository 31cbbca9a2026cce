/**
 * The programs of the native packages: in the npm package, and in their release archives, unpacked
 * in an empty folder, without node_modules.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { PluginClient } from "../../harness/plugin/client";
import { PluginProcess } from "../../harness/plugin/process";
import { packageSchema } from "../../provider/plugin/serve";
import { VENDOR_NAMES } from "../../provider/vendors/index";
import { type VendorName } from "../../provider/vendors/resources";
import { packageVersion } from "../../provider/version";
import { archiveName, writeArchive } from "../../scripts/archives/archive";
import { bundle } from "../../scripts/archives/bundle";
import { licenses } from "../../scripts/archives/licenses";

let folder: string;

beforeEach(() => void (folder = makeTempFolder("archives")));
afterEach(() => deleteTempFolder(folder));

/** Unpacks an archive as a person would, and returns its folder. */
function unpacked(archive: string): string {
  const empty = join(folder, "empty");
  mkdirSync(empty);
  // Without paths: some tars take what is before a colon for the name of a machine.
  execFileSync("tar", ["-xzf", `../${basename(archive)}`], { cwd: empty });
  return empty;
}

/** Starts a provider, and expects that it answers with its version and schema. */
async function expectServed(vendor: VendorName, program: string, cwd: string): Promise<void> {
  const provider = await PluginProcess.start(program, cwd);
  const client = PluginClient.connect(vendor, provider.port);
  try {
    expect(await client.version()).toBe(packageVersion());
    expect(JSON.parse(await client.schema())).toEqual(JSON.parse(packageSchema(vendor)));
  } finally {
    client.close();
    await provider.stop();
  }
}

test.each(VENDOR_NAMES)("the npm package's program of %s starts in any folder", (vendor) =>
  expectServed(vendor, join(__dirname, `../../bin/pulumi-resource-${vendor}`), folder),
);

describe.each(VENDOR_NAMES)("the release archive of %s", (vendor) => {
  test("holds a provider that starts by itself, and answers with its version and schema", async () => {
    const archive = await writeArchive(vendor, folder);
    const empty = unpacked(archive);
    const program = `pulumi-resource-${vendor}`;
    expect([basename(archive), readdirSync(empty).sort()]).toEqual([
      `pulumi-resource-${vendor}-v${packageVersion()}.tar.gz`,
      ["LICENSE", "THIRD-PARTY-LICENSES", "package.json", program, `${program}.cmd`],
    ]);
    await expectServed(vendor, join(empty, program), empty);
  });

  test("keeps the license of every package that it contains", async () => {
    const empty = unpacked(await writeArchive(vendor, folder));
    const texts = readFileSync(join(empty, "THIRD-PARTY-LICENSES"), "utf8");
    const { packages } = await bundle(vendor);
    expect(packages).toEqual(
      expect.arrayContaining(["node_modules/@grpc/grpc-js", "node_modules/undici"]),
    );
    for (const path of packages) {
      expect(texts).toContain(`${path.replace("node_modules/", "")} `);
    }
    expect(texts).toContain("Copyright (c) Matteo Collina and Undici contributors");
  });

  test("has the same bytes each time", async () => {
    const [once, again] = await Promise.all(
      ["one", "other"].map((name) => writeArchive(vendor, join(folder, name))),
    );
    expect([dirname(once!), dirname(again!)]).toEqual([join(folder, "one"), join(folder, "other")]);
    expect(readFileSync(once!).equals(readFileSync(again!))).toBe(true);
  });
});

test("docs/native.md installs the archive of this version", () =>
  expect(readFileSync(join(__dirname, "../../docs/native.md"), "utf8")).toContain(
    `pulumi plugin install resource databar ${packageVersion()} --file ${archiveName("databar")}`,
  ));

test("a package without a license is refused", () =>
  expect(() => licenses(["plugin/databar"])).toThrow(/plugin\/databar has no license file/));
