/** Where the events of the HTTP stack go: a log of requests, and words for the person at the deployment. */
import { type HttpObserver } from "../http";
import { Ending } from "./ending";
import { type Log, openLog, readLogSettings } from "./log";
import { requestRecord } from "./record";
import { type Named, type Teller, Watcher } from "./watcher";

export type { Teller } from "./watcher";

const ending = new Ending(process);
const logs = new Map<string, Log | undefined>();

/**
 * What watches the client of a vendor: it logs requests if the environment asks for that, says now and then what work
 * stands still for, and sums up when the process ends.
 */
export function watch(
  named: Named,
  teller: Teller,
  environment: NodeJS.ProcessEnv = process.env,
): HttpObserver {
  const log = sharedLog(environment, teller);
  const { onBusy } = new Watcher(named, teller, log, ending);
  return { onBusy, ...(log && { onAttempt: (event) => log.write(requestRecord(event)) }) };
}

/** One log, and one word of what is wrong with it, for all clients of a process. */
function sharedLog(environment: NodeJS.ProcessEnv, teller: Teller): Log | undefined {
  const settings = readLogSettings(environment);
  const key = JSON.stringify(settings);
  if (!logs.has(key)) {
    logs.set(
      key,
      openLog(settings, (message) => teller.warn(message)),
    );
  }
  return logs.get(key);
}
