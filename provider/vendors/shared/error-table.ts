import {
  ConnectorError,
  type ConnectorErrorOptions,
  type ErrorCode,
  type ErrorDetail,
} from "../../errors";
import { asMessage, joined, type Message, own, ownText } from "../../message";
import { retryAfterMs } from "../../http/interceptors/retry-timing";
import { type HttpClient, type HttpRequest, type HttpResponse } from "../../http/types";
import { type CallContext } from "../../lifecycle/adapter";

/**
 * One row of a vendor's error table: HTTP status and vendor code → our code, what it means, and
 * what the user does. `docs/errors.md` is generated from these rows.
 */
export interface ErrorRow {
  /** An HTTP status, or `5xx`/`4xx` for the rest of a class. */
  readonly status: number | "4xx" | "5xx";
  /**
   * The vendor's code, or a {@link ErrorBody.rowCode}; a trailing `*` matches any ending. Default:
   * any code, or none.
   */
  readonly vendorCode?: string;
  readonly code: ErrorCode;
  /** What it means; shown when the vendor gives no text. */
  readonly means: string;
  /** What to do next: a sentence without its full stop. */
  readonly fix: string;
}

/** An error body, as far as the vendor's parser could read it. */
export interface ErrorBody {
  /** Finds the row in place of the vendor's code, where the vendor has no code for a failure. */
  readonly rowCode?: string;
  /** Whether the body is an error as the API documents it; any other body may be a gateway's. */
  readonly documented?: boolean;
  readonly vendorCode?: string;
  readonly requestId?: string;
  /** The vendor's text. */
  readonly text?: string;
  /** The parts about single properties. */
  readonly details?: readonly ErrorDetail[];
}

/**
 * The row for an answer: by status first, by the vendor's code second; then by the class of the
 * status.
 */
export function findRow(
  rows: readonly ErrorRow[],
  statusCode: number,
  vendorCode: string | undefined,
): ErrorRow | undefined {
  const statusClass = statusCode >= 500 ? "5xx" : "4xx";
  const ofStatus = rows.filter(({ status }) => status === statusCode);
  const ofClass = rows.filter(({ status }) => status === statusClass);
  const named = (row: ErrorRow): boolean =>
    row.vendorCode !== undefined && vendorCode !== undefined && fits(row.vendorCode, vendorCode);
  const general = (row: ErrorRow): boolean => row.vendorCode === undefined;
  return (
    ofStatus.find(named) ?? ofStatus.find(general) ?? ofClass.find(named) ?? ofClass.find(general)
  );
}

function fits(pattern: string, code: string): boolean {
  return pattern.endsWith("*") ? code.startsWith(pattern.slice(0, -1)) : pattern === code;
}

/** Sends a request for a connector. A failure without an answer names the connector. */
export async function sendFor(
  http: HttpClient,
  request: HttpRequest,
  context: CallContext,
): Promise<HttpResponse> {
  try {
    const { verb, name, sensitive } = context;
    return await http.send({
      ...request,
      sensitive,
      purpose: { verb, ...(name !== undefined && { target: name }) },
    });
  } catch (error) {
    throw error instanceof ConnectorError
      ? error.addContext({ prefix: own`Could not ${phrase(context)}: `, ...nextStep(error) })
      : error;
  }
}

/** What to do about a request that was not sent, because the wait after a 429 is too long. */
function nextStep({ code, retryAfter }: ConnectorError): { readonly suffix?: Message } {
  if (code !== "rate_limited") {
    return {};
  }
  const when = retryAfter === undefined ? "later" : "then";
  return { suffix: ownText(` Run \`pulumi up\` again ${when}.`) };
}

/** A vendor's refusal as the error that a deployment fails with. */
export function refusal(
  vendor: string,
  rows: readonly ErrorRow[],
  response: HttpResponse,
  errorBody: ErrorBody,
  context: CallContext,
): ConnectorError {
  const { statusCode } = response;
  const problem = undocumented(statusCode, errorBody);
  if (problem !== undefined) {
    return unexpected(vendor, response, ownText(problem), context);
  }
  const row = findRow(rows, statusCode, errorBody.rowCode ?? errorBody.vendorCode);
  const code = row?.code ?? "unexpected_response";
  const clean = cleaner(response);
  const details = cleanDetails(errorBody, clean);
  const { vendorCode, requestId } = errorBody;
  const retryAfter = retryAfterSeconds(response);
  const message = joined(
    [
      own`${headline(vendor, code, context)}: ${whatIsWrong(errorBody, details, row, clean)}`,
      own`[${facts(statusCode, errorBody, clean)}].`,
      ...requestedWait(vendor, statusCode, retryAfter),
      own`${advice(code, row, details)}.`,
      ...gatewayAdvice(statusCode, errorBody),
    ],
    " ",
  );
  return new ConnectorError(code, message, {
    vendor,
    statusCode,
    vendorCode,
    requestId,
    retryAfter,
    details,
    ...effectOf(response, code),
  });
}

/**
 * What is not documented about an answer. A 404 with an undocumented body comes from a gateway or a
 * proxy and says nothing about the connector.
 */
function undocumented(statusCode: number, { documented }: ErrorBody): string | undefined {
  if (statusCode < 300) {
    return "a body that is not JSON";
  }
  return statusCode === 404 && !documented ? "a 404 that is not the API's own" : undefined;
}

/** The vendor's own refusals are documented; another one may come from something in front of it. */
function gatewayAdvice(statusCode: number, { documented }: ErrorBody): Message[] {
  return !documented && (statusCode === 401 || statusCode === 403)
    ? [own`The answer is not one that the API documents: check the base URL and any proxy too.`]
    : [];
}

/**
 * Whether to try again, and whether a write may have taken effect. A limit of the plan is a
 * decision, even as a 500.
 */
function effectOf(
  { statusCode, outcomeUnknown }: HttpResponse,
  code: ErrorCode,
): Pick<ConnectorErrorOptions, "retryable" | "outcomeUnknown"> {
  const isFault = statusCode >= 500 && code !== "plan_limit";
  return {
    retryable: statusCode === 429 || isFault,
    outcomeUnknown: statusCode === 408 || isFault || outcomeUnknown === true,
  };
}

/** The vendor's text, by property where it names some; else the meaning of the row. */
function whatIsWrong(
  { text = "" }: ErrorBody,
  details: readonly ErrorDetail[],
  row: ErrorRow | undefined,
  clean: (text: string) => string,
): Message {
  const lines = details.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  const given = [...new Set(lines)].join("; ") || clean(text);
  return given === "" ? ownText(row?.means ?? "no reason given") : asMessage(given);
}

function cleanDetails({ details = [] }: ErrorBody, clean: (text: string) => string): ErrorDetail[] {
  return details
    .slice(0, MOST_DETAILS)
    .map(({ path, message }) => ({ path: clean(path), message: clean(message) }));
}

/** `HTTP 422, UNPROCESSABLE_ENTITY, request r-1`. */
function facts(
  statusCode: number,
  { vendorCode, requestId }: ErrorBody,
  clean: (text: string) => string,
): Message {
  const known = [
    own`HTTP ${statusCode}`,
    ...(vendorCode === undefined ? [] : [clean(vendorCode)]),
    ...(requestId === undefined ? [] : [own`request ${clean(requestId)}`]),
  ];
  return joined(known, ", ");
}

function retryAfterSeconds({ headers }: HttpResponse): number | undefined {
  const ms = retryAfterMs(headers, Date.now());
  return ms === undefined ? undefined : Math.ceil(ms / 1000);
}

function requestedWait(
  vendor: string,
  statusCode: number,
  retryAfter: number | undefined,
): Message[] {
  return retryAfter !== undefined && (statusCode === 429 || statusCode === 503)
    ? [own`${ownText(vendor)} asks to wait ${String(retryAfter)} s.`]
    : [];
}

/**
 * An answer that is not what the vendor documents: HTML, a wrong shape, half a document. State is
 * kept.
 */
export function unexpected(
  vendor: string,
  response: HttpResponse,
  problem: Message,
  context: CallContext,
): ConnectorError {
  const type = response.headers["content-type"]?.split(";")[0] ?? "no content type";
  const message = own`${ownText(vendor)} answered a request to ${phrase(context)} with something else than its API documents: ${problem} [HTTP ${response.statusCode}, ${cleaner(response)(type)}]. Check the base URL and any proxy in between; if both are right, run pulumi up again later.`;
  return new ConnectorError("unexpected_response", message, {
    vendor,
    statusCode: response.statusCode,
    outcomeUnknown: response.statusCode < 400,
  });
}

function headline(vendor: string, code: ErrorCode, context: CallContext): Message {
  const { verb, name, ref } = context;
  if (code === "invalid" && name !== undefined) {
    const id = ref ? own`, id ${ref.key}` : own``;
    return own`${ownText(`${vendor} rejected connector`)} "${name}" (${ownText(verb)}${id})`;
  }
  return own`${ownText(`${vendor} ${HEADLINES[code] ?? "refused to"}`)} ${phrase(context)}`;
}

const HEADLINES: Partial<Record<ErrorCode, string>> = {
  invalid: "rejected a request to",
  unauthorized: "did not accept the credential to",
  unavailable: "failed to",
  not_found: "could not",
  timeout: "gave up on a request to",
};

/** `update connector "Awin" (id T3S70)`, or `list connectors`. */
export function phrase({ verb, name, ref }: CallContext): Message {
  if (verb === "list") {
    return own`list connectors`;
  }
  const called = name === undefined ? own`` : own` "${name}"`;
  return own`${ownText(verb)} connector${called}${ref ? own` (id ${ref.key})` : own``}`;
}

function advice(
  code: ErrorCode,
  row: ErrorRow | undefined,
  details: readonly ErrorDetail[],
): Message {
  const paths = [...new Set(details.map(({ path }) => path).filter((path) => path !== ""))];
  if (code === "invalid" && paths.length > 0) {
    return own`Fix ${paths.join(", ")} in the definition`;
  }
  return ownText(row?.fix ?? "Run pulumi up again; if it persists, ask the vendor");
}

/** The longest text of the vendor in a message. */
const LONGEST = 500;

/**
 * The longest text that is searched for secrets: an error of a megabyte would block the process.
 */
const LONGEST_SEARCHED = 16_384;

/** The most parts of a refusal that are read. */
export const MOST_DETAILS = 50;

/**
 * Removes secrets, line breaks and control characters from texts of the vendor, and shortens them.
 * A secret at the end of the searched part is redacted too.
 */
function cleaner({ redact }: HttpResponse): (text: string) => string {
  return (text) => {
    const plain = String(redact(text.slice(0, LONGEST_SEARCHED)))
      .replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ")
      .trim()
      .replace(/\.$/, "");
    return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
  };
}

/**
 * A 2xx, empty or with JSON, is success; any other answer is a refusal. A page with 200 comes from
 * something in front of the API, which did nothing.
 */
export function accept(
  response: HttpResponse,
  refuse: (response: HttpResponse) => ConnectorError,
): HttpResponse {
  const { statusCode, text, json } = response;
  if (statusCode >= 200 && statusCode < 300 && (text.trim() === "" || json !== undefined)) {
    return response;
  }
  throw refuse(response);
}

/**
 * Whether the API itself answered that the connector does not exist. The 404 of a gateway, as a
 * page or as JSON, says nothing about the connector.
 */
export function isGone(
  { statusCode, json }: HttpResponse,
  saysGone: (json: unknown) => boolean,
): boolean {
  return statusCode === 404 && saysGone(json);
}

/** The first non-empty text among some values of an answer. */
export function firstText(...candidates: unknown[]): string | undefined {
  return candidates.find(
    (candidate): candidate is string => typeof candidate === "string" && candidate !== "",
  );
}
