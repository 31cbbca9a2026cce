/**
 * Runs the sandbox of `npm run soak` in its own process, with a fault on every fortieth request.
 * Ends with its parent.
 */
import { startSandbox } from "../../provider/sandbox";
import { FAULTS } from "./fault-matrix";

/** Requests per fault. The rows of the matrix rotate. */
const EVERY = 40;

/** The base URLs of the vendors. */
export interface Addresses {
  readonly databar: string;
  readonly supermetrics: string;
}

/** The counts since the start, sent as the reply to any message. */
export interface Traffic {
  readonly requests: number;
  readonly faults: number;
}

async function serve(): Promise<void> {
  const sandbox = await startSandbox();
  const vendors = [sandbox.databar, sandbox.supermetrics];
  for (const vendor of vendors) {
    FAULTS.forEach(({ fault }, row) => {
      let seen = row * EVERY;
      vendor.fault({
        ...fault,
        times: Infinity,
        when: () => (seen += 1) % (FAULTS.length * EVERY) === 0,
      });
    });
  }
  let requests = 0;
  process.on("message", () => {
    for (const { log } of vendors) {
      requests += log.length;
    }
    sandbox.clearLogs();
    process.send?.({
      requests,
      faults: sandbox.databar.faultsMet + sandbox.supermetrics.faultsMet,
    } satisfies Traffic);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({
    databar: sandbox.databar.url,
    supermetrics: sandbox.supermetrics.url,
  } satisfies Addresses);
}

void serve();
