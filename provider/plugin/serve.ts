import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VENDORS } from "../vendors/index";
import { type VendorName } from "../vendors/resources";
import { host } from "./host";

/** Serves a vendor's package in this process, which the Pulumi engine started. */
export function serve(vendor: VendorName): Promise<void> {
  return host(VENDORS[vendor].runtime(), () => packageSchema(vendor));
}

/** The package's schema, as `npm run generate` writes it. */
export function packageSchema(vendor: VendorName): string {
  return readFileSync(join(__dirname, `../../plugin/${vendor}/schema.json`), "utf8");
}
