import type * as Undici from "undici";
import { type Dispatcher, type Pool } from "undici";
import { ConnectorError, errorCode } from "../../errors";
import { own, ownText } from "../../message";
import { isLoopback, type NormalizedOptions } from "../options";

/** Loaded with the first request: it takes a third of a provider's start, and many never send one. */
function loadUndici(): typeof Undici {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loads on first use
  return require("undici") as typeof Undici;
}

/** The most that an answer's headers may take, in bytes. */
const MAX_HEADER_SIZE = 32 * 1024;

/**
 * The longest that a connection may take, in milliseconds; a request's own deadline may end it
 * earlier.
 */
const CONNECT_TIMEOUT = 10_000;

/**
 * The connections of a client: kept alive, one pool per origin, through the proxy of `HTTPS_PROXY`
 * where that applies (`NO_PROXY` too; lower case takes precedence). A loopback origin is always
 * reached directly. Throws `configuration` when `HTTPS_PROXY` is not a URL.
 */
function openDispatcher(options: NormalizedOptions): Dispatcher {
  const { EnvHttpProxyAgent, Pool } = loadUndici();
  const settings = poolSettings(options);
  if (isLoopback(new URL(options.origin).hostname)) {
    return new Pool(options.origin, settings);
  }
  const factory = (origin: string | URL, given: object): Dispatcher =>
    new Pool(origin, failOnClosedProxy(given));
  const clientFactory = (origin: string | URL, given: object): Dispatcher =>
    failOnRefusedTunnel(new Pool(origin, { ...given, headersTimeout: settings.connect.timeout }));
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
      own`HTTPS_PROXY is not the URL of a proxy, for example http://proxy.example.com:3128`,
      { cause },
    );
  }
}

/** Undici's own timeouts are off, because the deadline covers an attempt as a whole. */
function poolSettings({ maxConcurrentRequests, requestTimeout }: NormalizedOptions) {
  return {
    connections: maxConcurrentRequests,
    connect: { timeout: Math.min(CONNECT_TIMEOUT, requestTimeout) },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_SIZE,
    // Shorter than the idle time of common load balancers, because a POST on a connection that they
    // close is lost.
    keepAliveMaxTimeout: 10_000,
  } satisfies Pool.Options;
}

/**
 * A dispatcher that is opened on first use, when the proxy settings are read, and closed at most
 * once.
 */
export interface Connections {
  /** Throws `configuration` after `close`, and for an invalid proxy setting. */
  readonly dispatcher: () => Dispatcher;
  /** Lets requests in flight finish, then closes the idle connections. */
  readonly close: () => Promise<void>;
}

/** See {@link Connections}. */
export function openConnections(options: NormalizedOptions): Connections {
  let opened: Dispatcher | undefined;
  let closed: Promise<void> | undefined;
  return {
    dispatcher() {
      if (closed !== undefined) {
        throw new ConnectorError(
          "configuration",
          ownText(`The ${options.vendor} client is closed.`),
          {
            vendor: options.vendor,
          },
        );
      }
      return (opened ??= openDispatcher(options));
    },
    close() {
      return (closed ??= Promise.resolve(opened?.close()));
    },
  };
}

/** The failure to open a tunnel through a proxy. */
export class ProxyError extends Error {
  /** @param statusCode of the proxy's answer; `undefined` when the proxy closed the connection. */
  constructor(
    readonly statusCode: number | undefined,
    options?: ErrorOptions,
  ) {
    super("The proxy opened no tunnel.", options);
  }
}

type Connect = Extract<Pool.Options["connect"], (...args: never) => unknown>;

/**
 * Pool settings under which a proxy that closes the connection fails the request.
 *
 * Undici takes the code of this failure, `UND_ERR_SOCKET`, for a lost keep-alive connection and
 * connects again, without end and without pause (`onError` in lib/dispatcher/client.js, as of
 * 7.30).
 */
function failOnClosedProxy(settings: Pool.Options): Pool.Options {
  const { connect } = settings;
  if (typeof connect !== "function") {
    return settings;
  }
  const failing: Connect = (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error === null) {
        callback(null, socket);
      } else {
        const isClosed = errorCode(error) === "UND_ERR_SOCKET";
        callback(isClosed ? new ProxyError(undefined, { cause: error }) : error, null);
      }
    });
  return { ...settings, connect: failing };
}

/** Undici's own error for a refused tunnel has the status in its message only. */
function failOnRefusedTunnel(proxy: Pool): Dispatcher {
  const { Dispatcher } = loadUndici();
  return Object.assign(proxy, {
    async connect(options: Dispatcher.ConnectOptions) {
      const answer = await Dispatcher.prototype.connect.call(proxy, options);
      if (answer.statusCode !== 200) {
        answer.socket.on("error", () => undefined).destroy();
        throw new ProxyError(answer.statusCode);
      }
      return answer;
    },
  });
}
