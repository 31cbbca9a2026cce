import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { ConnectorError } from "../../errors";
import { isLoopback } from "../base-url";
import { failHangUps } from "../hang-ups";
import { type NormalizedOptions } from "../options";

/** The most that an answer's headers may take, in bytes. */
const MAX_HEADER_SIZE = 32 * 1024;

/** The longest that a connection may take, in milliseconds; a request's own deadline may end it earlier. */
const CONNECT_TIMEOUT = 10_000;

/**
 * The connections of a client: kept alive, one pool per origin, through the proxy of `HTTPS_PROXY` where that applies
 * (`NO_PROXY` too; lower case takes precedence). A loopback origin is always reached directly. Throws `configuration` when
 * `HTTPS_PROXY` is no URL.
 */
export function openDispatcher(options: NormalizedOptions): Dispatcher {
  const settings = poolSettings(options);
  if (isLoopback(new URL(options.origin).hostname)) {
    return new Pool(options.origin, settings);
  }
  const factory = (origin: string | URL, given: object): Dispatcher => new Pool(origin, failHangUps(given));
  const clientFactory = (origin: string | URL, given: object): Dispatcher =>
    new Pool(origin, { ...given, headersTimeout: settings.connect.timeout });
  try {
    return new EnvHttpProxyAgent({ ...settings, factory, clientFactory, httpProxy: "", proxyTls: settings.connect });
  } catch (cause) {
    throw new ConnectorError("configuration", "HTTPS_PROXY is not the URL of a proxy, for example http://proxy.example.com:3128", { cause });
  }
}

/** Undici's own timeouts are off: the deadline covers an attempt as a whole. */
function poolSettings({ maxConcurrentRequests, requestTimeout }: NormalizedOptions) {
  return {
    connections: maxConcurrentRequests,
    connect: { timeout: Math.min(CONNECT_TIMEOUT, requestTimeout) },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_SIZE,
    // Shorter than the idle time of common load balancers: a POST on a connection that is being closed is lost.
    keepAliveMaxTimeout: 10_000,
  } satisfies Pool.Options;
}
