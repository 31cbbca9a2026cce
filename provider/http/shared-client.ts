import { createHttpClient } from "./client";
import { normalizeOptions } from "./options";
import { type CountingHttpClient, type HttpClientOptions, type HttpInternals } from "./types";

const clients = new Map<string, CountingHttpClient>();

/**
 * The process's client for an origin, a credential and their settings: equal options get the same client, so that all
 * resources together stay within the vendor's limits. Closing it makes the next call open a new one.
 *
 * @param internals those of whoever comes first count.
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
