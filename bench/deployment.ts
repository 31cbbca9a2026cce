/** What the processes of a deployment use. */
import { descendants, type Role, roleOf, watchProcesses } from "./processes";
import { type Bench, type Content, openProject } from "./world";

export interface Usage {
  /** The duration in seconds. */
  readonly wall: number;
  /** CPU time in seconds, by role. */
  readonly cpu: Readonly<Record<Role, number>>;
  /** Peak memory of the provider in bytes. */
  readonly peak: number;
}

/** Deploys a new stack to an empty sandbox, and removes the stack after `look`. */
export async function usageOfCreate<T>(
  bench: Bench,
  content: Content,
  look: (usage: Usage) => Promise<T>,
): Promise<T> {
  await bench.sandbox.reset();
  const project = await openProject(bench, content);
  try {
    return await look(await usageOf(bench, project.up));
  } finally {
    await project.close();
  }
}

/** @param deploy resolves with its duration in seconds. */
async function usageOf(bench: Bench, deploy: () => Promise<number>): Promise<Usage> {
  const watch = watchProcesses(50);
  const own = process.cpuUsage();
  const vendorBefore = cpuOfSandbox(bench);
  const wall = await deploy();
  const used = process.cpuUsage(own);
  const seen = watch.stop();
  const of = (role: Role): typeof seen =>
    seen.filter((each) => roleOf(each, bench.sandbox.pid) === role);
  const cpu = (role: Role): number => of(role).reduce((sum, each) => sum + each.cpu, 0);
  // The local engine runs in this process, as does the polling.
  const ours = bench.engine.name === "local" ? (used.user + used.system) / 1e6 : 0;
  return {
    wall,
    cpu: {
      program: cpu("program"),
      engine: cpu("engine") + ours,
      provider: cpu("provider"),
      vendor: cpu("vendor") - vendorBefore,
    },
    peak: Math.max(...of("provider").map((each) => each.peak)),
  };
}

/** The CPU time of the sandbox so far. */
function cpuOfSandbox(bench: Bench): number {
  const found = descendants();
  return found.find(({ pid }) => pid === bench.sandbox.pid)?.cpu ?? 0;
}
