import { joinPath } from "../../diagnostics";
import { type ConnectorError, type ErrorDetail } from "../../errors";
import {
  type ErrorBody,
  type ErrorRow,
  firstText,
  MOST_DETAILS,
  refusal,
} from "../shared/error-table";
import { type CallContext } from "../../lifecycle/adapter";
import { type HttpResponse } from "../../http/types";
import { isObject } from "../../json";
import { databarFields } from "./fields";

const KEY_FIX =
  "Give a valid key with `pulumi config set --secret databar:apiKey …` or DATABAR_API_KEY";
const PLAN_FIX =
  "Ask Databar for a plan or credits that allow it, or lower what the definition asks for";

/**
 * What Databar answers, by status. The documentation names 400, 403, 404, 406 and 422; 401, 409,
 * 429 and 5xx are known from the vendor's own clients. `PLAN` and `KEY` are not codes of Databar:
 * they stand for a text or a location in the answer.
 */
export const databarErrors: readonly ErrorRow[] = [
  { status: 400, code: "invalid", means: "the request is invalid", fix: "Fix the definition" },
  { status: 401, code: "unauthorized", means: "the key is not valid", fix: KEY_FIX },
  {
    status: 403,
    vendorCode: "PLAN",
    code: "plan_limit",
    means: "the plan does not include the API",
    fix: PLAN_FIX,
  },
  {
    status: 403,
    code: "forbidden",
    means: "the key is missing, not valid, or not entitled",
    fix: KEY_FIX,
  },
  {
    status: 404,
    code: "not_found",
    means: "there is no connector of this id",
    fix: "Run pulumi refresh, then pulumi up: a connector deleted outside is created again",
  },
  { status: 406, code: "plan_limit", means: "credits or plan do not allow it", fix: PLAN_FIX },
  { status: 408, code: "timeout", means: "the request took too long", fix: "Run pulumi up again" },
  {
    status: 409,
    code: "conflict",
    means: "the connector is in use, or conflicts with another one",
    fix: "Resolve the conflict in Databar, then run pulumi up again",
  },
  {
    status: 413,
    code: "invalid",
    means: "the definition is too large",
    fix: "Make the definition smaller",
  },
  {
    status: 422,
    vendorCode: "KEY",
    code: "unauthorized",
    means: "the key is missing",
    fix: KEY_FIX,
  },
  { status: 422, code: "invalid", means: "the definition is not valid", fix: "Fix the definition" },
  {
    status: 429,
    code: "rate_limited",
    means: "too many requests",
    fix: "Run pulumi up again later, or lower databar:requestsPerSecond",
  },
  {
    status: "4xx",
    code: "unexpected_response",
    means: "an answer that Databar does not document",
    fix: "Check databar:baseUrl; if it is right, ask Databar",
  },
  {
    status: "5xx",
    code: "unavailable",
    means: "a fault on Databar's side",
    fix: "Run pulumi up again later",
  },
];

/** Databar's refusal as the error that a deployment fails with. */
export function databarRefusal(
  response: HttpResponse,
  context: CallContext,
  sent?: Sent,
): ConnectorError {
  return refusal("Databar", databarErrors, response, readErrorBody(response, sent), context);
}

/** The body that the answer is about: Databar counts list entries, the definition names them. */
export type Sent = Readonly<Record<string, unknown>>;

/**
 * Reads any error body that Databar or something in front of it may send: `{detail}` as text, list
 * or object, `{error, detail}`, also with `fields`, `{error, details}`, anything else.
 */
export function readErrorBody(
  { statusCode, json, headers }: HttpResponse,
  sent: Sent = {},
): ErrorBody {
  const requestId = headers["x-request-id"];
  const base = requestId === undefined ? {} : { requestId };
  if (!isObject(json)) {
    return base;
  }
  const text = firstText(json.detail, json.details, json.message, json.error);
  const details = [...readDetails(json.detail, sent), ...readFields(json.fields, text, sent)];
  const vendorCode = codeOf(json);
  const rowCode = rowCodeOf(statusCode, json, text ?? "");
  return {
    ...base,
    ...(isDocumented(json) && { documented: true }),
    ...(rowCode !== undefined && { rowCode }),
    ...(vendorCode !== undefined && { vendorCode }),
    ...(text !== undefined && { text }),
    details,
  };
}

/**
 * Whether a body is an error in Databar's own form: each has `detail`, and one of its clients reads
 * `details`. A gateway's problem document (RFC 9457) has `detail` as well, beside `title` and
 * `status`.
 */
function isDocumented(json: Readonly<Record<string, unknown>>): boolean {
  const { detail, details, title, status } = json;
  const said =
    firstText(detail, details) !== undefined || (typeof detail === "object" && detail !== null);
  return said && !(title !== undefined && status !== undefined) && !isUnknownRoute(json);
}

/**
 * Databar's framework answers exactly this for an unknown path; the API has another text for an
 * unknown id.
 */
function isUnknownRoute({ error, detail }: Readonly<Record<string, unknown>>): boolean {
  return detail === "Not Found" && error === undefined;
}

/** Whether the body of a 404 means that the connector does not exist. */
export function saysGone(json: unknown): boolean {
  return isObject(json) && isDocumented(json) && firstText(json.detail, json.details) !== undefined;
}

function rowCodeOf(
  statusCode: number,
  body: Readonly<Record<string, unknown>>,
  text: string,
): string | undefined {
  if (statusCode === 403 && /sdk is not available|not available on your current plan/i.test(text)) {
    return "PLAN";
  }
  return statusCode === 422 && isHeaderFault(body.detail) ? "KEY" : undefined;
}

function codeOf({ error: word }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof word === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(word) ? word : undefined;
}

function isHeaderFault(detail: unknown): boolean {
  return (
    Array.isArray(detail) &&
    detail.some((item) => isObject(item) && Array.isArray(item.loc) && item.loc[0] === "header")
  );
}

function readDetails(detail: unknown, sent: Sent): ErrorDetail[] {
  const items = Array.isArray(detail)
    ? detail.slice(0, MOST_DETAILS)
    : isObject(detail)
      ? [detail]
      : [];
  return items.flatMap((item: unknown) => {
    if (typeof item === "string") {
      return [{ path: "", message: item }];
    }
    if (!isObject(item)) {
      return [];
    }
    const message = firstText(item.msg, item.message, item.detail);
    return message === undefined
      ? []
      : [{ path: propertyPath(item.loc, sent), message: mend(message) }];
  });
}

/**
 * The newer form names the fields beside one text for all of them, each as a name, a path with
 * dots, or a location.
 */
function readFields(fields: unknown, text: string | undefined, sent: Sent): ErrorDetail[] {
  if (!Array.isArray(fields) || text === undefined) {
    return [];
  }
  const names = fields
    .filter(
      (field): field is string | unknown[] => typeof field === "string" || Array.isArray(field),
    )
    .slice(0, MOST_DETAILS);
  const locations = names.map((field) =>
    typeof field === "string"
      ? field.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part))
      : field,
  );
  return locations.map((loc, index) => ({
    path: propertyPath(loc, sent),
    message: index === 0 ? text : "see above",
  }));
}

/**
 * `["body","headers",0,"value"]` → `headers.Authorization`, when that is the first header that was
 * sent.
 */
export function propertyPath(loc: unknown, sent: Sent = {}): string {
  if (!Array.isArray(loc)) {
    return "";
  }
  const parts = loc.filter(
    (part): part is string | number => typeof part === "string" || typeof part === "number",
  );
  const [head, ...tail] = parts[0] === "body" ? parts.slice(1) : parts;
  if (typeof head !== "string" || ["path", "query", "cookie", "header"].includes(head)) {
    return "";
  }
  const field = databarFields.fields.find(({ vendorName }) => vendorName === head);
  if (field === undefined) {
    return joinPath(head, ...tail);
  }
  return field.kind === "entries"
    ? joinPath(field.name, ...entryName(sent[head], tail[0]))
    : joinPath(field.name, ...tail);
}

function entryName(list: unknown, index: string | number | undefined): (string | number)[] {
  if (index === undefined) {
    return [];
  }
  const entry: unknown = Array.isArray(list) ? list[Number(index)] : undefined;
  return [isObject(entry) && typeof entry.name === "string" ? entry.name : index];
}

function mend(message: string): string {
  return message
    .replace(/^(Input|Value) should be greater than or equal to (\S+)$/, "must be at least $2")
    .replace(/^String should have at most (\d+) characters?$/, "must have at most $1 characters");
}
