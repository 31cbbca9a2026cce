import { type ConnectorError } from "../errors";
import { type HttpMethod, type Purpose } from "./types";

/** A request as it goes on the wire; the same bytes in every attempt. */
export interface EncodedRequest {
  readonly method: HttpMethod;
  /** The path without the query: the part that may be named in messages. */
  readonly path: string;
  /** The path with the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** Where an attempt is: in the queue for a place among those under way, in the queue for its turn under the rate limit, under way. */
export type Stage = "place" | "turn" | "underWay";

/** An attempt's way to its answer. */
export interface Passage {
  /** It comes to a stage; `undefined`: it is over. */
  to(stage: Stage | undefined): void;
  /** How long it queued, in milliseconds; 0 before it is under way. */
  readonly queuedMs: number;
}

/** One attempt of one operation, passed from interceptor to interceptor. */
export interface Call {
  readonly vendor: string;
  readonly origin: string;
  readonly request: EncodedRequest;
  readonly maxResponseBytes: number;
  readonly purpose?: Purpose;
  /** 1 for the first. */
  readonly attempt: number;
  /** Shared by all attempts of the operation. */
  readonly budget: Budget;
  /** Takes the credential and the request's sensitive values out of a text. */
  readonly redact: (text: string) => string;
  /** Aborts when the attempt's deadline passes; the reason is the deadline in milliseconds. */
  readonly signal?: AbortSignal;
  /** The attempt's way through the queue. */
  readonly passage?: Passage;
  /** Called right before the first byte of the request is written. */
  readonly onSent?: () => void;
  /** Called when the head of the answer is there. */
  readonly onAnswered?: () => void;
}

/** An answer as read from the wire. */
export interface Reply {
  readonly statusCode: number;
  /** Lower-case names; no prototype. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The attempt that brought it. */
  readonly attempt: number;
  /** After a 429: for how many milliseconds all users of the client pause. */
  readonly pause?: number;
  /** Whether an earlier attempt of this write may have taken effect. */
  readonly outcomeUnknown?: boolean;
}

/** How an attempt ended. */
export type Outcome =
  | { readonly reply: Reply; readonly error?: undefined }
  | { readonly error: ConnectorError; readonly reply?: undefined };

/** Sends one attempt, or whatever the interceptors in front make of it. Rejects with a {@link ConnectorError}. */
export type Send = (call: Call) => Promise<Reply>;

/** One behaviour around {@link Send}. */
export type Interceptor = (next: Send) => Send;

/** Puts interceptors in front of a transport, the first outermost. */
export function compose(interceptors: readonly Interceptor[], transport: Send): Send {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), transport);
}

/**
 * The time that one operation may use, in milliseconds: its attempts and the waits between them. Time in the queue of
 * the limiter is not charged, so that a large deployment does not fail for its size.
 */
export class Budget {
  #spent = 0;

  constructor(readonly total: number) {}

  charge(ms: number): void {
    this.#spent += ms;
  }

  /** Never negative. */
  remaining(): number {
    return Math.max(0, this.total - this.#spent);
  }
}
