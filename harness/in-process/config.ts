import { type StackConfig } from "../../provider/pulumi/provider/stack-settings";
import { type Config } from "../engine/types";
import { type Values } from "./wire";

/** What takes the waiting out of limits and retries. */
export const FAST = { requestsPerSecond: 1000, backoffSeconds: 0.001 };

/** A vendor's settings as the configuration of a stack; what is undefined is not set. */
export function stackConfig(namespace: string, values: Values): Config {
  const all: Values = { ...FAST, ...values };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        `${namespace}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
  );
}

/** The same settings as a provider gets them. Each call makes another deployment. */
export function providerConfig(namespace: string, values: Values): StackConfig {
  const all: Values = { ...FAST, ...values };
  return {
    get: (key) =>
      key.startsWith(`${namespace}:`) ? all[key.slice(namespace.length + 1)] : undefined,
  };
}
