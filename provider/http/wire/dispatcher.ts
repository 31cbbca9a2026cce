import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { ConnectorError } from "../../errors";
import { isLoopback, type NormalizedOptions } from "../options";

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
  const factory = (origin: string | URL, given: object): Dispatcher =>
    new Pool(origin, failHangUps(given));
  const clientFactory = (origin: string | URL, given: object): Dispatcher =>
    new Pool(origin, { ...given, headersTimeout: settings.connect.timeout });
  try {
    return new EnvHttpProxyAgent({
      ...settings,
      factory,
      clientFactory,
      httpProxy: "",
      proxyTls: settings.connect,
    });
  } catch (cause) {
    throw new ConnectorError(
      "configuration",
      "HTTPS_PROXY is not the URL of a proxy, for example http://proxy.example.com:3128",
      { cause },
    );
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

/** A dispatcher that is opened on first use, when the proxy settings are read, and closed at most once. */
export interface Connections {
  /** Throws `configuration` after `close`, and for a proxy setting that cannot be used. */
  readonly dispatcher: () => Dispatcher;
  /** Lets requests under way finish, then closes the idle connections. */
  readonly close: () => Promise<void>;
}

/** See {@link Connections}. */
export function openConnections(options: NormalizedOptions): Connections {
  let opened: Dispatcher | undefined;
  let closed: Promise<void> | undefined;
  return {
    dispatcher() {
      if (closed !== undefined) {
        throw new ConnectorError("configuration", `The ${options.vendor} client is closed.`, {
          vendor: options.vendor,
        });
      }
      return (opened ??= openDispatcher(options));
    },
    close() {
      return (closed ??= Promise.resolve(opened?.close()));
    },
  };
}

/** A proxy that closed the connection instead of opening a tunnel. */
class ProxyHangUp extends Error {
  readonly code = "PROXY_HANG_UP";
}

/**
 * Pool settings under which a proxy that hangs up fails the request.
 *
 * Undici takes the code that this failure has, `UND_ERR_SOCKET`, for a lost keep-alive connection and connects again,
 * without end and without pause (`onError` in lib/dispatcher/client.js, as of 7.30).
 */
export function failHangUps(settings: Pool.Options): Pool.Options {
  const { connect } = settings;
  return typeof connect === "function" ? { ...settings, connect: failing(connect) } : settings;
}

function failing(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error === null) {
        callback(null, socket);
      } else {
        callback(
          isSocketError(error)
            ? new ProxyHangUp("The proxy closed the connection.", { cause: error })
            : error,
          null,
        );
      }
    });
}

function isSocketError(error: Error): boolean {
  return "code" in error && error.code === "UND_ERR_SOCKET";
}
