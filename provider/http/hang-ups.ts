import { type buildConnector, type Pool } from "undici";

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
        callback(isSocketError(error) ? new ProxyHangUp("The proxy closed the connection.", { cause: error }) : error, null);
      }
    });
}

function isSocketError(error: Error): boolean {
  return "code" in error && error.code === "UND_ERR_SOCKET";
}
