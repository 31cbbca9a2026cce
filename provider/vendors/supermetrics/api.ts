import { joinPath } from "../../diagnostics";
import { accept, isGone, sendFor, unexpected } from "../shared/error-table";
import { type HttpClient, type HttpRequest, type HttpResponse } from "../../http/types";
import { type Listed, type Ref, type Subject } from "../../lifecycle/adapter";
import { isObject, type JsonObject } from "../../json";
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

/** The list endpoint never carries more. */
const LIST_LIMIT = 1000;

/** The blocks of an update; one that is left out stays as it is. */
export interface UpdateBlocks {
  readonly connector?: { readonly name: string; readonly description: string };
  readonly configuration?: { readonly configuration_json: JsonObject };
}

/** Supermetrics' Connector Builder calls. No path ends in a slash. */
export class SupermetricsApi {
  constructor(private readonly http: HttpClient) {}

  async list(team: string, withConfigurations: boolean): Promise<Listed<SupermetricsRemote>> {
    const subject: Subject = { verb: "list", sensitive: [] };
    const query = { include_configs: String(withConfigurations) };
    const response = await this.send({ method: "GET", path: collection(team), query }, subject);
    const body = unwrap(response.json);
    const list = isObject(body) ? body["connectors"] : undefined;
    if (!isObject(body) || !Array.isArray(list)) {
      throw unexpected("Supermetrics", response, "a list of connectors was expected", subject);
    }
    const items = list.map((item) => this.parse(item, response, subject));
    const count = Number(body["count"] ?? items.length);
    return { items, complete: items.length >= count && items.length !== LIST_LIMIT };
  }

  /** `undefined` when Supermetrics says 404. */
  async get(ref: Ref, subject: Subject): Promise<SupermetricsRemote | undefined> {
    const attempted = { ...subject, ref };
    const response = await sendFor(this.http, { method: "GET", path: path(ref) }, subject);
    if (isGone(response, saysGone)) {
      return undefined;
    }
    const { json } = accept(response, () => supermetricsRefusal(response, attempted));
    const remote = this.parse(unwrap(json), response, attempted);
    if (remote.identifier === ref.key) {
      return remote;
    }
    throw unexpected(
      "Supermetrics",
      response,
      `connector ${remote.identifier} instead of ${ref.key}`,
      attempted,
    );
  }

  /** The create call: form-encoded, the name under `title`, without a configuration. */
  async create(
    team: string,
    form: { readonly title: string; readonly description?: string; readonly duplicateOf?: string },
    subject: Subject,
  ): Promise<SupermetricsRemote> {
    const fields = {
      title: form.title,
      ...(form.description !== undefined && { description: form.description }),
      ...(form.duplicateOf !== undefined && { connector_identifier: form.duplicateOf }),
    };
    const response = await this.send(
      { method: "POST", path: collection(team), body: { kind: "form", fields } },
      subject,
      { creates: true },
    );
    return this.parse(unwrap(response.json), response, subject);
  }

  async update(ref: Ref, blocks: UpdateBlocks, subject: Subject): Promise<void> {
    const about = blocks.connector === undefined ? { property: "configuration" } : {};
    await this.send(
      { method: "PUT", path: path(ref), body: { kind: "json", value: blocks } },
      subject,
      about,
    );
  }

  /** Gone before is gone. */
  async remove(ref: Ref, subject: Subject): Promise<void> {
    await this.removeAt(path(ref), subject);
  }

  /** The names and placeholders of a connector's secrets; `undefined` when the connector is gone. */
  async listSecrets(ref: Ref, subject: Subject): Promise<readonly RemoteSecret[] | undefined> {
    const response = await sendFor(
      this.http,
      { method: "GET", path: `${path(ref)}/secrets` },
      subject,
    );
    if (isGone(response, saysGone)) {
      return undefined;
    }
    return secretsOf(
      accept(response, () => supermetricsRefusal(response, subject)),
      subject,
    );
  }

  /** Answers the whole list: the new placeholder is found by its name. */
  async createSecret(
    ref: Ref,
    name: string,
    value: string,
    subject: Subject,
  ): Promise<readonly RemoteSecret[]> {
    const body = { kind: "json", value: { secret_name: name, secret_value: value } } as const;
    const response = await this.send(
      { method: "POST", path: `${path(ref)}/secrets`, body },
      subject,
      { secret: name, property: joinPath("secrets", name) },
    );
    return secretsOf(response, subject);
  }

  async setSecret(
    ref: Ref,
    { name, placeholder }: RemoteSecret,
    value: string,
    subject: Subject,
  ): Promise<void> {
    const body = { kind: "json", value: { secret_value: value } } as const;
    await this.send({ method: "PUT", path: secretPath(ref, placeholder), body }, subject, {
      secret: name,
      property: joinPath("secrets", name),
    });
  }

  /** Gone before is gone. */
  async removeSecret(ref: Ref, { placeholder }: RemoteSecret, subject: Subject): Promise<void> {
    await this.removeAt(secretPath(ref, placeholder), subject);
  }

  /** Uploads a logo and resolves with where it is served. */
  async setLogo(ref: Ref, logo: LogoFile, subject: Subject): Promise<string | undefined> {
    const body = { kind: "multipart", part: "logo", ...logo } as const;
    const { json } = await this.send({ method: "POST", path: `${path(ref)}/logo`, body }, subject, {
      property: "logo",
    });
    const answer = unwrap(json);
    return isObject(answer) && typeof answer["logo_url"] === "string"
      ? answer["logo_url"]
      : undefined;
  }

  private async removeAt(target: string, subject: Subject): Promise<void> {
    const response = await sendFor(this.http, { method: "DELETE", path: target }, subject);
    if (!isGone(response, saysGone)) {
      accept(response, () => supermetricsRefusal(response, subject));
    }
  }

  private async send(request: HttpRequest, subject: Subject, about?: About): Promise<HttpResponse> {
    return accept(await sendFor(this.http, request, subject), (response) =>
      supermetricsRefusal(response, subject, about),
    );
  }

  private parse(value: unknown, response: HttpResponse, subject: Subject): SupermetricsRemote {
    const remote = parseConnector(value);
    if (remote === undefined) {
      throw unexpected(
        "Supermetrics",
        response,
        "a connector with an identifier was expected",
        subject,
      );
    }
    return remote;
  }
}

function secretsOf(response: HttpResponse, subject: Subject): RemoteSecret[] {
  const secrets = parseSecrets(unwrap(response.json));
  if (secrets === undefined) {
    throw unexpected("Supermetrics", response, "a list of secrets was expected", subject);
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
 * Splits `teamId/connectorIdentifier`; an identifier alone belongs to `team`, the configured one. Throws `invalid` when
 * it is neither.
 */
export function parseSupermetricsId(id: string, team: string | undefined): Ref {
  const [, scope = team, key] = /^(?:(\d{1,19})\/)?([A-Za-z0-9_-]{1,100})$/.exec(id) ?? [];
  if (scope !== undefined && key !== undefined) {
    return { scope, key };
  }
  throw new ConnectorError(
    "invalid",
    "A Supermetrics connector id is teamId/connectorIdentifier, for example 936506/T3S70",
    { vendor: "Supermetrics" },
  );
}
