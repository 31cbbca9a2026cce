/** Databar's endpoints: matches the exact path, checks the key, then runs the operation. */
import { type Answer, type SandboxRequest } from "../http-message";
import { hasPath, matchRoute } from "../router";
import { type VendorEmulator } from "../server";
import { RequestWindow } from "../request-window";
import { type Call } from "./call";
import {
  createConnector,
  deleteConnector,
  getConnector,
  getUser,
  listConnectors,
  updateConnector,
} from "./connectors";
import { errorAnswer, type ValidationError } from "./errors";
import { type DatabarSettings } from "./settings";
import { type DatabarStore } from "./store";

interface Route {
  readonly method: string;
  readonly path: string;
  readonly handle: (call: Call) => Answer;
}

const COLLECTION = "/v1/connectors/";
const ITEM = "/v1/connectors/{connector_id}";

const ROUTES: readonly Route[] = [
  { method: "GET", path: COLLECTION, handle: listConnectors },
  { method: "POST", path: COLLECTION, handle: createConnector },
  { method: "GET", path: ITEM, handle: getConnector },
  { method: "PUT", path: ITEM, handle: updateConnector },
  { method: "DELETE", path: ITEM, handle: deleteConnector },
  { method: "GET", path: "/v1/user/me", handle: getUser },
];

const MISSING_KEY: ValidationError = {
  type: "missing",
  loc: ["header", "x-apikey"],
  msg: "Field required",
  input: null,
};

/** The behavior of Databar. */
export class DatabarEmulator implements VendorEmulator {
  private readonly window = new RequestWindow(1000);

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

  errorAnswer(statusCode: number): Answer {
    return statusCode === 429 ? this.tooManyRequests() : errorAnswer(statusCode);
  }

  handle(request: SandboxRequest): Answer {
    if (!this.window.admit(this.settings.requestsPerSecond)) {
      return this.tooManyRequests();
    }
    const match = matchRoute(ROUTES, request.method, request.path);
    if (match.kind === "none") {
      return this.redirect(request) ?? errorAnswer(404, "Not Found");
    }
    if (match.kind === "method") {
      return errorAnswer(405, "Method Not Allowed", { allow: match.allowed.join(", ") });
    }
    const key = this.credential(request.headers);
    const { store, settings } = this;
    const call: Call = {
      request,
      workspace: this.workspaceOf(key),
      id: match.params["connector_id"] ?? "",
      errors: key === undefined ? [MISSING_KEY] : [],
      settings,
      store,
    };
    return this.checkKey(key) ?? match.route.handle(call);
  }

  /** The workspace of a key. */
  workspaceOf(key: string | undefined): string {
    const { workspaceOf, workspacePerKey } = this.settings;
    if (workspaceOf !== null) {
      return workspaceOf(key ?? "");
    }
    return workspacePerKey ? (key ?? "") : "";
  }

  /**
   * 307 to the path with, or without, the trailing slash. Starlette does this before any other
   * check.
   */
  private redirect({ path, query, headers }: SandboxRequest): Answer | undefined {
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    if (!hasPath(ROUTES, other)) {
      return undefined;
    }
    const origin = this.settings.redirectOrigin ?? `http://${headers["host"] ?? "127.0.0.1"}`;
    const search = query.size === 0 ? "" : `?${query.toString()}`;
    return { statusCode: 307, headers: { location: `${origin}${other}${search}` } };
  }

  private checkKey(key: string | undefined): Answer | undefined {
    if (key === undefined) {
      return this.settings.missingKeyStatus === 422 ? undefined : errorAnswer(403);
    }
    const { keys } = this.settings;
    return keys === null || keys.includes(key)
      ? undefined
      : errorAnswer(this.settings.rejectedKeyStatus);
  }

  private tooManyRequests(): Answer {
    const { retryAfter } = this.settings;
    return errorAnswer(
      429,
      undefined,
      retryAfter === null ? {} : { "retry-after": String(retryAfter) },
    );
  }
}
