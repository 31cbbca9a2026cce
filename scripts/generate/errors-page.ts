import { type ErrorCode } from "../../provider/errors";
import { block, table } from "./markdown";
import { type Unanswered, unanswered } from "./unanswered";
import { documentedVendors, type DocumentedVendor } from "./vendors";

/** The meaning of each code, for every vendor. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  unauthorized: "The vendor rejects the key.",
  forbidden: "The vendor accepts the key, but the key has no permission for this.",
  not_found: "The object of the request does not exist.",
  conflict: "Another connector or definition is in the way, at the vendor or in the program.",
  invalid: "The vendor, or this package, does not accept the definition.",
  plan_limit: "The plan, license or credits do not allow it.",
  rate_limited: "Too many requests; the vendor asks for a longer wait than an operation may take.",
  unavailable: "A failure on the vendor's side that outlasted all retries.",
  timeout: "No response in time.",
  network: "No connection, or a broken connection.",
  unexpected_response:
    "A response that does not match the vendor's API documentation. The state is kept.",
  ambiguous_create: "It is unknown whether a connector was created. Nothing is repeated blindly.",
  configuration: "A setting is missing or cannot be used.",
  cancelled: "The deployment was cancelled before the request was sent.",
};

/** `docs/errors.md`. */
export async function errorsPage(): Promise<string> {
  const examples = await unanswered();
  return [
    "# Errors",
    "Every failure of a deployment starts with one of these codes. This page is generated from the tables that the package itself uses; `npm run generate` writes it.",
    table(
      ["Code", "Means"],
      Object.entries(MEANINGS).map(([code, means]) => [`\`${code}\``, means]),
    ),
    ...documentedVendors().flatMap(vendorSection),
    "## Without an answer, or before one",
    "These errors have no vendor response to report: the vendor was not reached, did not respond as documented, or was not called.",
    ...examples.flatMap(section),
  ].join("\n\n");
}

function section({ code, when, message, remedy }: Unanswered): string[] {
  return [`### \`${code}\`: ${when}`, block(message), remedy];
}

/** The section of a vendor. */
export function vendorSection({
  table: { vendor },
  errors,
  answers,
  example,
  code,
}: DocumentedVendor): string[] {
  const lines = errors.map((row) => {
    const error = example(
      row,
      typeof row.status === "number" ? row.status : row.status === "4xx" ? 418 : 507,
    );
    const message = error.message.slice(0, error.message.length - ` ${row.fix}.`.length);
    const status = typeof row.status === "number" ? String(row.status) : `other ${row.status}`;
    return [
      status,
      code(row),
      `\`${row.code}\``,
      message.replace(/HTTP \d+/, `HTTP ${String(row.status)}`),
      `${row.fix}.`,
    ];
  });
  return [
    `## ${vendor}`,
    answers,
    table(["Status", "Vendor's code", "Code", "The deployment failure says", "What to do"], lines),
  ];
}
