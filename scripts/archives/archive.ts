import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type VendorName } from "../../provider/vendors/resources";
import { packageVersion } from "../../provider/version";
import { bundle } from "./bundle";
import { licenses } from "./licenses";
import { tarGz } from "./tar";

const ROOT = resolve(__dirname, "../..");

/** The file name of a package's release archive. */
export function archiveName(vendor: VendorName): string {
  return `pulumi-resource-${vendor}-v${packageVersion()}.tar.gz`;
}

/**
 * Writes the release archive of a vendor's package, which `pulumi plugin install --file` takes: a
 * program that needs Node.js and nothing else. Resolves with its path.
 */
export async function writeArchive(vendor: VendorName, folder: string): Promise<string> {
  const { code, packages } = await bundle(vendor);
  const program = `pulumi-resource-${vendor}`;
  const manifest = { name: program, version: packageVersion(), private: true, type: "commonjs" };
  const archive = tarGz([
    { path: program, content: code, executable: true },
    // On Windows, the engine starts programs of this name.
    { path: `${program}.cmd`, content: readFileSync(join(ROOT, `bin/${program}.cmd`), "utf8") },
    // Without it, Node.js would take the type of modules from a folder further up.
    { path: "package.json", content: `${JSON.stringify(manifest, undefined, 2)}\n` },
    { path: "LICENSE", content: readFileSync(join(ROOT, "LICENSE"), "utf8") },
    { path: "THIRD-PARTY-LICENSES", content: `${licenses(packages)}\n` },
  ]);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, archiveName(vendor));
  writeFileSync(path, archive);
  return path;
}
