import { createHash } from "node:crypto";
import { ConnectorError } from "../../errors";
import { own, ownText } from "../../message";
import { type HttpClientOptions, parseBaseUrl } from "../../http/index";
import { type Workspace } from "../../lifecycle/workspace";
import { type FieldTable } from "../../model/field";
import { compact } from "../../model/state";
import { EXPLICIT_PROVIDER } from "../program/provider-text";
import { isUnknownSentinel } from "./envelopes";

/** Where the engine's configuration is asked: keys with their namespace, values as text. */
export interface StackConfig {
  get(key: string): unknown;
}

/** How a vendor's settings are named. */
export interface SettingNames {
  /** The vendor's display name. */
  readonly vendor: string;
  /** Namespace in the stack configuration. */
  readonly namespace: string;
  /** Beginning of the environment variables. */
  readonly environment: string;
  /** The vendor's public origin. */
  readonly baseUrl: string;
  /** Most requests per second when nothing else is set. */
  readonly requestsPerSecond: number;
}

/** Whose settings are read. */
export interface Configured {
  readonly names: SettingNames;
  readonly table: FieldTable;
}

/** Everything a vendor needs to be reached. `undefined`: not given. */
export interface Settings {
  /** The name of the explicit provider that they belong to. */
  readonly provider: string | undefined;
  readonly apiKey: string | undefined;
  /**
   * What stands in for inputs of the same name that the program does not write; none that is not
   * given.
   */
  readonly inputs: Readonly<Record<string, string>>;
  /** True in a preview whose provider gets its key from a resource that does not exist yet. */
  readonly keyUnknown: boolean;
  /** The same of the origin: the vendor's public one stands in for it then. */
  readonly originUnknown: boolean;
  readonly origin: string;
  /** Whether a preview may look for connectors to adopt, where the face of the package can. */
  readonly looksInPreview: boolean;
  readonly limits: Pick<
    HttpClientOptions,
    | "requestsPerSecond"
    | "maxConcurrentRequests"
    | "requestTimeout"
    | "operationTimeout"
    | "backoff"
  >;
}

/**
 * Reads a vendor's settings: the stack configuration first, the environment second; of an explicit
 * provider its arguments alone, which the program completes from the stack configuration. A missing
 * key is not an error yet.
 *
 * @throws ConnectorError `configuration` for a value that cannot be used, and for another vendor's
 *   provider.
 */
export function readSettings(
  { names, table }: Configured,
  config: StackConfig | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const provider = explicitProvider(names, config);
  const raw = (setting: string): unknown => config?.get(`${names.namespace}:${setting}`);
  const text = (setting: string): string | undefined => {
    const given = raw(setting);
    const value =
      isBlank(given) && provider === undefined
        ? environment[`${names.environment}_${constantCase(setting)}`]
        : given;
    const trimmed =
      typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? String(value).trim()
        : "";
    return trimmed === "" || isUnknownSentinel(trimmed) ? undefined : trimmed;
  };
  const baseUrl = text("baseUrl") ?? names.baseUrl;
  const apiKey = text("apiKey");
  return {
    provider,
    apiKey: apiKey?.replace(/^Bearer\s+/i, ""),
    inputs: compact(
      Object.fromEntries(
        table.fields
          .filter(({ fromSettings }) => fromSettings)
          .map(({ name }) => [name, text(name)]),
      ),
    ) as Record<string, string>,
    keyUnknown: isUnknownSentinel(raw("apiKey")),
    originUnknown: isUnknownSentinel(raw("baseUrl")),
    origin: parseBaseUrl(baseUrl, {
      vendor: names.vendor,
      setting: `${names.namespace}:baseUrl`,
      example: names.baseUrl,
    }),
    looksInPreview: readSwitch(names, text, LOOKS_IN_PREVIEW, true),
    limits: readLimits(names, text),
  };
}

/** The setting that keeps previews from looking for connectors to adopt. */
export const LOOKS_IN_PREVIEW = "previewLookups";

function readSwitch(
  { vendor, namespace }: SettingNames,
  text: (setting: string) => string | undefined,
  setting: string,
  byDefault: boolean,
): boolean {
  const value = text(setting) ?? String(byDefault);
  if (value === "true" || value === "false") {
    return value === "true";
  }
  const message = ownText(`${namespace}:${setting} must be true or false`);
  throw new ConnectorError("configuration", message, { vendor });
}

/** The name of the explicit provider whose process this is. */
function explicitProvider(
  { vendor, namespace }: SettingNames,
  config: StackConfig | undefined,
): string | undefined {
  const given = config?.get(EXPLICIT_PROVIDER);
  if (typeof given !== "string") {
    return undefined;
  }
  const [served, ...name] = given.split(":");
  if (served !== namespace) {
    throw new ConnectorError(
      "configuration",
      own`A resource of ${ownText(vendor)} cannot use the explicit provider "${name.join(":")}", which serves another vendor. Pass it a provider of its own vendor, or none`,
      { vendor },
    );
  }
  return name.join(":");
}

/**
 * The workspace that settings lead to: its origin, and a digest that changes with the key, because
 * a key belongs to one workspace. `undefined` while one of them is not known.
 */
export function workspaceIn(
  { namespace }: SettingNames,
  { origin, originUnknown, apiKey, provider }: Settings,
): Workspace | undefined {
  if (apiKey === undefined || originUnknown) {
    return undefined;
  }
  const digest = createHash("sha256").update(`${origin}\n${apiKey}`).digest("hex").slice(0, 8);
  return {
    text: `${origin} ${digest}`,
    settings:
      provider === undefined
        ? ownText(`${namespace}:baseUrl and ${namespace}:apiKey`)
        : own`baseUrl and apiKey of the provider "${provider}"`,
  };
}

function readLimits(
  names: SettingNames,
  text: (setting: string) => string | undefined,
): Settings["limits"] {
  const number = (setting: string, unit: number, whole = false): number | undefined => {
    const value = text(setting);
    if (value === undefined) {
      return undefined;
    }
    if (
      Number(value) > 0 &&
      Number.isFinite(Number(value)) &&
      (!whole || Number.isInteger(Number(value)))
    ) {
      return Number(value) * unit;
    }
    throw new ConnectorError(
      "configuration",
      ownText(`${names.namespace}:${setting} must be a ${whole ? "whole " : ""}number above 0`),
      { vendor: names.vendor },
    );
  };
  return {
    requestsPerSecond: number("requestsPerSecond", 1) ?? names.requestsPerSecond,
    maxConcurrentRequests: number("maxConcurrentRequests", 1, true),
    requestTimeout: number("requestTimeoutSeconds", 1000),
    operationTimeout: number("operationTimeoutSeconds", 1000),
    backoff: number("backoffSeconds", 1000),
  };
}

/** A setting that is there without a value says no more than one that is not there. */
function isBlank(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "string" && value.trim() === "")
  );
}

/** `apiKey` → `API_KEY`. */
export function constantCase(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The message for a missing key: both ways to set it. */
export function missingKey(
  { vendor, namespace, environment }: SettingNames,
  provider?: string,
): string {
  if (provider !== undefined) {
    return (
      `The explicit provider "${provider}" has no ${vendor} API key. Give it as apiKey of the provider, ` +
      `or with \`pulumi config set --secret ${namespace}:apiKey …\`; explicit providers do not use the environment`
    );
  }
  return (
    `No ${vendor} API key is configured. Give it with \`pulumi config set --secret ${namespace}:apiKey …\`, ` +
    `or in the environment variable ${environment}_API_KEY`
  );
}
