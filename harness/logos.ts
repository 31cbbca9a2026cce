import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileDigest } from "../provider/model/field";
import { describeLogo } from "../provider/vendors/supermetrics/logo";

/** The smallest text that counts as a PNG file. */
export const PNG = Buffer.from("89504e470d0a1a0a00", "hex");

let folder: string | undefined;

/** A logo as inputs hold it, once the file is there. */
export function logoOf(name: string, content: Buffer): FileDigest {
  folder ??= mkdtempSync(join(tmpdir(), "logos-"));
  writeFileSync(join(folder, name), content);
  const logo = describeLogo(join(folder, name));
  if ("fault" in logo) {
    throw new Error(logo.fault);
  }
  return logo;
}

/** For `afterAll`. */
export function removeLogos(): void {
  if (folder !== undefined) {
    rmSync(folder, { recursive: true });
  }
  folder = undefined;
}
