import { type ErrorCode } from "../../provider/errors";
import { block, table } from "./markdown";
import { type Unanswered, unanswered } from "./unanswered";
import { documentedVendors, type DocumentedVendor } from "./vendors";

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
    table(
      ["Code", "Means"],
      Object.entries(MEANINGS).map(([code, means]) => [`\`${code}\``, means]),
    ),
    ...documentedVendors().flatMap(vendorSection),
    "## Without an answer, or before one",
    "These arise on this side: the vendor was not reached, did not answer as it should, or was not asked at all.",
    ...examples.flatMap(section),
  ].join("\n\n");
}

function section({ code, when, message, remedy }: Unanswered): string[] {
  return [`### \`${code}\`: ${when}`, block(message), remedy];
}

/** A vendor's answers. */
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
    const says = error.message.slice(0, error.message.length - ` ${row.fix}.`.length);
    const status = typeof row.status === "number" ? String(row.status) : `other ${row.status}`;
    return [
      status,
      code(row),
      `\`${row.code}\``,
      says.replace(/HTTP \d+/, `HTTP ${String(row.status)}`),
      `${row.fix}.`,
    ];
  });
  return [
    `## ${vendor}`,
    answers,
    table(["Status", "Vendor's code", "Code", "The deployment failure says", "What to do"], lines),
  ];
}
