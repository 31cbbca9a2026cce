import { type ExactJsonObject, isObject, parseExact } from "../../json";

/** A secret as Supermetrics lists it; the value never comes back. */
export interface RemoteSecret {
  readonly name: string;
  readonly placeholder: string;
}

/** A connector as Supermetrics answers it, parsed. Every part but the identifier may be missing. */
export interface SupermetricsRemote {
  readonly identifier: string;
  readonly name?: string;
  /** An empty one may be null; it is missing only when the answer did not carry it. */
  readonly description?: string;
  readonly logoUrl?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  /** Present only when the answer carried it. */
  readonly configuration?: ExactJsonObject;
  readonly configurationVersion?: string;
  /**
   * True where the answer says that the configuration is still the one that the connector was
   * created with.
   */
  readonly isFirstConfiguration?: true;
  /** Present only when they were asked for. */
  readonly secrets?: readonly RemoteSecret[];
}

/**
 * Most endpoints of the platform wrap bodies in `{data}`; these do not, as far as documented. Both
 * are read.
 */
export function unwrap(json: unknown): unknown {
  return isObject(json) &&
    json.data !== undefined &&
    json.connector_identifier === undefined &&
    json.connectors === undefined
    ? json.data
    : json;
}

/** A connector, or `undefined` when the value is none. */
export function parseConnector(value: unknown): SupermetricsRemote | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  const identifier = value.connector_identifier;
  if (typeof identifier !== "string" || !/^[A-Za-z0-9_-]+$/.test(identifier)) {
    return undefined;
  }
  const optional = (key: string, name: keyof SupermetricsRemote): object =>
    typeof value[key] === "string" ? { [name]: value[key] } : {};
  return {
    identifier,
    ...optional("name", "name"),
    ...(value.description === null ? { description: "" } : optional("description", "description")),
    ...optional("logo_url", "logoUrl"),
    ...optional("created_at", "createdAt"),
    ...optional("updated_at", "updatedAt"),
    ...parseConfiguration(value.configuration),
  };
}

/** The document under `configuration_json`: an object, PHP's `[]` for an empty one, or its text. */
function parseConfiguration(
  value: unknown,
): Pick<SupermetricsRemote, "configuration" | "configurationVersion" | "isFirstConfiguration"> {
  if (!isObject(value)) {
    return {};
  }
  const document = toDocument(value.configuration_json);
  const { version, created_at: created, updated_at: updated } = value;
  return {
    ...(document !== undefined && { configuration: document }),
    ...((typeof version === "string" || typeof version === "number") && {
      configurationVersion: String(version),
    }),
    ...(typeof created === "string" && created === updated && { isFirstConfiguration: true }),
  };
}

function toDocument(value: unknown): ExactJsonObject | undefined {
  if (isObject(value)) {
    return value as ExactJsonObject;
  }
  if (Array.isArray(value) && value.length === 0) {
    return {};
  }
  if (typeof value !== "string") {
    return undefined;
  }
  try {
    const parsed = parseExact(value);
    return isObject(parsed) ? (parsed as ExactJsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** The secrets of a `{count, secrets}` answer, or `undefined` when it is none. */
export function parseSecrets(value: unknown): RemoteSecret[] | undefined {
  const list = isObject(value) ? value.secrets : value;
  if (!Array.isArray(list)) {
    return undefined;
  }
  const secrets = list.map((item: unknown) => {
    if (!isObject(item)) {
      return undefined;
    }
    const { secret_name: name, secret_placeholder: placeholder } = item;
    return typeof name === "string" && typeof placeholder === "string"
      ? { name, placeholder }
      : undefined;
  });
  return secrets.every((secret) => secret !== undefined) ? secrets : undefined;
}
