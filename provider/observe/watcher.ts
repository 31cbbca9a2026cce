import { type ExitCallbacks } from "./exit-callbacks";
import { type Log } from "./log";
import { summaryRecord, waitingRecord } from "./record";
import { counted } from "../diagnostics";
import { type HttpClientStats, type WaitCause, type WaitStatus } from "../http/index";

/** Shows messages to the person who deploys. */
export interface Notifier {
  warn(message: string): void;
  info(message: string): void;
  /** Shows a message for the moment; it is not repeated at the end. */
  progress(message: string): void;
  /** Shows a line of the request log. Absent where standard error is shown, which has it then. */
  readonly log?: (line: string) => void;
  /** Resolves when all messages so far have arrived. */
  flush(): Promise<void>;
}

/**
 * The total wait after which there is a message, in milliseconds. The next one follows when the
 * wait has doubled.
 */
const FIRST_MESSAGE = 10_000;

/** In milliseconds. */
const CHECK_INTERVAL = 1_000;

/** Reports what a client waits for while it does, and a summary at the end of the process. */
export class Watcher {
  private nextMessage = FIRST_MESSAGE;
  private timer: NodeJS.Timeout | undefined;
  private hasSummary = false;

  constructor(
    private readonly names: VendorNames,
    private readonly notifier: Notifier,
    private readonly log: Log | undefined,
    private readonly exitCallbacks: ExitCallbacks,
  ) {}

  /** Watches a client until it has no more operations. */
  readonly onBusy = (stats: HttpClientStats): void => {
    if (this.log) {
      this.summarizeAtExit(stats);
    }
    this.timer ??= setInterval(() => this.check(stats), CHECK_INTERVAL).unref();
  };

  private check(stats: HttpClientStats): void {
    const waited = totalWait(stats);
    if (waited >= FIRST_MESSAGE) {
      this.summarizeAtExit(stats);
    }
    if (waited >= this.nextMessage) {
      this.report(stats, waited);
    }
    if (stats.open > 0) {
      return;
    }
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private report(stats: HttpClientStats, waited: number): void {
    const { waiting } = stats;
    if (waiting === undefined) {
      return;
    }
    while (this.nextMessage <= waited) {
      this.nextMessage *= 2;
    }
    this.notifier.progress(waitingText(this.names, waiting, stats));
    this.log?.write(waitingRecord(this.names.vendor, Date.now(), waiting));
  }

  private summarizeAtExit(stats: HttpClientStats): void {
    if (this.hasSummary) {
      return;
    }
    this.hasSummary = true;
    this.exitCallbacks.add(async () => {
      this.log?.write(summaryRecord(this.names.vendor, Date.now(), stats));
      if (this.log?.print) {
        this.log.print(summaryText(this.names, stats));
      } else if (totalWait(stats) >= FIRST_MESSAGE) {
        this.notifier.info(summaryText(this.names, stats));
      }
      await this.notifier.flush();
    });
  }
}

/** The names of a vendor and its settings in messages. */
export interface VendorNames {
  /** The vendor's display name. */
  readonly vendor: string;
  /** Namespace in the stack configuration. */
  readonly namespace: string;
}

/** What a client waits for now, and what it has done so far. */
export function waitingText(names: VendorNames, now: WaitStatus, stats: HttpClientStats): string {
  return `${names.vendor}: ${PRESENT[now.cause](now, stats, names)}. So far ${requestCount(stats)}.`;
}

/** What a client did, and how long it waited for what. */
export function summaryText(names: VendorNames, stats: HttpClientStats): string {
  const waits = (Object.entries(stats.waitMs) as [WaitCause, number][])
    .filter(([, ms]) => ms >= 1000)
    .map(([cause, ms]) => `${duration(ms)} ${PAST[cause](stats, names)}`);
  return `${names.vendor}: ${requestCount(stats)}${waits.length === 0 ? "" : `; of that time, ${waits.join(", ")}`}.`;
}

/** The time of all waits, in milliseconds. */
function totalWait({ waitMs }: HttpClientStats): number {
  return Object.values(waitMs).reduce((sum, ms) => sum + ms, 0);
}

const PRESENT: Readonly<
  Record<WaitCause, (now: WaitStatus, stats: HttpClientStats, names: VendorNames) => string>
> = {
  pause: ({ pauseMs }, _, { vendor }) =>
    `no request goes out for another ${duration(pauseMs)}, because ${vendor} answered that there are too many (429)`,
  rate: ({ queued, requestsPerSecond }, { limits }, { vendor, namespace }) =>
    requestsPerSecond < limits.requestsPerSecond
      ? `${counted(queued, "request")} in the queue, at ${Number(requestsPerSecond.toPrecision(2))} per second for now instead of ${limits.requestsPerSecond} (${namespace}:requestsPerSecond), because ${vendor} answered that there are too many (429)`
      : `${counted(queued, "request")} in the queue, at the limit of ${limits.requestsPerSecond} per second (${namespace}:requestsPerSecond)`,
  concurrency: ({ queued, inFlight, oldestMs }, _, { namespace }) =>
    `${counted(queued, "request")} in the queue, ${inFlight} under way (${namespace}:maxConcurrentRequests), the oldest of them for ${duration(oldestMs)}`,
  answer: ({ inFlight, oldestMs }) =>
    `no answer to a request for ${duration(oldestMs)}, ${inFlight} under way`,
  retry: ({ retrying }) => `${counted(retrying, "request")} failed and will be repeated`,
};

const PAST: Readonly<Record<WaitCause, (stats: HttpClientStats, names: VendorNames) => string>> = {
  pause: () => "in pauses after an answer of 429",
  rate: ({ limits }, { namespace }) =>
    `at the limit of ${limits.requestsPerSecond} requests per second (${namespace}:requestsPerSecond)`,
  concurrency: ({ limits }, { namespace }) =>
    `with ${limits.maxConcurrentRequests} requests under way and others in the queue (${namespace}:maxConcurrentRequests)`,
  answer: () => "waiting for slow answers",
  retry: () => "between the failure of a request and its repetition",
};

function requestCount({ attempts, retries, busyMs }: HttpClientStats): string {
  return `${counted(attempts, "request")} in ${duration(busyMs)}${retries === 0 ? "" : `, ${counted(retries, "repetition")} among them`}`;
}

/** `8 s`, `2 min 5 s`, `1 h 3 min`. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
