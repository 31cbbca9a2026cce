import { SupermetricsConnector } from "pulumi-connectors";
import { secret } from "../config";
import { SCHEMA, cursor, field, jsonPath, pairs, resilient } from "./vocabulary";

/** A list from Stripe: newest first; the next page starts after the last id. */
function list(path: string, parameters: Record<string, string> = {}) {
  return {
    method: "GET",
    url: `https://api.stripe.com/v1/${path}`,
    headers: pairs({ Authorization: "Bearer {{secrets.api_key}}", "Stripe-Version": "2024-06-20" }),
    parameters: pairs({
      limit: "100",
      "created[gte]": "{{query.start_date.timestamp}}",
      "created[lte]": "{{query.end_date.timestamp}}",
      ...parameters,
    }),
    pagination: cursor("starting_after", "$.data[-1:].id", "$.has_more"),
    response: { dataRows: jsonPath("$.data.*") },
  };
}

/**
 * Revenue: charges with their fees, and refunds. Use a restricted key with read access to charges,
 * refunds and balance.
 *
 * https://docs.stripe.com/api/charges/list https://docs.stripe.com/api/refunds/list
 * https://docs.stripe.com/api/pagination
 */
export const stripe = new SupermetricsConnector("stripe", {
  name: "Stripe revenue",
  description: "Charges with fees, and refunds. Amounts are in the currency's smallest unit.",
  secrets: { api_key: secret("stripeApiKey") },
  configuration: {
    $schema: SCHEMA,
    reporting: {
      reportTypes: [
        {
          id: "charges",
          title: "Charges",
          request: list("charges", { "expand[]": "data.balance_transaction" }),
          fields: [
            field("charge_id", "Charge ID", "string.text.value", "$.id"),
            field("created", "Created", "string.time.date", "$.created"),
            field("status", "Status", "string.text.value", "$.status"),
            field("customer_id", "Customer ID", "string.text.value", "$.customer"),
            field(
              "country",
              "Card country",
              "string.geo.country.twolettercode",
              "$.payment_method_details.card.country",
            ),
            field("currency", "Currency", "string.currency.code", "$.currency"),
            field("amount", "Amount", "int.currency.value", "$.amount"),
            field("refunded", "Refunded", "int.currency.value", "$.amount_refunded"),
            field("fee", "Fee", "int.currency.value", "$.balance_transaction.fee"),
            field("net", "Net", "int.currency.value", "$.balance_transaction.net"),
          ],
        },
        {
          id: "refunds",
          title: "Refunds",
          request: list("refunds"),
          fields: [
            field("refund_id", "Refund ID", "string.text.value", "$.id"),
            field("created", "Created", "string.time.date", "$.created"),
            field("charge_id", "Charge ID", "string.text.value", "$.charge"),
            field("status", "Status", "string.text.value", "$.status"),
            field("reason", "Reason", "string.text.value", "$.reason"),
            field("currency", "Currency", "string.currency.code", "$.currency"),
            field("amount", "Amount", "int.currency.value", "$.amount"),
          ],
        },
      ],
    },
    defaultResponseHandler: resilient("$.error.message"),
    secrets: {
      items: [
        {
          id: "api_key",
          classification: "secret",
          source: "encrypted",
          value: "${secrets.api_key}",
        },
      ],
    },
  },
});
