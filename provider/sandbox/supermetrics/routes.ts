/** Supermetrics' endpoints: the key, the team, the connector, then what each verb does. */
import { type Answer, type SandboxRequest } from "../http-message";
import { matchRoute } from "../router";
import { type VendorEmulator } from "../server";
import { RequestWindow } from "../request-window";
import { type Call } from "./call";
import {
  createConnector,
  deleteConnector,
  getConnector,
  listConnectors,
  updateConnector,
} from "./connectors";
import { deniedAnswer, errorAnswer, invalidKeyAnswer } from "./errors";
import { getLogo, setLogo } from "./logo";
import { getLog, listLogs } from "./logs";
import { createSecret, deleteSecret, listSecrets, setSecret } from "./secrets";
import { CONFIGURATION_SCHEMA } from "./generated-values";
import { type SupermetricsScope, type SupermetricsSettings } from "./settings";
import { type StoredConnector, type SupermetricsStore } from "./store";
import { isIdentifier, isTeamId } from "./validate";

/** `connector` routes get the connector that the path names, which is there. */
type Route = {
  readonly method: string;
  readonly path: string;
  readonly scope: SupermetricsScope;
} & (
  | { readonly on: "team"; readonly handle: (call: Call) => Answer }
  | { readonly on: "connector"; readonly handle: (call: Call, record: StoredConnector) => Answer }
);

const TEAM = "/v1/teams/{team_id}/connector_builder";
const LIST = `${TEAM}/connectors`;
const ONE = `${LIST}/{connector_identifier}`;
const SCHEMA = "/connector_builder/v1/schema/{schema_version}";
const HOURLY_ALLOWANCE = 5000;

const ROUTES: readonly Route[] = [
  { method: "GET", path: LIST, scope: "cb_connectors_read", on: "team", handle: listConnectors },
  { method: "POST", path: LIST, scope: "cb_connectors_write", on: "team", handle: createConnector },
  { method: "GET", path: ONE, scope: "cb_connectors_read", on: "connector", handle: getConnector },
  {
    method: "PUT",
    path: ONE,
    scope: "cb_connectors_write",
    on: "connector",
    handle: updateConnector,
  },
  {
    method: "DELETE",
    path: ONE,
    scope: "cb_connectors_write",
    on: "connector",
    handle: deleteConnector,
  },
  { method: "GET", path: `${ONE}/logo`, scope: "cb_logo_read", on: "connector", handle: getLogo },
  { method: "POST", path: `${ONE}/logo`, scope: "cb_logo_write", on: "connector", handle: setLogo },
  {
    method: "GET",
    path: `${ONE}/logs`,
    scope: "cb_logs_read",
    on: "team",
    handle: (call) => listLogs(call, recordOf(call)),
  },
  {
    method: "GET",
    path: `${ONE}/logs/{log_id}`,
    scope: "cb_logs_read",
    on: "connector",
    handle: getLog,
  },
  {
    method: "GET",
    path: `${ONE}/secrets`,
    scope: "cb_secrets_read",
    on: "connector",
    handle: listSecrets,
  },
  {
    method: "POST",
    path: `${ONE}/secrets`,
    scope: "cb_secrets_write",
    on: "connector",
    handle: createSecret,
  },
  {
    method: "PUT",
    path: `${ONE}/secrets/{secret_placeholder}`,
    scope: "cb_secrets_write",
    on: "connector",
    handle: setSecret,
  },
  {
    method: "DELETE",
    path: `${ONE}/secrets/{secret_placeholder}`,
    scope: "cb_secrets_write",
    on: "connector",
    handle: deleteSecret,
  },
];

/** Supermetrics behind the server. */
export class SupermetricsEmulator implements VendorEmulator {
  private readonly second = new RequestWindow(1000);
  private readonly hour = new RequestWindow(3_600_000);

  constructor(
    private readonly store: SupermetricsStore,
    private readonly settings: SupermetricsSettings,
  ) {}

  get keys(): readonly string[] {
    return this.settings.keys ?? [];
  }

  credential(headers: Readonly<Record<string, string>>): string | undefined {
    return /^Bearer +(\S.*)$/i.exec(headers["authorization"] ?? "")?.[1];
  }

  errorAnswer(statusCode: number): Answer {
    return this.withAllowance(
      statusCode === 429 ? this.throttled(this.settings.retryAfter) : errorAnswer(statusCode),
    );
  }

  handle(request: SandboxRequest): Answer {
    if (!this.second.admit(this.settings.requestsPerSecond)) {
      return this.withAllowance(this.throttled(this.settings.retryAfter));
    }
    if (!this.hour.admit(this.settings.requestsPerHour)) {
      return this.withAllowance(this.throttled(this.hour.secondsLeft));
    }
    return this.withAllowance(this.route(request));
  }

  private route(request: SandboxRequest): Answer {
    const schema = matchRoute([{ method: "GET", path: SCHEMA }], request.method, request.path);
    if (schema.kind === "route") {
      return configurationSchema(schema.params["schema_version"] ?? "");
    }
    const match = matchRoute(ROUTES, request.method, request.path);
    if (match.kind !== "route") {
      return errorAnswer(404);
    }
    const refused = this.authenticate(request, match.route.scope) ?? this.enter(match.params);
    if (refused !== undefined) {
      return refused;
    }
    const { store, settings } = this;
    const notFound = (code: string): Answer =>
      errorAnswer(404, settings.specificCodes ? { code } : {});
    const call: Call = {
      request,
      teamId: match.params["team_id"] ?? "",
      params: match.params,
      settings,
      store,
      notFound,
    };
    if (match.route.on === "team") {
      return match.route.handle(call);
    }
    const record = recordOf(call);
    return record === undefined
      ? notFound("CONNECTOR_NOT_FOUND")
      : match.route.handle(call, record);
  }

  private authenticate({ headers }: SandboxRequest, scope: SupermetricsScope): Answer | undefined {
    const { keys, denied, scopes } = this.settings;
    const key = this.credential(headers);
    if (key === undefined) {
      return errorAnswer(401);
    }
    if (keys !== null && !keys.includes(key)) {
      return invalidKeyAnswer();
    }
    if (denied !== null) {
      return deniedAnswer(denied);
    }
    return scopes === null || scopes.includes(scope)
      ? undefined
      : deniedAnswer("ACCESS_DENIED_PERMISSIONS");
  }

  /** Team and identifiers of the path: well-formed, and a team that the key may enter. */
  private enter(params: Readonly<Record<string, string>>): Answer | undefined {
    const {
      team_id: teamId = "",
      connector_identifier: identifier,
      secret_placeholder: placeholder = "",
      log_id: logId = "",
    } = params;
    const bad = (description: string): Answer => errorAnswer(400, { description });
    if (!isTeamId(teamId)) {
      return bad("The field 'team_id' must be between 1 and 9223372036854775807.");
    }
    if (!this.settings.teams.includes(teamId)) {
      return errorAnswer(403);
    }
    if (identifier !== undefined && !isIdentifier(identifier)) {
      return bad("The field 'connector_identifier' is not valid.");
    }
    if (placeholder.length > 100) {
      return bad("The field 'secret_placeholder' must not be longer than 100 characters.");
    }
    return logId.length > 255
      ? bad("The field 'log_id' must not be longer than 255 characters.")
      : undefined;
  }

  private throttled(seconds: number): Answer {
    return errorAnswer(429, {}, { "retry-after": String(seconds) });
  }

  /** Documented 4xx carry the hour's allowance; 5xx and successes do not. */
  private withAllowance(answer: Answer): Answer {
    if (answer.statusCode < 400 || answer.statusCode >= 500) {
      return answer;
    }
    const limit = this.settings.requestsPerHour ?? HOURLY_ALLOWANCE;
    const remaining = String(Math.max(0, limit - this.hour.count));
    return {
      ...answer,
      headers: {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": remaining,
        ...answer.headers,
      },
    };
  }
}

function recordOf({ store, params, teamId }: Call): StoredConnector | undefined {
  return store.get(params["connector_identifier"] ?? "", teamId);
}

function configurationSchema(version: string): Answer {
  if (!/^v\d+$/.test(version) || version.length > 10) {
    return errorAnswer(400, { description: "The field 'schema_version' is not valid." });
  }
  return version === "v1" ? { statusCode: 200, json: CONFIGURATION_SCHEMA } : errorAnswer(404);
}
