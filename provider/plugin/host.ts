import { exitCallbacks } from "../observe/index";
import { type VendorRuntime } from "../pulumi/provider/runtime";
import { endWithEngine } from "./ending";
import { listen } from "./server";
import { PluginService } from "./service";

/**
 * Serves a vendor's package to the Pulumi engine that started this process, and prints the port.
 * The process ends with the engine.
 */
export async function host(vendor: VendorRuntime, schema: () => string): Promise<void> {
  const service = new PluginService(vendor, schema);
  const server = await listen(service);
  endWithEngine({
    cancel: () => service.cancel(),
    finish: async () => {
      await service.idle();
      await server.finish();
      await exitCallbacks.finish();
    },
  });
  process.stdout.write(`${server.port}\n`);
}
