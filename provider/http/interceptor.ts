import { type ConnectorError } from "../errors";
import { type Redact } from "./redact/redact";
import { type Bounds } from "./bounds";
import { type HttpMethod, type Purpose } from "./types";

/** A request as it goes on the wire; the same bytes in every attempt. */
export interface EncodedRequest {
  readonly method: HttpMethod;
  /** The path without the query: the part that messages may name. */
  readonly path: string;
  /** The path with the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/**
 * Where an attempt is: in the queue for the concurrency limit, in the queue for the rate limit, or
 * in flight.
 */
export type Stage = "concurrency" | "rate" | "inFlight";

/** Tracks an attempt through the queues. */
export interface AttemptTracker {
  /** The attempt enters a stage, or ends (`undefined`). */
  enter(stage: Stage | undefined): void;
  /** How long it queued, in milliseconds; 0 before it is in flight. */
  readonly queuedMs: number;
}

/** One attempt of one operation, passed from interceptor to interceptor. */
export interface Call {
  readonly vendor: string;
  readonly origin: string;
  /** Of the settings that messages name; may be empty. */
  readonly namespace: string;
  readonly request: EncodedRequest;
  readonly maxResponseBytes: number;
  readonly purpose?: Purpose;
  /** 1 for the first. */
  readonly attempt: number;
  /** Shared by all attempts of the operation. */
  readonly budget: Budget;
  /** Removes the credential and the request's sensitive values from a text. */
  readonly redact: Redact;
  /** Aborts when the attempt's deadline passes; the reason is the deadline in milliseconds. */
  readonly signal?: AbortSignal;
  readonly tracker?: AttemptTracker;
  /** What bounds the work that makes the request. */
  readonly bounds?: Bounds | undefined;
  /** Called when the attempt's turn has come. */
  readonly goesOut?: () => void;
  /** Called right before the first byte of the request is written. */
  readonly onSent?: () => void;
}

/** An answer as read from the wire. */
export interface Reply {
  readonly statusCode: number;
  /** Lower-case names; no prototype. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The attempt that got this answer. */
  readonly attempt: number;
  /** After a 429: for how many milliseconds all requests of the client pause. */
  readonly pause?: number;
  /** Whether an earlier attempt of this write may have taken effect. */
  readonly outcomeUnknown?: boolean;
}

/** How an attempt ended. */
export type Outcome =
  | { readonly reply: Reply; readonly error?: undefined }
  | { readonly error: ConnectorError; readonly reply?: undefined };

/** Sends one attempt. Rejects with a {@link ConnectorError}. */
export type Send = (call: Call) => Promise<Reply>;

/** One behaviour around {@link Send}. */
export type Interceptor = (next: Send) => Send;

/** Puts interceptors in front of a transport, the first outermost. */
export function compose(interceptors: readonly Interceptor[], transport: Send): Send {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), transport);
}

/**
 * The time that one operation may use, in milliseconds: its attempts and the waits between them.
 * Time in the queue is not charged, so that operations do not fail because there are many of them.
 * A 429 is charged only while every answer to any operation of the client is a 429.
 */
export class Budget {
  private spent = 0;

  /** @param refusedFor for how long every answer has been a 429, in milliseconds. */
  constructor(
    readonly total: number,
    private readonly refusedFor: () => number = () => 0,
  ) {}

  charge(ms: number): void {
    this.spent += ms;
  }

  /** What an operation may still wait for its next attempt. Never negative. */
  remaining(): number {
    return Math.max(0, this.total - this.spent - this.refusedFor());
  }

  /** What an attempt may take: its answer may end the time of refusals. Never negative. */
  unspent(): number {
    return Math.max(0, this.total - this.spent);
  }
}
