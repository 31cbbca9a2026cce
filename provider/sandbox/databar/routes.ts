/** Databar's endpoints: exact paths, the key, and what each verb does. */
import { type Answer, type SandboxRequest } from "../message";
import { hasPath, matchRoute } from "../router";
import { type Vendor } from "../server";
import { RequestWindow } from "../throttle";
import { invalid, refusal, type ValidationFault } from "./errors";
import { present, presentCreated } from "./normalize";
import { type DatabarSettings } from "./settings";
import { type DatabarStore } from "./store";
import { type DatabarFields, parseConnector, parseId, type Validated } from "./validate";

interface Call {
  readonly request: SandboxRequest;
  readonly workspace: string;
  readonly id: Validated<number>;
  /** Faults of the header, to be reported with the rest. */
  readonly faults: readonly ValidationFault[];
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly handle: (call: Call) => Answer;
}

const COLLECTION = "/v1/connectors/";
const ITEM = "/v1/connectors/{connector_id}";

/** Databar behind the server. */
export class DatabarVendor implements Vendor {
  private readonly window = new RequestWindow(1000);
  private readonly routes: readonly Route[] = [
    { method: "GET", path: COLLECTION, handle: (call) => this.list(call) },
    { method: "POST", path: COLLECTION, handle: (call) => this.create(call) },
    { method: "GET", path: ITEM, handle: (call) => this.get(call) },
    { method: "PUT", path: ITEM, handle: (call) => this.update(call) },
    { method: "DELETE", path: ITEM, handle: (call) => this.delete(call) },
    { method: "GET", path: "/v1/user/me", handle: (call) => this.user(call) },
  ];

  constructor(
    private readonly store: DatabarStore,
    private readonly settings: DatabarSettings,
  ) {}

  get keys(): readonly string[] {
    return this.settings.keys ?? [];
  }

  credential(headers: Readonly<Record<string, string>>): string | undefined {
    const key = headers["x-apikey"];
    return key === "" ? undefined : key;
  }

  refusal(statusCode: number): Answer {
    return statusCode === 429 ? this.throttled() : refusal(statusCode);
  }

  handle(request: SandboxRequest): Answer {
    if (!this.window.admit(this.settings.requestsPerSecond)) return this.throttled();
    const match = matchRoute(this.routes, request.method, request.path);
    if (match.kind === "none") return this.redirect(request) ?? refusal(404, "Not Found");
    if (match.kind === "method") return refusal(405, "Method Not Allowed", { allow: match.allowed.join(", ") });
    const key = this.credential(request.headers);
    const refused = this.refuseKey(key);
    if (refused !== undefined) return refused;
    const id = parseId(match.params["connector_id"] ?? "0");
    const faults = key === undefined ? [MISSING_KEY] : [];
    return match.route.handle({ request, workspace: this.workspaceOf(key), id, faults });
  }

  /** The workspace of a key. */
  workspaceOf(key: string | undefined): string {
    return this.settings.workspacePerKey ? (key ?? "") : "";
  }

  private list({ workspace, faults }: Call): Answer {
    if (faults.length > 0) return invalid(faults);
    return { statusCode: 200, json: this.store.list(workspace).map((connector) => present(connector, this.settings.normalize)) };
  }

  private create(call: Call): Answer {
    const fields = parseConnector(call.request.body);
    if ("faults" in fields || call.faults.length > 0) return invalid(faultsOf(call, fields));
    const connector = this.store.create(fields.value, call.workspace);
    return { statusCode: this.settings.createStatus, json: presentCreated(connector, this.settings.normalize) };
  }

  private get(call: Call): Answer {
    if ("faults" in call.id || call.faults.length > 0) return invalid(faultsOf(call, call.id));
    const connector = this.store.get(call.id.value, call.workspace);
    if (connector === undefined) return refusal(404);
    return { statusCode: 200, json: present(connector, this.settings.normalize) };
  }

  private update(call: Call): Answer {
    const fields: Validated<DatabarFields> = parseConnector(call.request.body);
    if ("faults" in call.id || "faults" in fields || call.faults.length > 0) return invalid(faultsOf(call, call.id, fields));
    if (this.store.get(call.id.value, call.workspace) === undefined) return refusal(404);
    return { statusCode: 200, json: present(this.store.replace(call.id.value, fields.value), this.settings.normalize) };
  }

  private delete(call: Call): Answer {
    if ("faults" in call.id || call.faults.length > 0) return invalid(faultsOf(call, call.id));
    if (this.store.get(call.id.value, call.workspace) === undefined) return refusal(404);
    const use = this.store.useOf(call.id.value);
    if (use !== undefined) return refusal(409, use);
    this.store.remove(call.id.value);
    return this.settings.deleteStatus === 204 ? { statusCode: 204 } : { statusCode: 200, json: { status: "deleted" } };
  }

  private user({ workspace, faults }: Call): Answer {
    if (faults.length > 0) return invalid(faults);
    const name = workspace === "" ? "Sandbox" : `Sandbox of ${workspace.length} characters`;
    return { statusCode: 200, json: { first_name: "Sandbox", email: "sandbox@example.com", balance: 1000, plan: "sandbox", workspace: name } };
  }

  /** 307 to the form with, or without, the trailing slash, as Starlette does before any other check. */
  private redirect({ path, headers }: SandboxRequest): Answer | undefined {
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    if (!hasPath(this.routes, other)) return undefined;
    const origin = this.settings.redirectOrigin ?? `http://${headers["host"] ?? "127.0.0.1"}`;
    return { statusCode: 307, headers: { location: `${origin}${other}` } };
  }

  private refuseKey(key: string | undefined): Answer | undefined {
    if (key === undefined) return this.settings.missingKeyStatus === 422 ? undefined : refusal(403);
    const { keys } = this.settings;
    return keys === null || keys.includes(key) ? undefined : refusal(this.settings.rejectedKeyStatus);
  }

  private throttled(): Answer {
    const { retryAfter } = this.settings;
    return refusal(429, undefined, retryAfter === null ? {} : { "retry-after": String(retryAfter) });
  }
}

const MISSING_KEY: ValidationFault = { type: "missing", loc: ["header", "x-apikey"], msg: "Field required", input: null };

function faultsOf(call: Call, ...parts: readonly Validated<unknown>[]): readonly ValidationFault[] {
  return [...call.faults, ...parts.flatMap((part) => ("faults" in part ? part.faults : []))];
}
