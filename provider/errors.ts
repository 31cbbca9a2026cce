import { asMessage, joined, type Message } from "./message";

/**
 * Every failure at run time is a {@link ConnectorError} with a `code`. Faults in a definition are
 * not errors but {@link Diagnostic | diagnostics}, collected and reported together.
 */

/**
 * The closed set of failure kinds. `docs/errors.md` describes what a user sees and does for each.
 */
export const ERROR_CODES = [
  "unauthorized",
  "forbidden",
  "not_found",
  "conflict",
  "invalid",
  "plan_limit",
  "rate_limited",
  "unavailable",
  "timeout",
  "network",
  "unexpected_response",
  "ambiguous_create",
  "configuration",
  "cancelled",
] as const;

/** See {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** A finer distinction than the error code, for code that reacts to it. Not shown to users. */
export type ErrorReason = "response_too_large" | "another_workspace";

/** One part of a vendor's refusal that could be tied to a property of the definition. */
export interface ErrorDetail {
  /**
   * Property path in the definition, for example `headers.Accept`; empty when it concerns the
   * whole.
   */
  readonly path: string;
  /** The vendor's text about it, without values. */
  readonly message: string;
}

/** What is known of a failure besides its code and message. All parts are optional. */
export interface ConnectorErrorOptions {
  readonly reason?: ErrorReason;
  /** The third party's display name, for example `Databar`. */
  readonly vendor?: string;
  /** HTTP status of the answer, when there was one. */
  readonly statusCode?: number;
  /** The vendor's own word for the failure, for example `UNPROCESSABLE_ENTITY`. */
  readonly vendorCode?: string;
  /** The vendor's id of the request, to be named in a support case. */
  readonly requestId?: string;
  /** Whether the same call may succeed later without any change. Default: false. */
  readonly retryable?: boolean;
  /**
   * True when a write may or may not have taken effect: the request was sent and its result is
   * unknown. Default: false, which means that the request had no effect.
   */
  readonly outcomeUnknown?: boolean;
  /** Seconds that the vendor asked to wait. */
  readonly retryAfter?: number;
  /** The parts of a refusal, tied to property paths. */
  readonly details?: readonly ErrorDetail[];
  /** The error underneath; kept for debugging, never printed to users. */
  readonly cause?: unknown;
}

/** What a caller adds to an error that passes through it. */
export interface ErrorContext {
  /** Goes in front of the message. */
  readonly prefix?: Message;
  /** Goes behind the message. */
  readonly suffix?: Message;
  /** True when a write may have taken effect after all. */
  readonly outcomeUnknown?: boolean;
}

/** A failure at run time. The message starts with the code in brackets and never holds a secret. */
export class ConnectorError extends Error {
  readonly code: ErrorCode;
  readonly reason: ErrorReason | undefined;
  readonly vendor: string | undefined;
  readonly statusCode: number | undefined;
  readonly vendorCode: string | undefined;
  readonly requestId: string | undefined;
  readonly retryable: boolean;
  readonly retryAfter: number | undefined;
  readonly details: readonly ErrorDetail[];
  private text: Message;
  private isOutcomeUnknown: boolean;

  /** @param message a string counts as text from outside, and may be redacted anywhere. */
  constructor(code: ErrorCode, message: string | Message, options: ConnectorErrorOptions = {}) {
    super(
      `[${code}] ${String(message)}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "ConnectorError";
    this.code = code;
    this.text = asMessage(message);
    this.reason = options.reason;
    this.vendor = options.vendor;
    this.statusCode = options.statusCode;
    this.vendorCode = options.vendorCode;
    this.requestId = options.requestId;
    this.retryable = options.retryable ?? false;
    this.isOutcomeUnknown = options.outcomeUnknown ?? false;
    this.retryAfter = options.retryAfter;
    this.details = options.details ?? [];
  }

  /** The message without the leading code. */
  get rawMessage(): string {
    return String(this.text);
  }

  /** The same, with our own words told from text from outside. */
  get words(): Message {
    return this.text;
  }

  get outcomeUnknown(): boolean {
    return this.isOutcomeUnknown;
  }

  /**
   * Adds what only a caller knows. The error stays the same object, so that stack and cause are
   * those of the failure.
   */
  addContext({ prefix, suffix, outcomeUnknown = false }: ErrorContext): this {
    this.text = joined([...(prefix ? [prefix] : []), this.text, ...(suffix ? [suffix] : [])], "");
    this.message = `[${this.code}] ${this.rawMessage}`;
    this.isOutcomeUnknown ||= outcomeUnknown;
    return this;
  }
}

/**
 * The `code` of a system error or of a library's error, for example `ENOENT`; `unknown` without
 * one.
 */
export function errorCode(error: unknown): string {
  return typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string"
    ? error.code
    : "unknown";
}
