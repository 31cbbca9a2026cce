import { ConnectorError } from "../errors";
import { own, ownText } from "../message";
import { type HttpClientOptions } from "./types";

/** Valid options with all defaults. */
export type NormalizedOptions = Required<Omit<HttpClientOptions, "credential">> &
  Pick<HttpClientOptions, "credential">;

type Setting = Exclude<
  keyof HttpClientOptions,
  "vendor" | "origin" | "credential" | "namespace" | "sensitive"
>;

const DEFAULTS: Readonly<Record<Setting, number>> = {
  requestsPerSecond: 20,
  maxConcurrentRequests: 10,
  requestTimeout: 30_000,
  operationTimeout: 120_000,
  maxAttempts: 6,
  backoff: 500,
  maxResponseBytes: 64 * 1024 * 1024,
};

const WHOLE: ReadonlySet<Setting> = new Set([
  "maxConcurrentRequests",
  "maxAttempts",
  "maxResponseBytes",
]);

/** The longest delay that Node's timers accept. */
const LARGEST = 2 ** 31 - 1;

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/**
 * Fills in the defaults. Throws `configuration` for an invalid option; never names a credential.
 */
export function normalizeOptions(options: HttpClientOptions): NormalizedOptions {
  const { vendor } = options;
  return {
    vendor,
    origin: parseBaseUrl(options.origin, { vendor, setting: "origin" }),
    ...(options.credential && { credential: checkCredential(options.vendor, options.credential) }),
    namespace: options.namespace ?? "",
    sensitive: options.sensitive ?? [],
    requestsPerSecond: number(options, "requestsPerSecond"),
    maxConcurrentRequests: number(options, "maxConcurrentRequests"),
    requestTimeout: number(options, "requestTimeout"),
    operationTimeout: number(options, "operationTimeout"),
    maxAttempts: number(options, "maxAttempts"),
    backoff: number(options, "backoff"),
    maxResponseBytes: number(options, "maxResponseBytes"),
  };
}

function number(options: HttpClientOptions, setting: Setting): number {
  const value = options[setting] ?? DEFAULTS[setting];
  const whole = WHOLE.has(setting);
  if (!(value > 0) || value > LARGEST || (whole && !Number.isInteger(value))) {
    const kind = whole ? "a whole number" : "a number";
    throw new ConnectorError(
      "configuration",
      ownText(`${setting} must be ${kind} above 0 and at most ${LARGEST}.`),
      { vendor: options.vendor },
    );
  }
  return value;
}

function checkCredential(
  vendor: string,
  [name, value]: readonly [string, string],
): readonly [string, string] {
  if (!HEADER_NAME.test(name)) {
    throw new ConnectorError(
      "configuration",
      own`The name of the credential header is not a header name.`,
      { vendor },
    );
  }
  const fault = credentialFault(value);
  if (fault !== undefined) {
    throw new ConnectorError(
      "configuration",
      ownText(`The ${vendor} credential ${fault}. Copy the key again, without line breaks.`),
      { vendor },
    );
  }
  return [name.toLowerCase(), value];
}

function credentialFault(value: string): string | undefined {
  if (value.trim() === "") {
    return "is empty";
  }
  return HEADER_VALUE.test(value)
    ? undefined
    : "holds a control character or a character outside ASCII";
}

/** The source of a base URL, for messages. */
export interface BaseUrlContext {
  /** The display name of the API. */
  readonly vendor: string;
  /** The setting that holds the value, for example `acme:baseUrl`. */
  readonly setting: string;
  /** What a user would write. Default: `https://api.example.com`. */
  readonly example?: string;
}

/**
 * The origin of a base URL, for example `https://api.example.com`.
 *
 * Accepts a trailing `/`, `/v1` or `/v1/`, as in the documentation of many APIs. Throws
 * `configuration` for anything else after the origin, for user information, and for plain http to
 * another host than this machine. The message does not repeat the value, because people paste keys
 * into the wrong setting.
 */
export function parseBaseUrl(value: string, context: BaseUrlContext): string {
  const url = parse(value.trim());
  const fault = url === undefined ? "is not a URL" : faultOf(url);
  if (url === undefined || fault !== undefined) {
    const { vendor, setting, example = "https://api.example.com" } = context;
    const message = `${setting} ${fault ?? ""}. Write the origin of the ${vendor} API, for example ${example}`;
    throw new ConnectorError("configuration", ownText(message), { vendor });
  }
  return url.origin;
}

/**
 * Whether a URL's host name is this machine: `localhost`, `[::1]`, or an address in 127.0.0.0/8.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parse(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function faultOf(url: URL): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return "does not begin with https://";
  }
  if (url.username !== "" || url.password !== "") {
    return "holds a user name or a password";
  }
  if (url.search !== "" || url.hash !== "") {
    return "holds a query or a fragment";
  }
  if (!/^\/(v1\/?)?$/.test(url.pathname)) {
    return "holds a path";
  }
  return url.protocol === "http:" && !isLoopback(url.hostname)
    ? "would send the credential over plain http"
    : undefined;
}
