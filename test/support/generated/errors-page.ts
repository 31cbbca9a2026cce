import { type ConnectorError, type ErrorCode } from "../../../provider/errors";
import { type ErrorRow } from "../../../provider/http/refusal";
import { type HttpResponse } from "../../../provider/http";
import { databarErrors, databarRefusal } from "../../../provider/vendors/databar/errors";
import { supermetricsErrors, supermetricsRefusal } from "../../../provider/vendors/supermetrics/errors";
import { block, table } from "./markdown";
import { type Unanswered, unanswered } from "./unanswered";

/** What each code means, whoever it comes from. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  unauthorized: "The vendor does not know the key.",
  forbidden: "The vendor knows the key and does not let it do this.",
  not_found: "What the request was about is not there.",
  conflict: "Something that is there is in the way, at the vendor or in the program.",
  invalid: "The definition is not one that the vendor, or this package, takes.",
  plan_limit: "Plan, licence or credits do not allow it.",
  rate_limited: "Too many requests; the vendor asks to wait for longer than an operation may take.",
  unavailable: "A fault on the vendor's side that outlasted all retries.",
  timeout: "No answer in time.",
  network: "No connection, or one that broke.",
  unexpected_response: "An answer that is not what the vendor's API documents. The state is kept.",
  ambiguous_create: "It is unknown whether a connector was created. Nothing is repeated blindly.",
  configuration: "A setting is missing or cannot be used.",
};

/** `docs/errors.md`. */
export async function errorsPage(): Promise<string> {
  const examples = await unanswered();
  return [
    "# Errors",
    "Every failure of a deployment starts with one of these codes. This page is generated from the tables that the package itself uses; `npm run generate` writes it.",
    table(["Code", "Means"], Object.entries(MEANINGS).map(([code, means]) => [`\`${code}\``, means])),
    "## Databar",
    "Databar's answers, by status. Where it gives words of its own, they stand in place of the meaning shown here, with values of the definition taken out, and a 422 names the property of the definition.",
    vendorTable(databarErrors, databarExample, databarCode),
    "## Supermetrics",
    "Supermetrics' answers: the status decides first, its code second, because the two can disagree. Where it gives words of its own, they stand in place of the meaning shown here. A code that is not listed is treated like the status alone.",
    vendorTable(supermetricsErrors, supermetricsExample, ({ vendorCode }) => (vendorCode === undefined ? "any other" : `\`${vendorCode}\``)),
    "## Without an answer, or before one",
    "These arise on this side: the vendor was not reached, did not answer as it should, or was not asked at all.",
    ...examples.flatMap(section),
  ].join("\n\n");
}

function section({ code, when, message, remedy }: Unanswered): string[] {
  return [`### \`${code}\`: ${when}`, block(message), remedy];
}

function vendorTable(rows: readonly ErrorRow[], example: (row: ErrorRow, statusCode: number) => ConnectorError, code: (row: ErrorRow) => string): string {
  const lines = rows.map((row) => {
    const error = example(row, typeof row.status === "number" ? row.status : row.status === "4xx" ? 418 : 507);
    const says = error.message.slice(0, error.message.length - ` ${row.fix}.`.length);
    const status = typeof row.status === "number" ? String(row.status) : `other ${row.status}`;
    return [status, code(row), `\`${row.code}\``, says.replace(/HTTP \d+/, `HTTP ${String(row.status)}`), `${row.fix}.`];
  });
  return table(["Status", "Vendor's code", "Code", "The deployment failure says", "What to do"], lines);
}

const ATTEMPTED = { verb: "update", name: "My connector", sensitive: [] };

const answer = (statusCode: number, json: unknown): HttpResponse => ({ statusCode, headers: {}, text: "", json, attempts: 1 });

/** What stands behind the codes that Databar does not have itself. */
const DATABAR_SIGNS: Readonly<Record<string, readonly [sign: string, body: unknown]>> = {
  PLAN: ["the text says that the plan does not include it", { detail: "not available on your current plan" }],
  KEY: ["the fault is in a header", { detail: [{ loc: ["header", "x-apikey"], msg: "Field required", type: "missing" }] }],
};

/** A 404 counts as Databar's own by its words. */
function databarExample({ vendorCode = "", means }: ErrorRow, statusCode: number): ConnectorError {
  const body = statusCode === 404 ? { detail: means } : {};
  return databarRefusal(answer(statusCode, DATABAR_SIGNS[vendorCode]?.[1] ?? body), { ...ATTEMPTED, ref: { key: "42" } });
}

function databarCode({ vendorCode }: ErrorRow): string {
  return vendorCode === undefined ? "any" : (DATABAR_SIGNS[vendorCode]?.[0] ?? `\`${vendorCode}\``);
}

function supermetricsExample({ vendorCode }: ErrorRow, statusCode: number): ConnectorError {
  const error = vendorCode === undefined ? {} : { code: vendorCode.replace("*", "EXAMPLE") };
  return supermetricsRefusal(answer(statusCode, { error }), { ...ATTEMPTED, ref: { key: "T3S70" } });
}
