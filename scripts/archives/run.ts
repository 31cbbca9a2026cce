/**
 * `npm run archives [-- --out FOLDER]`: writes a release archive for each native package and their
 * checksums, by default to `archives/`.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { VENDOR_NAMES } from "../../provider/vendors/index";
import { writeArchive } from "./archive";

async function main(): Promise<void> {
  const { out } = parseArgs({ options: { out: { type: "string", default: "archives" } } }).values;
  const paths = [];
  for (const vendor of VENDOR_NAMES) {
    paths.push(await writeArchive(vendor, out));
  }
  const sums = join(out, "SHA256SUMS");
  writeFileSync(sums, paths.map((path) => `${sha256(path)}  ${basename(path)}\n`).join(""));
  process.stdout.write([...paths, sums].map((path) => `${path}\n`).join(""));
}

/** As `sha256sum --check` and `pulumi plugin install --checksum` read it. */
function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
