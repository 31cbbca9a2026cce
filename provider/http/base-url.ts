import { ConnectorError } from "../errors";

/** Where a base URL comes from, for messages. */
export interface BaseUrlContext {
  /** The vendor's display name. */
  readonly vendor: string;
  /** The setting that holds the value, for example `databar:baseUrl`. */
  readonly setting: string;
  /** What a user would write. Default: `https://api.example.com`. */
  readonly example?: string;
}

/**
 * The origin of a base URL, for example `https://api.databar.ai`.
 *
 * A trailing `/`, `/v1` or `/v1/` is tolerated, because the vendors' own clients write it so.
 * Throws `configuration` for anything else after the origin, for user information, and for plain http to another host
 * than this machine. The value itself is not repeated: people paste keys into the wrong setting.
 */
export function parseBaseUrl(value: string, context: BaseUrlContext): string {
  const url = parse(value.trim());
  const fault = url === undefined ? "is not a URL" : faultOf(url);
  if (url === undefined || fault !== undefined) {
    const { vendor, setting, example = "https://api.example.com" } = context;
    const message = `${setting} ${fault ?? ""}. Write the origin of the ${vendor} API, for example ${example}`;
    throw new ConnectorError("configuration", message, { vendor });
  }
  return url.origin;
}

/** Whether a URL's host name is this machine: `localhost`, `[::1]`, or an address in 127.0.0.0/8. */
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
  return url.protocol === "http:" && !isLoopback(url.hostname) ? "would send the credential over plain http" : undefined;
}
