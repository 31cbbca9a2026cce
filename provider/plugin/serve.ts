import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VENDORS } from "../vendors/index";
import { type VendorName } from "../vendors/resources";
import { endWithOutput } from "../pulumi/provider/orphan";
import { listen } from "./server";
import { PluginService } from "./service";

/** How often the process looks whether the engine that started it is still there, in milliseconds. */
const LOOK_EVERY = 1_000;

/**
 * Serves a vendor's package to the Pulumi engine that started this process, and prints the port.
 * The process ends with the engine.
 */
export async function serve(vendor: VendorName): Promise<void> {
  const service = new PluginService(VENDORS[vendor].runtime(), () => packageSchema(vendor));
  const { port } = await listen(service);
  endWithEngine();
  process.stdout.write(`${port}\n`);
}

/** The package's schema, as `npm run generate` writes it. */
export function packageSchema(vendor: VendorName): string {
  return readFileSync(join(__dirname, `../../plugin/${vendor}/schema.json`), "utf8");
}

/** The engine of a CLI that was killed ends no provider: without a client, it would go on for ever. */
function endWithEngine(self: NodeJS.Process = process): void {
  endWithOutput(self);
  const parent = self.ppid;
  setInterval(() => {
    if (self.ppid !== parent) {
      self.exit(1);
    }
  }, LOOK_EVERY).unref();
}
