import { DYNAMIC } from "./urn";
import { type PropertyMap, Secret } from "./values";

/** A config value, and whether it is secret. */
export interface ConfigEntry {
  value: string;
  secret: boolean;
}

/**
 * What the default provider of a package is configured with: the config of its namespace. Dynamic
 * resources get all of the config, keys with their namespaces.
 */
export function providerInputs(
  entries: Map<string, ConfigEntry>,
  name: string = DYNAMIC,
): PropertyMap {
  const prefix = name === DYNAMIC ? "" : `${name}:`;
  return Object.fromEntries(
    [...entries]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { value, secret }]) => [
        key.slice(prefix.length),
        secret ? new Secret(value) : value,
      ]),
  );
}
