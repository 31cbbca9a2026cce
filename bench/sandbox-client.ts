import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Addresses, type Call, type Question } from "./sandbox-process";

/** Both vendors, in a process of their own. */
export interface SandboxProcess {
  readonly pid: number;
  readonly urls: Addresses;
  /** The requests since the last `forget` or `reset`. */
  readonly calls: () => Promise<readonly Call[]>;
  readonly forget: () => Promise<void>;
  readonly reset: () => Promise<void>;
  readonly close: () => void;
}

export async function startSandboxProcess(): Promise<SandboxProcess> {
  const child = fork(join(__dirname, "sandbox-process.ts"));
  const [urls] = (await once(child, "message")) as [Addresses];
  const ask = async (question: Question): Promise<readonly Call[]> => {
    child.send(question);
    const [answer] = (await once(child, "message")) as [readonly Call[]];
    return answer;
  };
  return {
    pid: child.pid ?? 0,
    urls,
    calls: () => ask("calls"),
    forget: () => ask("forget").then(() => undefined),
    reset: () => ask("reset").then(() => undefined),
    close: () => child.disconnect(),
  };
}

/** How many requests of each kind: `POST /v1/connectors/` → 20. Identifiers are left out of the paths. */
export function countByOperation(calls: readonly Call[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { method, path } of calls) {
    const kind = `${method} ${path.replace(/^\/v1\/teams\/\d+\/connector_builder/, "").replace(/(\/connectors\/)[^/]+/, "$1{id}")}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
