import { type AttemptEvent, type HttpClientStats, type Standstill, type WaitCause } from "../http";

/** What a log can hold. Times are in milliseconds. */
export type LogRecord = RequestRecord | WaitingRecord | SummaryRecord;

/** One attempt of one call. */
export type RequestRecord = { readonly event: "request" } & Omit<AttemptEvent, "purpose"> &
  Partial<NonNullable<AttemptEvent["purpose"]>>;

/** A client whose work stands still, told at growing intervals. */
export type WaitingRecord = {
  readonly event: "waiting";
  readonly time: number;
  readonly vendor: string;
} & Standstill;

/** What a client did, told when the process ends. */
export interface SummaryRecord {
  readonly event: "summary";
  readonly time: number;
  readonly vendor: string;
  readonly calls: number;
  readonly requests: number;
  readonly repeated: number;
  /** By the clock, while anything was going on. */
  readonly busyMs: number;
  /** By the clock, by what work stood still for. */
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
  return { event: "request", time, vendor, ...purpose, method, path, statusCode, ...rest };
}

export function summaryRecord(
  vendor: string,
  time: number,
  { calls, attempts, retries, busyMs, heldMs }: HttpClientStats,
): SummaryRecord {
  return {
    event: "summary",
    time,
    vendor,
    calls,
    requests: attempts,
    repeated: retries,
    busyMs,
    heldMs,
  };
}

/** A record as a line of a file: a JSON object with the time as ISO 8601 and the process that says it, in front of the rest. */
export function jsonLine({ event, time, ...rest }: LogRecord): string {
  const whole = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Math.round(value) : value;
  return `${JSON.stringify({ time: new Date(time).toISOString(), pid: process.pid, event, ...rest }, whole)}\n`;
}

/** A request as a line for people: `14:03:22.123 Databar PUT /v1/connectors/42 503 12 ms (update "Scoring", attempt 2, request r-1)`. */
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
  return `${line.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ")}\n`;
}
