import { joinPath } from "../../diagnostics";
import { type ConnectorError, type ErrorDetail } from "../../errors";
import { type ErrorBody, type ErrorRow, firstText, refusal } from "../shared/error-table";
import { type CallContext } from "../../lifecycle/adapter";
import { type HttpResponse } from "../../http/types";
import { isObject } from "../../json";

const KEY_FIX =
  "Give a valid user key (not a query key) with `pulumi config set --secret supermetrics:apiKey …` or SUPERMETRICS_API_KEY";
const roleFix = (team: string): string =>
  `Use the key of an Admin, Owner or Editor of the team, with the cb_* scopes and the Connector Builder add-on, and check ${team}`;
const placeFix = (team: string): string =>
  `Check ${team} and duplicateOf; if the connector was deleted outside, run pulumi refresh, then pulumi up`;
const LICENCE_FIX = "Renew or extend the Supermetrics licence, or ask its owner";
const LATER = "Run pulumi up again later";

/** Where the team is written: in the definition, or in the settings. */
const TEAM = "teamId";
const TEAM_SETTING = "supermetrics:teamId";

/**
 * What Supermetrics answers: by status first, by its code second, because its own status and code
 * can disagree. Codes come from the API's description, the platform-wide error page and the
 * vendor's SDK; more may exist.
 */
export const supermetricsErrors: readonly ErrorRow[] = [
  {
    status: 400,
    vendorCode: "BAD_REQUEST",
    code: "invalid",
    means: "the request is invalid",
    fix: "Fix the definition",
  },
  {
    status: 400,
    vendorCode: "VALIDATION_ERROR",
    code: "invalid",
    means: "the request is invalid",
    fix: "Fix the definition",
  },
  { status: 400, code: "invalid", means: "the request is invalid", fix: "Fix the definition" },
  {
    status: 401,
    vendorCode: "UNAUTHORIZED",
    code: "unauthorized",
    means: "authentication is required",
    fix: KEY_FIX,
  },
  {
    status: 401,
    vendorCode: "API_KEY_INVALID",
    code: "unauthorized",
    means: "the key is not valid",
    fix: KEY_FIX,
  },
  {
    status: 401,
    vendorCode: "API_KEY_REQUIRED",
    code: "unauthorized",
    means: "no key was sent",
    fix: KEY_FIX,
  },
  {
    status: 401,
    vendorCode: "ACCESS_TOKEN_INVALID",
    code: "unauthorized",
    means: "the access token is not valid",
    fix: KEY_FIX,
  },
  {
    status: 401,
    vendorCode: "ACCESS_TOKEN_EXPIRED",
    code: "unauthorized",
    means: "the access token has expired",
    fix: KEY_FIX,
  },
  {
    status: 401,
    vendorCode: "INVALID_TOKEN",
    code: "unauthorized",
    means: "the token is not valid",
    fix: KEY_FIX,
  },
  {
    status: 401,
    vendorCode: "OAUTH_*",
    code: "unauthorized",
    means: "the OAuth login failed",
    fix: KEY_FIX,
  },
  { status: 401, code: "unauthorized", means: "the key is not valid", fix: KEY_FIX },
  {
    status: 403,
    vendorCode: "FORBIDDEN",
    code: "forbidden",
    means: "no access to this team or connector",
    fix: roleFix(TEAM),
  },
  {
    status: 403,
    vendorCode: "PERMISSION_ERROR",
    code: "forbidden",
    means: "the key lacks a permission",
    fix: roleFix(TEAM),
  },
  {
    status: 403,
    vendorCode: "ACCESS_DENIED",
    code: "forbidden",
    means: "the key lacks a permission",
    fix: roleFix(TEAM),
  },
  {
    status: 403,
    vendorCode: "ACCESS_DENIED_PERMISSIONS",
    code: "forbidden",
    means: "the key lacks a permission",
    fix: roleFix(TEAM),
  },
  {
    status: 403,
    vendorCode: "ACCESS_DENIED_IP",
    code: "forbidden",
    means: "the key's allow-list does not hold this machine's address",
    fix: "Add the address of the machine that runs Pulumi to the key's IP allow-list",
  },
  {
    status: 403,
    vendorCode: "API_KEY_DISABLED",
    code: "forbidden",
    means: "the key is disabled",
    fix: KEY_FIX,
  },
  {
    status: 403,
    vendorCode: "LICENSE_*",
    code: "plan_limit",
    means: "the licence does not allow it",
    fix: LICENCE_FIX,
  },
  {
    status: 403,
    code: "forbidden",
    means: "no access to this team or connector",
    fix: roleFix(TEAM),
  },
  {
    status: 404,
    vendorCode: "NOT_FOUND",
    code: "not_found",
    means: "it was not found",
    fix: "Run pulumi refresh, then pulumi up: a connector deleted outside is created again",
  },
  {
    status: 404,
    vendorCode: "CONNECTOR_NOT_FOUND",
    code: "not_found",
    means: "there is no connector of this identifier",
    fix: "Run pulumi refresh, then pulumi up: a connector deleted outside is created again; correct duplicateOf if it names one that is gone",
  },
  {
    status: 404,
    vendorCode: "SECRET_NOT_FOUND",
    code: "not_found",
    means: "the secret was deleted outside",
    fix: "Run pulumi refresh, then pulumi up: the secret is created again",
  },
  {
    status: 404,
    vendorCode: "LOG_NOT_FOUND",
    code: "not_found",
    means: "there is no such log entry",
    fix: LATER,
  },
  {
    status: 404,
    code: "not_found",
    means: "it was not found",
    fix: placeFix(TEAM),
  },
  { status: 408, code: "timeout", means: "the request took too long", fix: "Run pulumi up again" },
  {
    status: 409,
    vendorCode: "CONFLICT_ERROR",
    code: "conflict",
    means: "it already exists",
    fix: "Run pulumi refresh, then pulumi up; if it persists, resolve the conflict in Supermetrics",
  },
  {
    status: 409,
    code: "conflict",
    means: "it already exists or is in use",
    fix: "Resolve the conflict in Supermetrics, then run pulumi up again",
  },
  {
    status: 413,
    code: "invalid",
    means: "the definition is too large",
    fix: "Make the configuration or the logo smaller",
  },
  {
    status: 422,
    vendorCode: "UNPROCESSABLE_ENTITY",
    code: "invalid",
    means: "the definition is not valid",
    fix: "Fix the definition",
  },
  {
    status: 422,
    vendorCode: "UNPROCESSABLE_CONTENT",
    code: "invalid",
    means: "the definition is not valid",
    fix: "Fix the definition",
  },
  { status: 422, code: "invalid", means: "the definition is not valid", fix: "Fix the definition" },
  {
    status: 429,
    vendorCode: "TOO_MANY_REQUESTS",
    code: "rate_limited",
    means: "too many requests",
    fix: `${LATER}, or lower supermetrics:requestsPerSecond`,
  },
  {
    status: 429,
    vendorCode: "LICENSE_DAILY_QUERY_LIMIT_EXCEEDED",
    code: "plan_limit",
    means: "the licence's daily limit is used up",
    fix: `Run pulumi up again tomorrow. ${LICENCE_FIX}`,
  },
  {
    status: 429,
    code: "rate_limited",
    means: "too many requests",
    fix: `${LATER}, or lower supermetrics:requestsPerSecond`,
  },
  {
    status: 500,
    vendorCode: "LICENSE_NOT_FOUND",
    code: "plan_limit",
    means: "the account has no licence",
    fix: LICENCE_FIX,
  },
  {
    status: 500,
    vendorCode: "LICENSE_ACCESS_DATA_SOURCE",
    code: "plan_limit",
    means: "the licence does not include this data source",
    fix: LICENCE_FIX,
  },
  {
    status: 500,
    vendorCode: "DUPLICATION_FAILED",
    code: "unavailable",
    means: "the connector that duplicateOf names could not be copied",
    fix: "Run pulumi up again; if it persists, remove duplicateOf",
  },
  {
    status: 500,
    vendorCode: "INTERNAL_SERVER_ERROR",
    code: "unavailable",
    means: "a fault on Supermetrics' side",
    fix: LATER,
  },
  {
    status: 503,
    vendorCode: "SERVICE_UNAVAILABLE",
    code: "unavailable",
    means: "Supermetrics is down",
    fix: LATER,
  },
  {
    status: "4xx",
    code: "unexpected_response",
    means: "an answer that Supermetrics does not document",
    fix: "Check supermetrics:baseUrl; if it is right, ask Supermetrics",
  },
  {
    status: "5xx",
    vendorCode: "DUPLICATION_FAILED",
    code: "unavailable",
    means: "the connector that duplicateOf names could not be copied",
    fix: "Run pulumi up again; if it persists, remove duplicateOf",
  },
  { status: "5xx", code: "unavailable", means: "a fault on Supermetrics' side", fix: LATER },
];

/** The fixes that name the team, for a team from the settings. */
const SETTING_FIXES: ReadonlyMap<string, string> = new Map(
  [roleFix, placeFix].map((fix) => [fix(TEAM), fix(TEAM_SETTING)]),
);
const settingErrors: readonly ErrorRow[] = supermetricsErrors.map((row) => ({
  ...row,
  fix: SETTING_FIXES.get(row.fix) ?? row.fix,
}));

/** What a request carries, to find the property that an error body is about. */
export interface About {
  /** The secret that is being written. */
  readonly secret?: string;
  /** The property that the whole request carries. */
  readonly property?: string;
  /** Whether the request creates a connector. */
  readonly creates?: boolean;
  /** Whether the settings name the team, so that messages name the setting. */
  readonly teamFromSettings?: boolean;
}

/** Supermetrics' refusal as the error that a deployment fails with. */
export function supermetricsRefusal(
  response: HttpResponse,
  context: CallContext,
  about: About = {},
): ConnectorError {
  return refusal(
    "Supermetrics",
    about.teamFromSettings ? settingErrors : supermetricsErrors,
    response,
    readErrorBody(response, about),
    context,
  );
}

/**
 * Reads any error body that Supermetrics or something in front of it may send: the `{meta, error}`
 * envelope with any part missing, `error` as text (older endpoints), OAuth's
 * `{error, error_description}`, anything else.
 */
export function readErrorBody({ json, headers }: HttpResponse, about: About = {}): ErrorBody {
  const body = isObject(json) ? json : {};
  const meta = isObject(body.meta) ? body.meta : {};
  const error = isObject(body.error) ? body.error : {};
  const requestId = firstText(meta.request_id, headers["x-request-id"]);
  const vendorCode = codeOf(error.code ?? body.error);
  const texts = readTexts(body, error);
  const text = texts.join(" ");
  return {
    ...(isDocumented(json) && { documented: true }),
    ...(requestId !== undefined && { requestId }),
    ...(vendorCode !== undefined && { vendorCode }),
    ...(text !== "" && { text }),
    details: readDetails(texts.at(-1) ?? "", text, about),
  };
}

/** Message and description, as far as there are any. */
function readTexts(
  body: Readonly<Record<string, unknown>>,
  error: Readonly<Record<string, unknown>>,
): string[] {
  const message = firstText(error.message, body.message);
  const description = firstText(
    error.description,
    body.error_description,
    codeOf(body.error) === undefined ? body.error : undefined,
  );
  return [message, description].filter((part) => part !== undefined);
}

/**
 * Whether a body is an error in Supermetrics' own envelope. A gateway's envelope has numbers in
 * place of codes.
 */
function isDocumented(json: unknown): json is { error: { code?: string } } {
  if (!isObject(json) || !isObject(json.error)) {
    return false;
  }
  const { code } = json.error;
  return code === undefined || codeOf(code) !== undefined;
}

const GONE: readonly string[] = ["NOT_FOUND", "CONNECTOR_NOT_FOUND", "SECRET_NOT_FOUND"];

/** Whether the body of a 404 means that the connector, or its secret, does not exist. */
export function saysGone(json: unknown): boolean {
  return isDocumented(json) && (json.error.code === undefined || GONE.includes(json.error.code));
}

function readDetails(description: string, text: string, about: About): ErrorDetail[] {
  const fields = [...description.matchAll(/\bfields?\s+['"`]([\w.[\]-]+)['"`]/gi)].flatMap(
    ([, field]) => (field === undefined ? [] : [field]),
  );
  const { property } = about;
  const paths = fields.map((field) => propertyPath(field, about));
  if (paths.length > 0) {
    return paths.map((path, index) => ({ path, message: index === 0 ? text : "see above" }));
  }
  return property === undefined || text === "" ? [] : [{ path: property, message: text }];
}

/** Fields that have another name in the definition. */
const PROPERTIES: ReadonlyMap<string, string> = new Map([
  ["configuration_json", "configuration"],
  ["configuration.configuration_json", "configuration"],
  ["team_id", "teamId"],
]);

/** The same, outside the configuration. */
const CONNECTOR_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ["title", "name"],
  ["display_name", "name"],
]);

/**
 * The vendor's name of a field as our property path. In a request that carries a configuration
 * alone, a field that is not known as something else is a part of the configuration.
 */
export function propertyPath(field: string, about: About = {}): string {
  const path = field.replace(
    /^(connector|configuration\.configuration_json|configuration_json)\.(?=.)/,
    (block) => (block.startsWith("connector.") ? "" : "configuration."),
  );
  if (path === "connector_identifier") {
    return about.creates ? "duplicateOf" : "connectorIdentifier";
  }
  const known = PROPERTIES.get(path);
  if (known !== undefined) {
    return known;
  }
  return about.property === "configuration" && !field.startsWith("connector.")
    ? configurationPath(path)
    : connectorPath(path, about);
}

function configurationPath(path: string): string {
  return /^configuration(?![\w-])/.test(path) ? path : `configuration.${path}`;
}

function connectorPath(path: string, { secret }: About): string {
  if (path === "secret_name" || path === "secret_value") {
    return secret === undefined ? "secrets" : joinPath("secrets", secret);
  }
  return CONNECTOR_PROPERTIES.get(path) ?? path;
}

function codeOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Z][A-Z0-9_]{0,99}$/.test(value) ? value : undefined;
}
