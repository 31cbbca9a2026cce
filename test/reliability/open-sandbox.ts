/** Opens sandboxes and counts their faults. */
import { type Sandbox, type SandboxOptions } from "../../provider/sandbox";
import { closeWorlds as close, openSandbox as open } from "../../harness/lifecycle-world";
import { countFaults } from "./run-counts";

const opened: Sandbox[] = [];

/** Opens a sandbox for a test; {@link closeWorlds} closes it. */
export async function openSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await open(options);
  opened.push(sandbox);
  return sandbox;
}

/** Closes everything that the last test has opened. */
export async function closeWorlds(): Promise<void> {
  opened.splice(0).forEach(countFaults);
  await close();
}
