import { endWithOutput } from "../pulumi/provider/orphan";
import { type VendorRuntime } from "../pulumi/provider/runtime";
import { listen } from "./server";
import { PluginService } from "./service";

/** How often the process looks whether the engine that started it is still there, in milliseconds. */
const LOOK_EVERY = 1_000;

/**
 * Serves a vendor's package to the Pulumi engine that started this process, and prints the port.
 * The process ends with the engine.
 */
export async function host(vendor: VendorRuntime, schema: () => string): Promise<void> {
  const { port } = await listen(new PluginService(vendor, schema));
  endWithEngine();
  process.stdout.write(`${port}\n`);
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
