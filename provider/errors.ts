/**
 * Every failure that this package raises at run time is a {@link ConnectorError}; its `code` says what kind.
 * Faults in a definition are not errors but {@link Diagnostic | diagnostics}, collected and reported together.
 */

/** The closed set of failure kinds. `docs/errors.md` says for each what a user sees and does. */
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
] as const;

/** See {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One part of a vendor's refusal that could be tied to a property of the definition. */
export interface ErrorDetail {
  /** Property path in the definition, for example `headers.Accept`; empty when it concerns the whole. */
  readonly path: string;
  /** What the vendor says is wrong with it, with values taken out. */
  readonly message: string;
}

/** What is known of a failure besides its code and message. All parts are optional. */
export interface ConnectorErrorOptions {
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
   * True when a write may or may not have taken effect: the request was sent and no answer told how it ended.
   * Default: false, which means that the request had no effect.
   */
  readonly outcomeUnknown?: boolean;
  /**
   * True when the vendor's API gave this answer itself, in the form that it documents. Default: false: no answer, or one
   * that may be a gateway's, which says nothing of what the vendor did.
   */
  readonly vendorAnswered?: boolean;
  /** Seconds that the vendor asked to wait. */
  readonly retryAfter?: number;
  /** The parts of a refusal, tied to property paths. */
  readonly details?: readonly ErrorDetail[];
  /** The error underneath; kept for debugging, never printed to users. */
  readonly cause?: unknown;
}

/** A failure at run time. The message starts with the code in brackets and never holds a secret. */
export class ConnectorError extends Error {
  readonly code: ErrorCode;
  readonly vendor: string | undefined;
  readonly statusCode: number | undefined;
  readonly vendorCode: string | undefined;
  readonly requestId: string | undefined;
  readonly retryable: boolean;
  readonly outcomeUnknown: boolean;
  readonly vendorAnswered: boolean;
  readonly retryAfter: number | undefined;
  readonly details: readonly ErrorDetail[];
  /** The message without the leading code. */
  readonly rawMessage: string;

  constructor(code: ErrorCode, message: string, options: ConnectorErrorOptions = {}) {
    super(
      `[${code}] ${message}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "ConnectorError";
    this.code = code;
    this.rawMessage = message;
    this.vendor = options.vendor;
    this.statusCode = options.statusCode;
    this.vendorCode = options.vendorCode;
    this.requestId = options.requestId;
    this.retryable = options.retryable ?? false;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.vendorAnswered = options.vendorAnswered ?? false;
    this.retryAfter = options.retryAfter;
    this.details = options.details ?? [];
  }
}
