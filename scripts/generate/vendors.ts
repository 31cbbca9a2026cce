/** What the generated pages show of each vendor besides its table. */
import { asMessage } from "../../provider/message";
import { type ConnectorError } from "../../provider/errors";
import { type HttpResponse } from "../../provider/http/index";
import { type CallContext } from "../../provider/lifecycle/adapter";
import { type ErrorRow } from "../../provider/vendors/shared/error-table";
import { type FieldTable } from "../../provider/model/field";
import { type JsonSchema } from "../../provider/model/schema";
import { databarErrors, databarRefusal } from "../../provider/vendors/databar/errors";
import {
  supermetricsErrors,
  supermetricsRefusal,
} from "../../provider/vendors/supermetrics/errors";
import { VENDORS } from "../../provider/vendors/index";
import { type VendorName } from "../../provider/vendors/resources";
import { VOCABULARY, vocabularySchema } from "../../provider/vendors/supermetrics/vocabulary";
import { databarTexts, type ReferenceTexts, supermetricsTexts } from "./reference-texts";

/** A vendor's part of docs/errors.md and its reference page. */
export interface VendorDocuments {
  /** Texts of the reference page. */
  readonly texts: ReferenceTexts;
  readonly errors: readonly ErrorRow[];
  /** How its responses are read: the introduction of its section. */
  readonly answers: string;
  /** The error for a response that matches a row. */
  readonly example: (row: ErrorRow, statusCode: number) => ConnectorError;
  /** The table cell for a row's vendor code. */
  readonly code: (row: ErrorRow) => string;
  /** What editors suggest inside its documents. */
  readonly vocabulary?: JsonSchema;
}

/** The context of the examples. */
export const CONTEXT: CallContext = { verb: "update", name: "My connector", sensitive: [] };

/** A response as the vendor's parser gets it. */
export const answer = (statusCode: number, json: unknown): HttpResponse => ({
  statusCode,
  headers: {},
  text: "",
  json,
  attempts: 1,
  redact: asMessage,
});

/** How codes are recognized that Databar does not send itself. */
const DATABAR_SIGNS: Readonly<Record<string, readonly [sign: string, body: unknown]>> = {
  PLAN: [
    "the text says that the plan does not include it",
    { detail: "not available on your current plan" },
  ],
  KEY: [
    "the fault is in a header",
    { detail: [{ loc: ["header", "x-apikey"], msg: "Field required", type: "missing" }] },
  ],
};

/** A 404 counts as Databar's own only with its text. */
function databarExample({ vendorCode = "", means }: ErrorRow, statusCode: number): ConnectorError {
  const body = statusCode === 404 ? { detail: means } : {};
  return databarRefusal(answer(statusCode, DATABAR_SIGNS[vendorCode]?.[1] ?? body), {
    ...CONTEXT,
    ref: { scope: "", key: "42" },
  });
}

function databarCode({ vendorCode }: ErrorRow): string {
  return vendorCode === undefined ? "any" : (DATABAR_SIGNS[vendorCode]?.[0] ?? `\`${vendorCode}\``);
}

function supermetricsExample({ vendorCode }: ErrorRow, statusCode: number): ConnectorError {
  const error = vendorCode === undefined ? {} : { code: vendorCode.replace("*", "EXAMPLE") };
  return supermetricsRefusal(answer(statusCode, { error }), {
    ...CONTEXT,
    ref: { scope: "", key: "T3S70" },
  });
}

/** A vendor with its table. */
export interface DocumentedVendor extends VendorDocuments {
  readonly table: FieldTable;
}

/** By the name of the vendor's row. */
export const DOCUMENTS: Readonly<Record<VendorName, VendorDocuments>> = {
  databar: {
    texts: databarTexts,
    errors: databarErrors,
    answers:
      "Databar's responses, by status. If a response has a message, it replaces the meaning shown here, with values of the definition redacted; a 422 names the property of the definition.",
    example: databarExample,
    code: databarCode,
  },
  supermetrics: {
    texts: supermetricsTexts,
    errors: supermetricsErrors,
    answers:
      "Supermetrics' responses: the status decides first, its code second, because the two can disagree. If a response has a message, it replaces the meaning shown here. A code that is not listed is treated like the status alone.",
    example: supermetricsExample,
    code: ({ vendorCode }) => (vendorCode === undefined ? "any other" : `\`${vendorCode}\``),
    vocabulary: vocabularySchema(VOCABULARY),
  },
};

/** Every vendor, in the order of the pages. */
export function documentedVendors(): DocumentedVendor[] {
  return Object.entries(VENDORS).map(([name, { table }]) => ({
    table,
    ...DOCUMENTS[name as VendorName],
  }));
}

/** Path of a vendor's reference page: `docs/databar-connector.md`. */
export function pageOf({ resource }: FieldTable): string {
  return `docs/${resource.replace(/(?<=.)[A-Z]/g, "-$&").toLowerCase()}.md`;
}
