/**
 * Values that the server generates: identifiers, placeholders, times, and the configuration of a
 * new connector.
 */
import { randomBytes, randomInt } from "node:crypto";

import { type JsonObject } from "../json";

/** The logo of a connector without an uploaded logo. */
export const DEFAULT_LOGO =
  "https://assets.supermetrics.com/images/dsLogos/Custom_Connector_Default.png";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * Removes and returns the first of `wanted`, or generates five random characters. Skips used
 * identifiers.
 */
export function takeIdentifier(wanted: string[], used: ReadonlySet<string>): string {
  const identifier =
    wanted.shift() ??
    Array.from({ length: 5 }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");
  return used.has(identifier) ? takeIdentifier(wanted, used) : identifier;
}

/** `sec_` and nine hexadecimal digits, as in the vendor's examples. */
export function placeholder(): string {
  return `sec_${randomBytes(5).toString("hex").slice(0, 9)}`;
}

/** `2025-01-01T00:00:00+00:00`. */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}+00:00`;
}

/** The valid configuration of a new connector. */
export function boilerplate(): JsonObject {
  return {
    $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
    authentication: {
      type: "user_input",
      description: "Enter the API key of your account.",
      userInputs: [{ id: "api_key", label: "API key", type: "password" }],
    },
    dataSourceUser: {
      userInfo: {
        id: { source: "static", value: "{{ identity() }}" },
        label: { source: "static", value: "API user" },
        accessToken: { source: "userInput", value: "api_key" },
      },
    },
    reporting: { reportTypes: [] },
  };
}

/**
 * A small replacement for the vendor's 320 KB schema, permissive at the root and with its
 * non-standard `docs` keyword.
 */
export const CONFIGURATION_SCHEMA: JsonObject = {
  $schema: "https://json-schema.org/draft/2019-09/schema",
  $id: "https://api.supermetrics.com/cc/v1/schema/connector",
  docs: "A small replacement by the sandbox. The vendor's schema is larger and changes.",
  type: "object",
  properties: {
    authentication: { type: "object", properties: { type: { type: "string" } } },
    dataSourceUser: { type: "object" },
    accounts: { type: "object" },
    reporting: { type: "object", properties: { reportTypes: { type: "array" } } },
    defaultResponseHandler: { type: "object" },
    secrets: { type: "object" },
  },
};
