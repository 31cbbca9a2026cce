import { type Connector, known, textsOf } from "./connectors";
import { type Rule } from "./rule";

/** Where a connector sends its requests. */
export const hosts: Rule<{ hosts: string[] }> = {
  name: "connector-hosts",
  description: "Connectors call allowed hosts only.",
  settings: {
    hosts: {
      type: "array",
      items: { type: "string" },
      description: "Allowed hosts; `*.example.com` allows all subdomains. Empty: all public names.",
    },
  },
  defaults: { hosts: [] },
  problems: ({ connectors }, { hosts: allowed }) =>
    connectors.flatMap((connector) =>
      addressesOf(connector).flatMap(({ at, url }) => {
        const host = hostOf(url);
        if (host === undefined) {
          return [`${at}: the host is not part of the text. Write a complete https URL.`];
        }
        if (allowed.length > 0) {
          return allowed.some((pattern) => matches(pattern, host))
            ? []
            : [`${at}: ${host} is not an allowed host. Allowed: ${allowed.join(", ")}.`];
        }
        return isPublicName(host) ? [] : [`${at}: ${host} is not a public host name.`];
      }),
    ),
};

export const naming: Rule<{ pattern: string }> = {
  name: "connector-naming",
  description: "Names of connectors follow one pattern.",
  enforcementLevel: "advisory",
  settings: { pattern: { type: "string", description: "A regular expression for `name`." } },
  // Starts with a capital or a digit, has 3 to 80 characters, and single spaces.
  defaults: { pattern: "^[A-Z0-9](?!.* {2}).{1,78}\\S$" },
  problems: ({ connectors }, { pattern }) =>
    connectors.flatMap(({ at, properties }) => {
      const name = known(properties, "name");
      return typeof name !== "string" || new RegExp(pattern, "u").test(name)
        ? []
        : [`${join(at, "name")}: "${name}" does not match ${pattern}`];
    }),
};

/** Databar's alone: the other vendor's connectors have no limits of their own. */
export const rateLimits: Rule<{ maxRateLimit: number; maxConcurrency: number }> = {
  name: "connector-rate-limits",
  description: "Databar connectors limit their own calls.",
  settings: {
    maxRateLimit: { type: "integer", minimum: 1, description: "Largest `rateLimit` per minute." },
    maxConcurrency: { type: "integer", minimum: 1, description: "Largest `maxConcurrency`." },
  },
  defaults: { maxRateLimit: 1000, maxConcurrency: 20 },
  problems: ({ connectors }, { maxRateLimit, maxConcurrency }) =>
    connectors
      .filter(({ vendor }) => vendor === "databar")
      .flatMap(({ at, properties }) => [
        ...("rateLimit" in properties
          ? aboveLimit(at, "rateLimit", properties, maxRateLimit)
          : [`${join(at, "rateLimit")}: is missing. Set it to ${maxRateLimit} or less.`]),
        ...aboveLimit(at, "maxConcurrency", properties, maxConcurrency),
      ]),
};

export const protection: Rule<{ stacks: string[]; maxDeletes: number }> = {
  name: "connector-protection",
  description: "Production connectors are protected from deletion.",
  settings: {
    stacks: {
      type: "array",
      items: { type: "string" },
      description: "Names of production stacks; `*` stands for any text.",
    },
    maxDeletes: { type: "integer", minimum: 0, description: "Largest `maxDeletes` of a fleet." },
  },
  defaults: { stacks: ["prod", "prod-*", "*-prod", "production"], maxDeletes: 10 },
  problems: ({ stack, protect, props }, { stacks, maxDeletes }) =>
    stacks.some((pattern) => matches(pattern, stack))
      ? [
          ...(protect
            ? []
            : ["Set the resource option protect: true, under options in a definition file."]),
          ...aboveLimit("", "maxDeletes", props, maxDeletes),
        ]
      : [],
};

/** The URLs of a connector's requests. */
export function addressesOf(connector: Connector): { readonly at: string; readonly url: string }[] {
  const { vendor, at, properties } = connector;
  if (vendor === "databar") {
    const url = known(properties, "url");
    return typeof url === "string" ? [{ at: join(at, "url"), url }] : [];
  }
  return textsOf(known(properties, "configuration"))
    .filter(({ path, text }) => path[0] !== "$schema" && /^https?:\/\//i.test(text))
    .map(({ path, text }) => ({ at: join(at, "configuration", ...path), url: text }));
}

/** `connectors.scoring.url`. */
export function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(".");
}

/** Undefined if the host is, or contains, a template variable. */
function hostOf(url: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, "") : "";
  return host === "" || /[^\w.:[\]-]/.test(host) ? undefined : host;
}

/** `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".+")}$`, "i").test(text);
}

function isPublicName(host: string): boolean {
  return (
    host.includes(".") &&
    !/^[\d.]+$|^\[/.test(host) &&
    !/\.(local|localhost|internal|lan|home|corp|test|invalid)$/i.test(host)
  );
}

function aboveLimit(at: string, name: string, properties: object, most: number): string[] {
  const value = known(properties, name);
  return typeof value === "number" && value > most
    ? [`${join(at, name)}: ${value} is more than ${most}.`]
    : [];
}
