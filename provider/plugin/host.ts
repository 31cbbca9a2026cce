import { setFlagsFromString } from "node:v8";
import { exitCallbacks } from "../observe/index";
import { type VendorRuntime } from "../pulumi/provider/runtime";
import { endWithEngine } from "./ending";
import { listen } from "./server";
import { PluginService } from "./service";

/**
 * How long V8 runs a WebAssembly function before it optimizes it: here, always. The only such
 * function is undici's HTTP parser, whose optimization takes 35 MB and more CPU time than it saves.
 */
const NO_WASM_OPTIMIZATION = `--wasm-tiering-budget=${2 ** 31 - 1}`;

/**
 * Serves a vendor's package to the Pulumi engine that started this process, and prints the port.
 * The process ends with the engine.
 */
export async function host(vendor: VendorRuntime, schema: () => string): Promise<void> {
  setFlagsFromString(NO_WASM_OPTIMIZATION);
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
