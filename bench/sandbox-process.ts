/** The sandbox of `npm run bench`, in a process of its own, so that its work is not the engine's. Ends with its parent. */
import { startSandbox } from "../provider/sandbox";

/** Where the vendors are. */
export interface Addresses {
  readonly databar: string;
  readonly supermetrics: string;
}

export type VendorName = keyof Addresses;

/** What the parent may ask for. `reset` forgets connectors and requests, `forget` the requests alone. */
export type Question = "calls" | "forget" | "reset";

/** One request as it arrived; times in milliseconds, those of one vendor comparable with each other. */
export interface Call {
  readonly vendor: VendorName;
  readonly method: string;
  readonly path: string;
  readonly time: number;
  readonly duration: number;
  readonly statusCode: number | null;
}

async function serve(): Promise<void> {
  // Supermetrics lists at most 1,000 connectors of a team. What is measured here is the provider, so nothing is cut.
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
  process.on("message", (question: Question) => {
    if (question === "reset") {
      sandbox.reset();
    }
    if (question === "forget") {
      sandbox.clearLogs();
    }
    process.send?.(question === "calls" ? [...callsOf("databar"), ...callsOf("supermetrics")] : []);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({
    databar: sandbox.databar.url,
    supermetrics: sandbox.supermetrics.url,
  } satisfies Addresses);
}

void serve();
