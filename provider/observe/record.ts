import { type AttemptEvent, type HttpClientStats, type WaitCause, type WaitStatus } from "../http";

/** A record of the log. Times are in milliseconds. The names of its fields are public. */
export type LogRecord = RequestRecord | WaitingRecord | SummaryRecord;

/** One attempt of one call. */
export interface RequestRecord extends Omit<AttemptEvent, "purpose"> {
  readonly event: "request";
  readonly verb?: string;
  readonly connector?: string;
}

/** What a client waits for, at growing intervals. */
export interface WaitingRecord {
  readonly event: "waiting";
  readonly time: number;
  readonly vendor: string;
  readonly cause: WaitCause;
  readonly queued: number;
  readonly underWay: number;
  readonly repeating: number;
  readonly oldestMs: number;
  readonly pauseMs: number;
}

/** What a client did, at the end of the process. */
export interface SummaryRecord {
  readonly event: "summary";
  readonly time: number;
  readonly vendor: string;
  readonly calls: number;
  readonly requests: number;
  readonly repeated: number;
  /** By the clock, while an operation was open. */
  readonly busyMs: number;
  /** By the clock, for each cause of a wait. */
  readonly heldMs: Readonly<Record<WaitCause, number>>;
}

/** In the order in which a person reads. */
export function requestRecord({
  time,
  vendor,
  purpose,
  method,
  path,
  statusCode,
  ...rest
}: AttemptEvent): RequestRecord {
  return {
    event: "request",
    time,
    vendor,
    verb: purpose?.verb,
    connector: purpose?.target,
    method,
    path,
    statusCode,
    ...rest,
  };
}

export function waitingRecord(
  vendor: string,
  time: number,
  { cause, queued, inFlight, retrying, oldestMs, pauseMs }: WaitStatus,
): WaitingRecord {
  return {
    event: "waiting",
    time,
    vendor,
    cause,
    queued,
    underWay: inFlight,
    repeating: retrying,
    oldestMs,
    pauseMs,
  };
}

export function summaryRecord(
  vendor: string,
  time: number,
  { calls, attempts, retries, busyMs, waitMs }: HttpClientStats,
): SummaryRecord {
  return {
    event: "summary",
    time,
    vendor,
    calls,
    requests: attempts,
    repeated: retries,
    busyMs,
    heldMs: waitMs,
  };
}

/**
 * A record as a line of a file: a JSON object that begins with the time as ISO 8601 and the process
 * id.
 */
export function jsonLine({ event, time, ...rest }: LogRecord): string {
  const roundNumbers = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Math.round(value) : value;
  return `${JSON.stringify({ time: new Date(time).toISOString(), pid: process.pid, event, ...rest }, roundNumbers)}\n`;
}

/**
 * A request as a line for people:
 * `14:03:22.123 Databar PUT /v1/connectors/42 503 12 ms (update "Scoring", attempt 2, request r-1)`.
 */
export function textLine({
  time,
  vendor,
  method,
  path,
  statusCode,
  durationMs,
  verb,
  connector,
  attempt,
  queuedMs,
  requestId,
  code,
}: RequestRecord): string {
  const details = [
    verb && `${verb}${connector === undefined ? "" : ` ${JSON.stringify(connector)}`}`,
    attempt > 1 && `attempt ${attempt}`,
    queuedMs >= 1 && `queued ${Math.round(queuedMs)} ms`,
    requestId !== undefined && `request ${requestId}`,
    code,
  ].filter(Boolean);
  const line = `${new Date(time).toISOString().slice(11, 23)} ${vendor} ${method} ${path} ${statusCode ?? "no answer"} ${Math.round(durationMs)} ms${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
  return line.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}
