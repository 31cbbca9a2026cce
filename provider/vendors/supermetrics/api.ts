import { joinPath } from "../../diagnostics";
import { accept, isGone, sendFor, unexpected } from "../shared/error-table";
import { type HttpClient, type HttpRequest, type HttpResponse } from "../../http/types";
import { type Listed, type Ref, type CallContext } from "../../lifecycle/adapter";
import { isObject } from "../../json";
import { type About, saysGone, supermetricsRefusal } from "./errors";
import { type LogoFile } from "./logo";
import {
  parseConnector,
  parseSecrets,
  type RemoteSecret,
  type SupermetricsRemote,
  unwrap,
} from "./remote";
import { ConnectorError } from "../../errors";
import { own } from "../../message";
import { type UpdateBlocks } from "./stage-types";

/** The list endpoint never carries more. */
const LIST_LIMIT = 1000;

/** Supermetrics' Connector Builder calls. No path ends in a slash. */
export class SupermetricsApi {
  /** @param team the team of the settings, which errors name as a setting. */
  constructor(
    private readonly http: HttpClient,
    private readonly team?: string,
  ) {}

  async list(team: string, withConfigurations: boolean): Promise<Listed<SupermetricsRemote>> {
    const context: CallContext = { verb: "list", sensitive: [] };
    const query = { include_configs: String(withConfigurations) };
    const response = await this.send(
      { method: "GET", path: collection(team), query, shared: true },
      team,
      context,
    );
    const body = unwrap(response.json);
    const list = isObject(body) ? body.connectors : undefined;
    if (!isObject(body) || !Array.isArray(list)) {
      throw unexpected("Supermetrics", response, own`a list of connectors was expected`, context);
    }
    const items = list.map((item) => this.parse(item, response, context));
    const count = Number(body.count ?? items.length);
    return { items, complete: items.length >= count && items.length !== LIST_LIMIT };
  }

  /** `undefined` when Supermetrics says 404. */
  async get(ref: Ref, given: CallContext): Promise<SupermetricsRemote | undefined> {
    const context = { ...given, ref };
    const response = await sendFor(this.http, { method: "GET", path: path(ref) }, context);
    return isGone(response, saysGone) ? undefined : this.answered(response, context);
  }

  /** Rejects with `not_found` when Supermetrics says 404. */
  async require(ref: Ref, given: CallContext): Promise<SupermetricsRemote> {
    const context = { ...given, ref };
    const request = { method: "GET", path: path(ref) } as const;
    return this.answered(await sendFor(this.http, request, context), context);
  }

  private answered(
    response: HttpResponse,
    context: CallContext & { readonly ref: Ref },
  ): SupermetricsRemote {
    const { ref } = context;
    const { json } = accept(response, () => this.refusal(response, ref.scope, context));
    const remote = this.parse(unwrap(json), response, context);
    if (remote.identifier === ref.key) {
      return remote;
    }
    throw unexpected(
      "Supermetrics",
      response,
      own`connector ${remote.identifier} instead of ${ref.key}`,
      context,
    );
  }

  /** The create call: form-encoded, the name under `title`, without a configuration. */
  async create(
    team: string,
    form: { readonly title: string; readonly description?: string; readonly duplicateOf?: string },
    context: CallContext,
  ): Promise<SupermetricsRemote> {
    const fields = {
      title: form.title,
      ...(form.description !== undefined && { description: form.description }),
      ...(form.duplicateOf !== undefined && { connector_identifier: form.duplicateOf }),
    };
    const response = await this.send(
      { method: "POST", path: collection(team), body: { kind: "form", fields } },
      team,
      context,
      { creates: true },
    );
    return this.parse(unwrap(response.json), response, context);
  }

  async update(ref: Ref, blocks: UpdateBlocks, context: CallContext): Promise<void> {
    const about = blocks.connector === undefined ? { property: "configuration" } : {};
    await this.send(
      { method: "PUT", path: path(ref), body: { kind: "json", value: blocks } },
      ref.scope,
      context,
      about,
    );
  }

  /** Gone before is gone. */
  async remove(ref: Ref, context: CallContext): Promise<void> {
    await this.removeAt(path(ref), ref.scope, context);
  }

  /**
   * The names and placeholders of a connector's secrets; `undefined` when the connector is gone.
   */
  async listSecrets(ref: Ref, context: CallContext): Promise<readonly RemoteSecret[] | undefined> {
    const response = await sendFor(
      this.http,
      { method: "GET", path: `${path(ref)}/secrets` },
      context,
    );
    if (isGone(response, saysGone)) {
      return undefined;
    }
    return secretsOf(
      accept(response, () => this.refusal(response, ref.scope, context)),
      context,
    );
  }

  /** Answers the whole list: the new placeholder is found by its name. */
  async createSecret(
    ref: Ref,
    name: string,
    value: string,
    context: CallContext,
  ): Promise<readonly RemoteSecret[]> {
    const body = { kind: "json", value: { secret_name: name, secret_value: value } } as const;
    const response = await this.send(
      { method: "POST", path: `${path(ref)}/secrets`, body },
      ref.scope,
      context,
      { secret: name, property: joinPath("secrets", name) },
    );
    return secretsOf(response, context);
  }

  async setSecret(
    ref: Ref,
    { name, placeholder }: RemoteSecret,
    value: string,
    context: CallContext,
  ): Promise<void> {
    const body = { kind: "json", value: { secret_value: value } } as const;
    await this.send(
      { method: "PUT", path: secretPath(ref, placeholder), body },
      ref.scope,
      context,
      {
        secret: name,
        property: joinPath("secrets", name),
      },
    );
  }

  /** Gone before is gone. */
  async removeSecret(ref: Ref, { placeholder }: RemoteSecret, context: CallContext): Promise<void> {
    await this.removeAt(secretPath(ref, placeholder), ref.scope, context);
  }

  /** Uploads a logo and resolves with where it is served. */
  async setLogo(ref: Ref, logo: LogoFile, context: CallContext): Promise<string | undefined> {
    const body = { kind: "multipart", part: "logo", ...logo } as const;
    const { json } = await this.send(
      { method: "POST", path: `${path(ref)}/logo`, body },
      ref.scope,
      context,
      {
        property: "logo",
      },
    );
    const answer = unwrap(json);
    return isObject(answer) && typeof answer.logo_url === "string" ? answer.logo_url : undefined;
  }

  private async removeAt(target: string, team: string, context: CallContext): Promise<void> {
    const response = await sendFor(this.http, { method: "DELETE", path: target }, context);
    if (!isGone(response, saysGone)) {
      accept(response, () => this.refusal(response, team, context));
    }
  }

  private async send(
    request: HttpRequest,
    team: string,
    context: CallContext,
    about?: About,
  ): Promise<HttpResponse> {
    return accept(await sendFor(this.http, request, context), (response) =>
      this.refusal(response, team, context, about),
    );
  }

  private refusal(
    response: HttpResponse,
    team: string,
    context: CallContext,
    about: About = {},
  ): ConnectorError {
    return supermetricsRefusal(response, context, {
      ...about,
      teamFromSettings: team === this.team,
    });
  }

  private parse(value: unknown, response: HttpResponse, context: CallContext): SupermetricsRemote {
    const remote = parseConnector(value);
    if (remote === undefined) {
      throw unexpected(
        "Supermetrics",
        response,
        own`a connector with an identifier was expected`,
        context,
      );
    }
    return remote;
  }
}

function secretsOf(response: HttpResponse, context: CallContext): RemoteSecret[] {
  const secrets = parseSecrets(unwrap(response.json));
  if (secrets === undefined) {
    throw unexpected("Supermetrics", response, own`a list of secrets was expected`, context);
  }
  return secrets;
}

function collection(team: string): string {
  return `/v1/teams/${encodeURIComponent(team)}/connector_builder/connectors`;
}

function path({ scope, key }: Ref): string {
  return `${collection(scope)}/${encodeURIComponent(key)}`;
}

function secretPath(ref: Ref, placeholder: string): string {
  return `${path(ref)}/secrets/${encodeURIComponent(placeholder)}`;
}

/**
 * Splits `teamId/connectorIdentifier`; an identifier alone belongs to `team`, the configured one.
 * Throws `invalid` when it is neither.
 */
export function parseSupermetricsId(id: string, team: string | undefined): Ref {
  const [, scope = team, key] = /^(?:(\d{1,19})\/)?([A-Za-z0-9_-]{1,100})$/.exec(id) ?? [];
  if (scope !== undefined && key !== undefined) {
    return { scope, key };
  }
  throw new ConnectorError(
    "invalid",
    own`A Supermetrics connector id is teamId/connectorIdentifier, for example 936506/T3S70`,
    { vendor: "Supermetrics" },
  );
}
