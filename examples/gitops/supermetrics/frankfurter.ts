import { SupermetricsConnector } from "pulumi-connectors";
import { SCHEMA, field, jsonPath, pairs } from "./vocabulary";

/**
 * Daily exchange rates of the central banks, to convert spend. A public feed: no authentication,
 * only `reporting`.
 *
 * https://frankfurter.dev
 */
export const frankfurter = new SupermetricsConnector("frankfurter", {
  name: "Exchange rates (Frankfurter)",
  description: "Daily reference rates from euro.",
  logo: "logos/exchange-rates.png",
  configuration: {
    $schema: SCHEMA,
    reporting: {
      reportTypes: [
        {
          id: "rates",
          title: "Daily rates",
          request: {
            method: "GET",
            url: "https://api.frankfurter.dev/v2/rates",
            parameters: pairs({
              base: "EUR",
              quotes: "USD,GBP,SEK,CHF",
              from: "{{query.start_date.date}}",
              to: "{{query.end_date.date}}",
            }),
            response: { dataRows: jsonPath("$.*") },
          },
          fields: [
            field("date", "Date", "string.time.date", "$.date"),
            field("base", "From", "string.currency.code", "$.base"),
            field("quote", "To", "string.currency.code", "$.quote"),
            field("rate", "Rate", "float.number.value", "$.rate"),
          ],
        },
      ],
    },
  },
});
