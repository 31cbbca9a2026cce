import { ConnectorError, type ErrorCode, type ErrorDetail } from "../../errors";
import { redactor } from "../../http/redact/redact";
import { retryAfterMs } from "../../http/interceptors/retry-timing";
import { type HttpClient, type HttpRequest, type HttpResponse } from "../../http/types";

/**
 * One row of a vendor's error table: HTTP status and vendor's word → our code → what the deployment failure says → what
 * the user does. `docs/errors.md` is made from these rows.
 */
export interface ErrorRow {
  /** An HTTP status, or `5xx`/`4xx` for the rest of a class. */
  readonly status: number | "4xx" | "5xx";
  /** The vendor's code, or a {@link Complaint.sign}; a trailing `*` stands for any ending. Left out: any code, or none. */
  readonly vendorCode?: string;
  readonly code: ErrorCode;
  /** What it means, used when the vendor says nothing itself. */
  readonly means: string;
  /** What to do next, a sentence without its full stop. */
  readonly fix: string;
}

/** What a vendor's answer says, as far as its parser could tell. */
export interface Complaint {
  /** What picks the row in place of the vendor's code, where its words or their place say what it has no code for. */
  readonly sign?: string;
  /** Whether the body is an error in the API's own form; anything else may be a gateway's. */
  readonly own?: boolean;
  readonly vendorCode?: string;
  readonly requestId?: string;
  /** The vendor's own words. */
  readonly text?: string;
  /** The parts that concern single properties. */
  readonly details?: readonly ErrorDetail[];
}

/** What was attempted, and on which connector. */
export interface Attempted {
  readonly verb: string;
  readonly name?: string;
  readonly ref?: { readonly key: string };
  readonly sensitive: Iterable<string>;
}

/** The row for an answer: by status first, by the vendor's code second. The last fitting row of a class is the general one. */
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

/** Sends a request for a connector. A failure without an answer says which connector it was about. */
export async function sendFor(
  http: HttpClient,
  request: HttpRequest,
  attempted: Attempted,
): Promise<HttpResponse> {
  try {
    const { verb, name, sensitive } = attempted;
    return await http.send({
      ...request,
      sensitive,
      purpose: { verb, ...(name !== undefined && { connector: name }) },
    });
  } catch (error) {
    if (!(error instanceof ConnectorError)) {
      throw error;
    }
    throw new ConnectorError(
      error.code,
      `Could not ${phrase(attempted)}: ${error.rawMessage}`,
      error,
    );
  }
}

/**
 * A vendor's refusal as the error that a deployment fails with. A 404 in other words than the API's own comes from
 * something in front of it and says nothing about the connector. A limit of the plan is a decision, even as a 500.
 */
export function refusal(
  vendor: string,
  rows: readonly ErrorRow[],
  response: HttpResponse,
  complaint: Complaint,
  attempted: Attempted,
): ConnectorError {
  const { statusCode } = response;
  if (statusCode < 300) {
    return unexpected(vendor, response, "a body that is not JSON", attempted);
  }
  if (statusCode === 404 && !complaint.own) {
    return unexpected(vendor, response, "a 404 that is not the API's own", attempted);
  }
  const row = findRow(rows, statusCode, complaint.sign ?? complaint.vendorCode);
  const code = row?.code ?? "unexpected_response";
  const fault = statusCode >= 500 && code !== "plan_limit";
  const tidy = tidier(attempted);
  const details = (complaint.details ?? [])
    .slice(0, MOST_DETAILS)
    .map(({ path, message }) => ({ path: tidy(path), message: tidy(message) }));
  const what =
    [
      ...new Set(
        details.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)),
      ),
    ].join("; ") ||
    tidy(complaint.text ?? "") ||
    row?.means ||
    "no reason given";
  const marks = [
    `HTTP ${statusCode}`,
    complaint.vendorCode,
    complaint.requestId && `request ${complaint.requestId}`,
  ]
    .filter(Boolean)
    .map((mark) => tidy(String(mark)));
  const wait = retryAfterMs(response.headers, Date.now());
  const retryAfter = wait === undefined ? undefined : Math.ceil(wait / 1000);
  const asked =
    (statusCode === 429 || statusCode === 503) && retryAfter !== undefined
      ? `${vendor} asks to wait ${retryAfter} s. `
      : "";
  const fix = `${asked}${advice(code, row, details)}`;
  const message = `${lead(vendor, code, attempted)}: ${what} [${marks.join(", ")}]. ${fix}.`;
  return new ConnectorError(code, message, {
    vendor,
    statusCode,
    ...(complaint.vendorCode !== undefined && { vendorCode: complaint.vendorCode }),
    ...(complaint.requestId !== undefined && { requestId: complaint.requestId }),
    retryable: statusCode === 429 || fault,
    outcomeUnknown: statusCode === 408 || fault || response.outcomeUnknown === true,
    vendorAnswered: complaint.own === true,
    ...(retryAfter !== undefined && { retryAfter }),
    details,
  });
}

/** An answer that is not what the vendor documents: HTML, a wrong shape, half a document. State is kept. */
export function unexpected(
  vendor: string,
  response: HttpResponse,
  problem: string,
  attempted: Attempted,
): ConnectorError {
  const type = response.headers["content-type"]?.split(";")[0] ?? "no content type";
  const message = `${vendor} answered a request to ${phrase(attempted)} with something else than its API documents: ${problem} [HTTP ${response.statusCode}, ${tidier(attempted)(type)}]. Check the base URL and any proxy in between; if both are right, run pulumi up again later.`;
  return new ConnectorError("unexpected_response", message, {
    vendor,
    statusCode: response.statusCode,
    outcomeUnknown: response.statusCode < 400,
  });
}

function lead(vendor: string, code: ErrorCode, attempted: Attempted): string {
  const { verb, name, ref } = attempted;
  if (code === "invalid" && name !== undefined) {
    return `${vendor} rejected connector "${name}" (${verb}${ref ? `, id ${ref.key}` : ""})`;
  }
  return `${vendor} ${LEADS[code] ?? "refused to"} ${phrase(attempted)}`;
}

const LEADS: Partial<Record<ErrorCode, string>> = {
  invalid: "rejected a request to",
  unauthorized: "did not accept the credential to",
  unavailable: "failed to",
  not_found: "could not",
  timeout: "gave up on a request to",
};

/** `update connector "Awin" (id T3S70)`, or `list connectors`. */
export function phrase({ verb, name, ref }: Attempted): string {
  if (verb === "list") {
    return "list connectors";
  }
  const called = name === undefined ? "" : ` "${name}"`;
  return `${verb} connector${called}${ref ? ` (id ${ref.key})` : ""}`;
}

function advice(
  code: ErrorCode,
  row: ErrorRow | undefined,
  details: readonly ErrorDetail[],
): string {
  const paths = [...new Set(details.map(({ path }) => path).filter((path) => path !== ""))];
  if (code === "invalid" && paths.length > 0) {
    return `Fix ${paths.join(", ")} in the definition`;
  }
  return row?.fix ?? "Run pulumi up again; if it persists, ask the vendor";
}

const LONGEST = 500;

/** More of a text is not searched for secrets, nor shown: an error of a megabyte would block the process. */
const LONGEST_READ = 16_384;

/** So many parts of a refusal are read; nobody reads more. */
export const MOST_DETAILS = 50;

/**
 * What makes texts of the vendor free of secrets, line breaks and control characters, and short. A secret that the cut
 * before the search goes through is one that the text cuts off: it is taken out.
 */
function tidier({ sensitive }: Attempted): (text: string) => string {
  const redact = redactor(sensitive);
  return (text) => {
    const plain = redact(text.slice(0, LONGEST_READ))
      .replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ")
      .trim()
      .replace(/\.$/, "");
    return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
  };
}

/**
 * An explicit 2xx, empty or with JSON, is success; anything else is a refusal. A vendor's own SDK once took any answer
 * for success; a page with 200 comes from something in front of the API, and says that nothing was done.
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
 * A 404 by which the API itself says that what was asked for is not there. A gateway answers 404 too, as a page or as
 * JSON, when it does not know the way to the API: that says nothing about the connector.
 */
export function isGone(
  { statusCode, json }: HttpResponse,
  saysGone: (json: unknown) => boolean,
): boolean {
  return statusCode === 404 && saysGone(json);
}

/** The first of some parts of an answer that is a text, and not an empty one. */
export function firstText(...candidates: unknown[]): string | undefined {
  return candidates.find(
    (candidate): candidate is string => typeof candidate === "string" && candidate !== "",
  );
}
