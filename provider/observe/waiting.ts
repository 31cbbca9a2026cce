import { counted } from "../diagnostics";
import { type HttpClientStats, type Standstill, type WaitCause } from "../http";

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
  const waits = held.filter(([, ms]) => ms >= 1000).map(([cause, ms]) => `${duration(ms)} ${PAST[cause](stats, named)}`);
  return `${named.vendor}: ${done(stats)}${waits.length === 0 ? "" : `; of that time, ${waits.join(", ")}`}.`;
}

/** All time in which work stood still, in milliseconds. */
export function heldIn({ heldMs }: HttpClientStats): number {
  return Object.values(heldMs).reduce((sum, ms) => sum + ms, 0);
}

const PRESENT: Readonly<Record<WaitCause, (now: Standstill, stats: HttpClientStats, named: Named) => string>> = {
  pause: ({ pauseMs }, _, { vendor }) => `no request goes out for another ${duration(pauseMs)}, because ${vendor} answered that there are too many (429)`,
  rate: ({ queued }, { limits }, { namespace }) => `${counted(queued, "request")} in the queue, at the limit of ${limits.requestsPerSecond} per second (${namespace}:requestsPerSecond)`,
  concurrency: ({ queued, underWay, oldestMs }, _, { namespace }) =>
    `${counted(queued, "request")} in the queue, ${underWay} under way (${namespace}:maxConcurrentRequests), the oldest of them for ${duration(oldestMs)}`,
  answer: ({ underWay, oldestMs }) => `no answer to a request for ${duration(oldestMs)}, ${underWay} under way`,
  retry: ({ repeating }) => `${counted(repeating, "request")} failed and will be repeated`,
};

const PAST: Readonly<Record<WaitCause, (stats: HttpClientStats, named: Named) => string>> = {
  pause: () => "in pauses after an answer of 429",
  rate: ({ limits }, { namespace }) => `at the limit of ${limits.requestsPerSecond} requests per second (${namespace}:requestsPerSecond)`,
  concurrency: ({ limits }, { namespace }) => `with ${limits.maxConcurrentRequests} requests under way and others in the queue (${namespace}:maxConcurrentRequests)`,
  answer: () => "waiting for slow answers",
  retry: () => "between the failure of a request and its repetition",
};

function done({ attempts, retries, busyMs }: HttpClientStats): string {
  return `${counted(attempts, "request")} in ${duration(busyMs)}${retries === 0 ? "" : `, ${counted(retries, "repetition")} among them`}`;
}

/** `8 s`, `2 min 5 s`, `1 h 3 min`. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
