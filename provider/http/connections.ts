import { type Dispatcher } from "undici";
import { ConnectorError } from "../errors";
import { openDispatcher } from "./wire/dispatcher";
import { type NormalizedOptions } from "./options";

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
        throw new ConnectorError("configuration", `The ${options.vendor} client is closed.`, { vendor: options.vendor });
      }
      return (opened ??= openDispatcher(options));
    },
    close() {
      return (closed ??= Promise.resolve(opened?.close()));
    },
  };
}
