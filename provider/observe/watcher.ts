import { type Ending } from "./ending";
import { type Log } from "./log";
import { summaryRecord } from "./record";
import { counted } from "../diagnostics";
import { type HttpClientStats, type Standstill, type WaitCause } from "../http/index";

/** Who tells the person at the deployment. */
export interface Teller {
  warn(message: string): void;
  info(message: string): void;
  /** For what is of interest now, and not afterwards. */
  progress(message: string): void;
  /** Resolves when everything said so far has arrived. */
  settled(): Promise<void>;
}

/** Work that stood still for so long in all, in milliseconds, is worth a message. The next one comes when it is twice as long. */
const FIRST = 10_000;

/** How often to look, in milliseconds. */
const LOOK = 1_000;

/** Says what a client's work stands still for while it does, and what it all came to at the end. */
export class Watcher {
  private next = FIRST;
  private timer: NodeJS.Timeout | undefined;
  private sums = false;

  constructor(
    private readonly named: Named,
    private readonly teller: Teller,
    private readonly log: Log | undefined,
    private readonly ending: Ending,
  ) {}

  /** The client goes to work. It is looked at until it has nothing to do. */
  readonly onBusy = (stats: HttpClientStats): void => {
    if (this.log) {
      this.sumUp(stats);
    }
    this.timer ??= setInterval(() => this.look(stats), LOOK).unref();
  };

  private look(stats: HttpClientStats): void {
    const held = heldIn(stats);
    if (held >= FIRST) {
      this.sumUp(stats);
    }
    if (held >= this.next) {
      this.tell(stats, held);
    }
    if (stats.open > 0) {
      return;
    }
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tell(stats: HttpClientStats, held: number): void {
    const { standstill } = stats;
    if (standstill === undefined) {
      return;
    }
    while (this.next <= held) {
      this.next *= 2;
    }
    this.teller.progress(waitingText(this.named, standstill, stats));
    this.log?.write({
      event: "waiting",
      time: Date.now(),
      vendor: this.named.vendor,
      ...standstill,
    });
  }

  private sumUp(stats: HttpClientStats): void {
    if (this.sums) {
      return;
    }
    this.sums = true;
    this.ending.add(async () => {
      this.log?.write(summaryRecord(this.named.vendor, Date.now(), stats));
      if (heldIn(stats) >= FIRST || this.log?.toFile === false) {
        this.teller.info(summaryText(this.named, stats));
      }
      await this.teller.settled();
    });
  }
}

/** How messages name a vendor and its settings. */
export interface Named {
  /** The vendor's display name. */
  readonly vendor: string;
  /** Namespace in the stack configuration. */
  readonly namespace: string;
}

/** What work stands still for now, and what was done so far: a message for whoever wonders why nothing happens. */
export function waitingText(named: Named, now: Standstill, stats: HttpClientStats): string {
  return `${named.vendor}: ${PRESENT[now.cause](now, stats, named)}. So far ${done(stats)}.`;
}

/** What was done, and how long work stood still for what. */
export function summaryText(named: Named, stats: HttpClientStats): string {
  const held = Object.entries(stats.heldMs) as [WaitCause, number][];
  const waits = held
    .filter(([, ms]) => ms >= 1000)
    .map(([cause, ms]) => `${duration(ms)} ${PAST[cause](stats, named)}`);
  return `${named.vendor}: ${done(stats)}${waits.length === 0 ? "" : `; of that time, ${waits.join(", ")}`}.`;
}

/** All time in which work stood still, in milliseconds. */
export function heldIn({ heldMs }: HttpClientStats): number {
  return Object.values(heldMs).reduce((sum, ms) => sum + ms, 0);
}

const PRESENT: Readonly<
  Record<WaitCause, (now: Standstill, stats: HttpClientStats, named: Named) => string>
> = {
  pause: ({ pauseMs }, _, { vendor }) =>
    `no request goes out for another ${duration(pauseMs)}, because ${vendor} answered that there are too many (429)`,
  rate: ({ queued }, { limits }, { namespace }) =>
    `${counted(queued, "request")} in the queue, at the limit of ${limits.requestsPerSecond} per second (${namespace}:requestsPerSecond)`,
  concurrency: ({ queued, underWay, oldestMs }, _, { namespace }) =>
    `${counted(queued, "request")} in the queue, ${underWay} under way (${namespace}:maxConcurrentRequests), the oldest of them for ${duration(oldestMs)}`,
  answer: ({ underWay, oldestMs }) =>
    `no answer to a request for ${duration(oldestMs)}, ${underWay} under way`,
  retry: ({ repeating }) => `${counted(repeating, "request")} failed and will be repeated`,
};

const PAST: Readonly<Record<WaitCause, (stats: HttpClientStats, named: Named) => string>> = {
  pause: () => "in pauses after an answer of 429",
  rate: ({ limits }, { namespace }) =>
    `at the limit of ${limits.requestsPerSecond} requests per second (${namespace}:requestsPerSecond)`,
  concurrency: ({ limits }, { namespace }) =>
    `with ${limits.maxConcurrentRequests} requests under way and others in the queue (${namespace}:maxConcurrentRequests)`,
  answer: () => "waiting for slow answers",
  retry: () => "between the failure of a request and its repetition",
};

function done({ attempts, retries, busyMs }: HttpClientStats): string {
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
