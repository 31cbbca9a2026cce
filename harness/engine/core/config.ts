import { type PropertyMap, Secret } from "./values";

/** A config value, and whether it is secret. */
export interface ConfigEntry {
  value: string;
  secret: boolean;
}

/**
 * What the default provider of dynamic resources is configured with: all of the config, keys with
 * their namespaces.
 */
export function providerInputs(entries: Map<string, ConfigEntry>): PropertyMap {
  return Object.fromEntries(
    [...entries].map(([key, entry]) => [key, entry.secret ? new Secret(entry.value) : entry.value]),
  );
}
