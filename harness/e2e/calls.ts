import { type RequestLogEntry, type Sandbox } from "pulumi-connectors/sandbox";

/**
 * What a vendor was asked since its log was cleared, in order: `PUT /v1/connectors/1`,
 * `POST /connectors/T3S70/secrets`.
 */
export function calls({ log }: { readonly log: readonly RequestLogEntry[] }): string[] {
  return log.map(describe);
}

/** The calls that change something. */
export function writes(vendor: { readonly log: readonly RequestLogEntry[] }): string[] {
  return vendor.log.filter(({ method }) => method !== "GET").map(describe);
}

/** How many requests both vendors saw. */
export function callCount({ databar, supermetrics }: Sandbox): number {
  return databar.log.length + supermetrics.log.length;
}

/** The bodies of the requests of one method to paths that match, in order. */
export function bodies(
  { log }: { readonly log: readonly RequestLogEntry[] },
  method: string,
  path: RegExp = /./,
): unknown[] {
  return log
    .filter((entry) => entry.method === method && path.test(entry.path))
    .map(({ body }) => body);
}

/** Connectors by their own name, because the order in which an engine creates them is its own. */
export function byName<T extends { readonly name: string }>(
  connectors: readonly T[],
): Record<string, T> {
  const entries = connectors.map((connector) => [connector.name, connector] as const);
  if (new Set(entries.map(([name]) => name)).size !== entries.length) {
    throw new Error(`Namesakes: ${entries.map(([name]) => name).join(", ")}`);
  }
  return Object.fromEntries(entries);
}

/** Supermetrics' paths below the team. */
function describe({ method, path }: RequestLogEntry): string {
  return `${method} ${path.replace(/^\/v1\/teams\/\d+\/connector_builder/, "")}`;
}
