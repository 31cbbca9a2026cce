import { suggest } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type JsonObject } from "../json";
import { EXPLICIT_PROVIDER } from "../pulumi/program/provider-text";
import { type Values } from "../pulumi/protocol/struct";
import { inEnvelope, isUnknownSentinel } from "../pulumi/provider/envelopes";
import { type VendorRuntime } from "../pulumi/provider/runtime";
import { readSettings, type StackConfig } from "../pulumi/provider/stack-settings";
import { packageVersion } from "../version";
import { type Setting, settingsOf } from "./settings";

/** What a check of a provider's configuration found. */
export interface CheckedConfiguration {
  readonly inputs: JsonObject;
  readonly failures: readonly string[];
}

/**
 * Checks the configuration of a provider: the stack's settings of the vendor's namespace, or the
 * arguments of an explicit provider. Reasons name a setting and no value: with a property of its
 * own, the engine would print the value.
 */
export function checkConfiguration(
  vendor: VendorRuntime,
  urn: string,
  given: Values,
): CheckedConfiguration {
  const { names, table } = vendor;
  const settings = settingsOf(table, names);
  const own = Object.entries(given).filter(([name]) => !isEngines(name));
  const shown = (name: string): string => `${names.namespace}:${name}`;
  const failures = [
    ...versionFailures(names.namespace, given["version"]),
    ...own.flatMap(([name, value]) => {
      const setting = settings.find((each) => each.name === name);
      return setting === undefined
        ? [unknownSetting(names.vendor, shown(name), name, settings)]
        : typeFailures(shown(name), setting, value);
    }),
  ];
  return {
    inputs: withSecrets(settings, given),
    failures:
      failures.length > 0 ? failures : unusable(vendor, configOf(names.namespace, urn, given)),
  };
}

/** The configuration as the verbs ask for it: by keys with the vendor's namespace. */
export function configOf(namespace: string, urn: string, given: Values): StackConfig {
  const name = explicitName(urn);
  return {
    get(key) {
      if (key === EXPLICIT_PROVIDER) {
        return name === undefined ? undefined : `${namespace}:${name}`;
      }
      return key.startsWith(`${namespace}:`) ? given[key.slice(namespace.length + 1)] : undefined;
    },
  };
}

/** The name of an explicit provider; `undefined` for the one that the engine makes. */
function explicitName(urn: string): string | undefined {
  const name = urn.split("::").slice(3).join("::");
  return /^(default(_.*)?)?$/.test(name) ? undefined : name;
}

/** Inputs that the engine and SDKs add. */
function isEngines(name: string): boolean {
  return name.startsWith("__") || ["version", "pluginDownloadURL"].includes(name);
}

function unknownSetting(
  vendor: string,
  shown: string,
  name: string,
  settings: readonly Setting[],
): string {
  const known = settings.map((each) => each.name);
  const meant = suggest(name, known);
  return `${shown} is not a setting of ${vendor}. ${meant === undefined ? `Settings: ${known.join(", ")}` : `Did you mean ${shown.slice(0, -name.length)}${meant}?`}`;
}

/** The stack configuration holds texts. */
function typeFailures(shown: string, { type }: Setting, value: unknown): string[] {
  if (value === null || isUnknownSentinel(value) || typeof value === type) {
    return [];
  }
  if (typeof value === "string") {
    return [];
  }
  return type === "string" && typeof value === "number" ? [] : [`${shown} must be ${TYPES[type]}.`];
}

const TYPES = { string: "text", number: "a number", boolean: "true or false" } as const;

/** An SDK of another version may have properties that this provider does not know. */
function versionFailures(namespace: string, wanted: unknown): string[] {
  const own = packageVersion();
  if (typeof wanted !== "string" || compatible(wanted) === compatible(own)) {
    return [];
  }
  return [
    `The program was made for version ${wanted} of the package ${namespace}, and this provider is version ${own}. Generate the SDK again with \`pulumi package add\`, or install the other version of pulumi-connectors.`,
  ];
}

/** Versions that are alike in this can be used together. */
function compatible(version: string): string {
  const [major = "", minor = ""] = version.split(".");
  return major === "0" ? `0.${minor}` : major;
}

/** What the settings cannot be used for, before a resource needs them. */
function unusable(vendor: VendorRuntime, config: StackConfig): string[] {
  try {
    const { provider, apiKey, keyUnknown } = readSettings(vendor, config);
    return provider === undefined || apiKey !== undefined || keyUnknown
      ? []
      : [
          `The explicit provider "${provider}" has no ${vendor.names.vendor} API key. Give it as apiKey of the provider; explicit providers use neither the stack configuration nor the environment.`,
        ];
  } catch (error) {
    if (error instanceof ConnectorError) {
      return [`${error.rawMessage}.`.replace(/\.\.$/, ".")];
    }
    throw error;
  }
}

function withSecrets(settings: readonly Setting[], given: Values): JsonObject {
  const secret = new Set(settings.filter((each) => each.secret).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(given as JsonObject).map(([name, value]) => [
      name,
      secret.has(name) && !isUnknownSentinel(value) ? inEnvelope(value) : value,
    ]),
  );
}
