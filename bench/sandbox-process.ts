/**
 * Runs the sandbox of `npm run bench` in its own process, so that its CPU time is separate. Ends
 * with its parent.
 */
import { startSandbox } from "../provider/sandbox";

/** The base URLs of the vendors. */
export interface Addresses {
  readonly databar: string;
  readonly supermetrics: string;
}

export type VendorName = keyof Addresses;

/**
 * Commands of the parent. `reset` removes connectors and logged requests, `clearLogs` only the
 * requests.
 */
export type Command = "calls" | "clearLogs" | "reset";

/** A logged request. Times are in milliseconds and comparable within a vendor. */
export interface Call {
  readonly vendor: VendorName;
  readonly method: string;
  readonly path: string;
  readonly time: number;
  readonly duration: number;
  readonly statusCode: number | null;
}

async function serve(): Promise<void> {
  // Supermetrics lists at most 1,000 connectors of a team. This removes the limit, to measure the
  // provider.
  const sandbox = await startSandbox({ supermetrics: { listLimit: 1_000_000 } });
  const callsOf = (vendor: VendorName): Call[] =>
    sandbox[vendor].log.map(({ method, path, time, duration, statusCode }) => ({
      vendor,
      method,
      path,
      time,
      duration: duration ?? 0,
      statusCode,
    }));
  process.on("message", (command: Command) => {
    if (command === "reset") {
      sandbox.reset();
    }
    if (command === "clearLogs") {
      sandbox.clearLogs();
    }
    process.send?.(command === "calls" ? [...callsOf("databar"), ...callsOf("supermetrics")] : []);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({
    databar: sandbox.databar.url,
    supermetrics: sandbox.supermetrics.url,
  } satisfies Addresses);
}

void serve();
