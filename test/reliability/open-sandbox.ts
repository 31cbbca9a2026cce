/** Sandboxes whose faults are counted. */
import { type Sandbox, type SandboxOptions } from "../../provider/sandbox";
import { closeWorlds as close, openSandbox as open } from "../../harness/worlds";
import { countFaults } from "./run-counts";

const opened: Sandbox[] = [];

/** A sandbox of the test's own, closed by {@link closeWorlds}. */
export async function openSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await open(options);
  opened.push(sandbox);
  return sandbox;
}

/** Closes what the test that just ended has opened. */
export async function closeWorlds(): Promise<void> {
  opened.splice(0).forEach(countFaults);
  await close();
}
