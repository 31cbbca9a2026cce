/** Supermetrics' endpoints: checks the key, the team and the connector, then runs the operation. */
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

/** A `connector` route receives the existing connector from its path. */
type Route = {
  readonly method: string;
  readonly path: string;
  readonly scope: SupermetricsScope;
} & (
  | { readonly on: "team"; readonly handle: (call: Call) => Answer }
  | { readonly on: "connector"; readonly handle: (call: Call, record: StoredConnector) => Answer }
);

const PREFIX = "/v1/teams/{team_id}/connector_builder";
const COLLECTION = `${PREFIX}/connectors`;
const ITEM = `${COLLECTION}/{connector_identifier}`;
const SCHEMA = "/connector_builder/v1/schema/{schema_version}";
const DEFAULT_HOURLY_LIMIT = 5000;

const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: COLLECTION,
    scope: "cb_connectors_read",
    on: "team",
    handle: listConnectors,
  },
  {
    method: "POST",
    path: COLLECTION,
    scope: "cb_connectors_write",
    on: "team",
    handle: createConnector,
  },
  { method: "GET", path: ITEM, scope: "cb_connectors_read", on: "connector", handle: getConnector },
  {
    method: "PUT",
    path: ITEM,
    scope: "cb_connectors_write",
    on: "connector",
    handle: updateConnector,
  },
  {
    method: "DELETE",
    path: ITEM,
    scope: "cb_connectors_write",
    on: "connector",
    handle: deleteConnector,
  },
  { method: "GET", path: `${ITEM}/logo`, scope: "cb_logo_read", on: "connector", handle: getLogo },
  {
    method: "POST",
    path: `${ITEM}/logo`,
    scope: "cb_logo_write",
    on: "connector",
    handle: setLogo,
  },
  {
    method: "GET",
    path: `${ITEM}/logs`,
    scope: "cb_logs_read",
    on: "team",
    handle: (call) => listLogs(call, recordOf(call)),
  },
  {
    method: "GET",
    path: `${ITEM}/logs/{log_id}`,
    scope: "cb_logs_read",
    on: "connector",
    handle: getLog,
  },
  {
    method: "GET",
    path: `${ITEM}/secrets`,
    scope: "cb_secrets_read",
    on: "connector",
    handle: listSecrets,
  },
  {
    method: "POST",
    path: `${ITEM}/secrets`,
    scope: "cb_secrets_write",
    on: "connector",
    handle: createSecret,
  },
  {
    method: "PUT",
    path: `${ITEM}/secrets/{secret_placeholder}`,
    scope: "cb_secrets_write",
    on: "connector",
    handle: setSecret,
  },
  {
    method: "DELETE",
    path: `${ITEM}/secrets/{secret_placeholder}`,
    scope: "cb_secrets_write",
    on: "connector",
    handle: deleteSecret,
  },
];

/** The behavior of Supermetrics. */
export class SupermetricsEmulator implements VendorEmulator {
  private readonly perSecond = new RequestWindow(1000);
  private readonly perHour = new RequestWindow(3_600_000);

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
    return this.withRateLimitHeaders(
      statusCode === 429 ? this.tooManyRequests(this.settings.retryAfter) : errorAnswer(statusCode),
    );
  }

  handle(request: SandboxRequest): Answer {
    if (!this.perSecond.admit(this.settings.requestsPerSecond)) {
      return this.withRateLimitHeaders(this.tooManyRequests(this.settings.retryAfter));
    }
    if (!this.perHour.admit(this.settings.requestsPerHour)) {
      return this.withRateLimitHeaders(this.tooManyRequests(this.perHour.secondsLeft));
    }
    return this.withRateLimitHeaders(this.route(request));
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
    const refused = this.checkKey(request, match.route.scope) ?? this.checkPath(match.params);
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

  private checkKey({ headers }: SandboxRequest, scope: SupermetricsScope): Answer | undefined {
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

  /** Checks the format of the path parameters and the access to the team. */
  private checkPath(params: Readonly<Record<string, string>>): Answer | undefined {
    const {
      team_id: teamId = "",
      connector_identifier: identifier,
      secret_placeholder: placeholder = "",
      log_id: logId = "",
    } = params;
    const badRequest = (description: string): Answer => errorAnswer(400, { description });
    if (!isTeamId(teamId)) {
      return badRequest("The field 'team_id' must be between 1 and 9223372036854775807.");
    }
    if (!this.settings.teams.includes(teamId)) {
      return errorAnswer(403);
    }
    if (identifier !== undefined && !isIdentifier(identifier)) {
      return badRequest("The field 'connector_identifier' is not valid.");
    }
    if (placeholder.length > 100) {
      return badRequest("The field 'secret_placeholder' must not be longer than 100 characters.");
    }
    return logId.length > 255
      ? badRequest("The field 'log_id' must not be longer than 255 characters.")
      : undefined;
  }

  private tooManyRequests(seconds: number): Answer {
    return errorAnswer(429, {}, { "retry-after": String(seconds) });
  }

  /** Adds the rate-limit headers to 4xx answers. The API documents none for 5xx and successes. */
  private withRateLimitHeaders(answer: Answer): Answer {
    if (answer.statusCode < 400 || answer.statusCode >= 500) {
      return answer;
    }
    const limit = this.settings.requestsPerHour ?? DEFAULT_HOURLY_LIMIT;
    const remaining = String(Math.max(0, limit - this.perHour.count));
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
