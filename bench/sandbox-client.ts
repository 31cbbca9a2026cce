import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Addresses, type Call, type Command } from "./sandbox-process";

/** The sandbox in its own process. */
export interface SandboxProcess {
  readonly pid: number;
  readonly urls: Addresses;
  /** The requests since the last `clearLogs` or `reset`. */
  readonly calls: () => Promise<readonly Call[]>;
  readonly clearLogs: () => Promise<void>;
  readonly reset: () => Promise<void>;
  readonly close: () => void;
}

export async function startSandboxProcess(): Promise<SandboxProcess> {
  const child = fork(join(__dirname, "sandbox-process.ts"));
  const [urls] = (await once(child, "message")) as [Addresses];
  const send = async (command: Command): Promise<readonly Call[]> => {
    child.send(command);
    const [answer] = (await once(child, "message")) as [readonly Call[]];
    return answer;
  };
  return {
    pid: child.pid ?? 0,
    urls,
    calls: () => send("calls"),
    clearLogs: () => send("clearLogs").then(() => undefined),
    reset: () => send("reset").then(() => undefined),
    close: () => child.disconnect(),
  };
}

/**
 * The number of requests by method and path, with `{id}` in place of identifiers:
 * `POST /v1/connectors/` → 20.
 */
export function countByOperation(calls: readonly Call[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { method, path } of calls) {
    const kind = `${method} ${path.replace(/^\/v1\/teams\/\d+\/connector_builder/, "").replace(/(\/connectors\/)[^/]+/, "$1{id}")}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
