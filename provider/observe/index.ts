/** A log of requests, and messages while a client waits. */
import { type HttpObserver } from "../http";
import { ExitCallbacks } from "./exit-callbacks";
import { type Log, openLog, readLogSettings } from "./log";
import { requestRecord } from "./record";
import { type Notifier, type VendorNames, Watcher } from "./watcher";

export type { Notifier } from "./watcher";

/** Of this process. */
export const exitCallbacks = new ExitCallbacks(process);
const logs = new Map<string, Log | undefined>();

/** Runs a callback when this process ends; it may take a second. */
export function atExit(callback: () => Promise<void>): void {
  exitCallbacks.add(callback);
}

/**
 * The observer of a vendor's client: logs requests if the environment asks for that, reports from
 * time to time what the client waits for, and sums up at the end of the process.
 */
export function watch(
  names: VendorNames,
  notifier: Notifier,
  environment: NodeJS.ProcessEnv = process.env,
): HttpObserver {
  const log = sharedLog(environment, notifier);
  const { onBusy } = new Watcher(names, notifier, log, exitCallbacks);
  return { onBusy, ...(log && { onAttempt: (event) => log.write(requestRecord(event)) }) };
}

/** One log, and one warning about its settings, for all clients of a process. */
function sharedLog(environment: NodeJS.ProcessEnv, notifier: Notifier): Log | undefined {
  const settings = readLogSettings(environment);
  const key = JSON.stringify(settings);
  if (!logs.has(key)) {
    logs.set(
      key,
      openLog(settings, (message) => notifier.warn(message), notifier.log),
    );
  }
  return logs.get(key);
}
