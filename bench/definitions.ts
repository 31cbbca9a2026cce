/** The connectors that the programs deploy: realistic and all different. */
import { type VendorName } from "./sandbox-process";

/** The arguments of one connector. The program decides which values are secret. */
export type Definition = Readonly<Record<string, unknown>>;

/** By resource name, or by key of a fleet. */
export type Definitions = Readonly<Record<string, Definition>>;

/** The size of a large configuration document as JSON, in bytes. */
export const LARGE = 30_000;

/**
 * Prefix of a string that each configuration contains once, to count how often the state stores the
 * configurations.
 */
export const MARKER = "only-once-";

/** @param bytes approximate size of each Supermetrics configuration */
export function definitions(vendor: VendorName, count: number, bytes = 500): Definitions {
  const make = vendor === "databar" ? databar : supermetrics;
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `c${String(index).padStart(5, "0")}`,
      make(index, bytes),
    ]),
  );
}

function databar(index: number): Definition {
  return {
    name: `Scoring ${index}`,
    type: "enrichment",
    method: "post",
    url: `https://api.example.com/v1/score/${index}`,
    headers: { Authorization: `Bearer key-of-connector-${index}`, Accept: "application/json" },
    parameters: { company_domain: "" },
    body: { domain: "", source: "table" },
    rateLimit: 60,
    maxConcurrency: 5,
  };
}

function supermetrics(index: number, bytes: number): Definition {
  return {
    name: `Source ${index}`,
    description: "Clicks and commissions per publisher.",
    configuration: configuration(index, bytes),
    secrets: { api_key: `key-of-connector-${index}` },
  };
}

/** A document with as many report fields as the size requires. */
function configuration(index: number, bytes: number): Definition {
  const field = (id: number): object => ({
    id: `field_${id}`,
    name: `Field number ${id}`,
    type: id % 2 === 0 ? "string.text.value" : "int.number.value",
    path: `$.rows[*].f${id}`,
    filterable: id % 3 === 0,
  });
  const each = JSON.stringify(field(100)).length + 1;
  return {
    version: "1.0.0",
    marker: `${MARKER}${index}`,
    secrets: {
      items: [
        {
          id: "api_key",
          classification: "secret",
          source: "encrypted",
          value: "${secrets.api_key}",
        },
      ],
    },
    reportTypes: [
      {
        id: "performance",
        url: `https://api.example.com/v1/report/${index}`,
        fields: Array.from({ length: Math.max(1, Math.round((bytes - 250) / each)) }, (_, id) =>
          field(id),
        ),
      },
    ],
  };
}
