import { createHttpClient } from "./client";
import { normalizeOptions } from "./options";
import { type CountingHttpClient, type HttpClientOptions, type HttpInternals } from "./types";

const clients = new Map<string, CountingHttpClient>();

/**
 * The client of this process for an origin, a credential and their settings: equal options get the
 * same client, so that all callers together stay within the server's limits. After `close`, the
 * next call opens a new client.
 *
 * @param internals used when the client is created, ignored when there is one
 */
export function sharedHttpClient(
  options: HttpClientOptions,
  internals?: HttpInternals,
): CountingHttpClient {
  const key = JSON.stringify(normalizeOptions(options));
  const client = clients.get(key) ?? forgetWhenClosed(key, createHttpClient(options, internals));
  clients.set(key, client);
  return client;
}

/** Closes all shared clients; for tests and short-lived tools. */
export async function closeSharedHttpClients(): Promise<void> {
  await Promise.all([...clients.values()].map((client) => client.close()));
}

function forgetWhenClosed(key: string, client: CountingHttpClient): CountingHttpClient {
  return {
    ...client,
    close() {
      clients.delete(key);
      return client.close();
    },
  };
}
