import { accept, isGone, sendFor, unexpected } from "../shared/error-table";
import { type HttpClient, type HttpRequest, type HttpResponse } from "../../http/types";
import { ConnectorError } from "../../errors";
import { own } from "../../message";
import { type CallContext, type Ref } from "../../lifecycle/adapter";
import { databarRefusal, saysGone, type Sent } from "./errors";
import { type DatabarRemote, parseConnector, parseItem, unwrap } from "./remote";

/**
 * Databar's calls. The collection's path ends in a slash, a connector's does not: the other form is
 * answered with a redirect, possibly to plain http.
 */
export class DatabarApi {
  constructor(private readonly http: HttpClient) {}

  async list(): Promise<DatabarRemote[]> {
    const context: CallContext = { verb: "list", sensitive: [] };
    const response = await this.send(
      { method: "GET", path: "/v1/connectors/", shared: true },
      context,
    );
    const items = unwrap(response.json);
    if (!Array.isArray(items)) {
      throw unexpected("Databar", response, own`a list was expected`, context);
    }
    return items.map((item) => parseItem(item, response, context));
  }

  /** `undefined` when Databar says 404. */
  async get(ref: Ref, given: CallContext): Promise<DatabarRemote | undefined> {
    const context = { ...given, ref };
    const response = await sendFor(this.http, { method: "GET", path: connectorPath(ref) }, context);
    return isGone(response, saysGone) ? undefined : this.answered(response, context);
  }

  /** Rejects with `not_found` when Databar says 404. */
  async require(ref: Ref, given: CallContext): Promise<DatabarRemote> {
    const context = { ...given, ref };
    const request = { method: "GET", path: connectorPath(ref) } as const;
    return this.answered(await sendFor(this.http, request, context), context);
  }

  private answered(
    response: HttpResponse,
    context: CallContext & { readonly ref: Ref },
  ): DatabarRemote {
    const { ref } = context;
    const { json } = accept(response, () => databarRefusal(response, context));
    const connector = parseConnector(unwrap(json), response, context);
    if (connector.id !== ref.key) {
      throw unexpected(
        "Databar",
        response,
        own`connector ${connector.id} instead of ${ref.key}`,
        context,
      );
    }
    return connector;
  }

  async create(body: Sent, context: CallContext): Promise<DatabarRemote> {
    const response = await this.send(
      { method: "POST", path: "/v1/connectors/", body: { kind: "json", value: body } },
      context,
      body,
    );
    return parseConnector(unwrap(response.json), response, context);
  }

  /** Replaces the whole configuration: what the body leaves out falls back to its default. */
  async replace(ref: Ref, body: Sent, context: CallContext): Promise<DatabarRemote> {
    const response = await this.send(
      { method: "PUT", path: connectorPath(ref), body: { kind: "json", value: body } },
      context,
      body,
    );
    return parseConnector(unwrap(response.json), response, context);
  }

  /** Gone before is gone. Any 2xx of the API counts, with or without a body. */
  async remove(ref: Ref, context: CallContext): Promise<void> {
    const response = await sendFor(
      this.http,
      { method: "DELETE", path: connectorPath(ref) },
      context,
    );
    if (!isGone(response, saysGone)) {
      accept(response, () => databarRefusal(response, context));
    }
  }

  private async send(
    request: HttpRequest,
    context: CallContext,
    sent?: Sent,
  ): Promise<HttpResponse> {
    return accept(await sendFor(this.http, request, context), (response) =>
      databarRefusal(response, context, sent),
    );
  }
}

function connectorPath({ key }: Ref): string {
  return `/v1/connectors/${encodeURIComponent(key)}`;
}

/**
 * Splits a resource id. A key's one workspace has no name of its own. Throws `invalid` for anything
 * but a positive whole number.
 */
export function parseDatabarId(id: string): Ref {
  if (/^[1-9]\d{0,18}$/.test(id)) {
    return { scope: "", key: id };
  }
  throw new ConnectorError(
    "invalid",
    own`A Databar connector id is a positive whole number, for example 42`,
    { vendor: "Databar" },
  );
}
