import { SupermetricsConnector } from "pulumi-connectors";
import {
  type DataType,
  SCHEMA,
  TOKEN_USER,
  cursor,
  field,
  fixed,
  jsonPath,
  pairs,
  resilient,
  tokenLogin,
} from "./vocabulary";

const authorization = { Authorization: "Bearer {{user.access_token}}" };

const METRICS: [id: string, label: string, dataType: DataType][] = [
  ["visitors", "Unique visitors", "int.number.value"],
  ["visits", "Visits", "int.number.value"],
  ["pageviews", "Page views", "int.number.value"],
  ["bounce_rate", "Bounce rate", "float.number.percentage"],
  ["visit_duration", "Visit duration", "int.duration.seconds"],
];

/** A query by day and one more dimension. */
function byDay(id: string, title: string, dimension: string, label: string) {
  return {
    id,
    title,
    request: {
      method: "POST",
      url: "https://plausible.io/api/v2/query",
      headers: pairs({ ...authorization, "Content-Type": "application/json" }),
      body: JSON.stringify({
        site_id: "{{account.id}}",
        metrics: METRICS.map(([metric]) => metric),
        date_range: ["{{query.start_date.date}}", "{{query.end_date.date}}"],
        dimensions: ["time:day", dimension],
      }),
      response: {
        dataRows: jsonPath("$.results.*"),
        dataAdapters: {
          items: [
            {
              // Plausible returns the metrics of a row as an array, and their names once, in
              // `query`.
              type: "combine_keys_with_nested_values",
              config: {
                keysPath: "$.query.metrics.*",
                dataPath: "$.results.*",
                valuesPath: "$.metrics",
                valuesDestinationPath: "$.metrics",
              },
            },
          ],
        },
      },
    },
    fields: [
      field("date", "Date", "string.time.date", "$.dimensions[0]"),
      field("dimension", label, "string.text.value", "$.dimensions[1]"),
      ...METRICS.map(([metric, name, dataType]) =>
        field(metric, name, dataType, `$.metrics.${metric}`),
      ),
    ],
  };
}

/**
 * Web analytics of the sites in a Plausible account. The list of sites needs a key with Sites API
 * permission.
 *
 * https://plausible.io/docs/stats-api https://plausible.io/docs/sites-api
 */
export const plausible = new SupermetricsConnector("plausible", {
  name: "Plausible Analytics",
  description: "Visitors, visits and page views by day: per source, page and country.",
  configuration: {
    $schema: SCHEMA,
    authentication: tokenLogin(
      "An API key of the Plausible account, with access to Stats and Sites API.",
    ),
    dataSourceUser: TOKEN_USER,
    accounts: {
      fetchers: [
        {
          request: {
            method: "GET",
            url: "https://plausible.io/api/v1/sites",
            headers: pairs(authorization),
            parameters: pairs({ limit: "100" }),
            pagination: cursor("after", "$.meta.after"),
            response: { dataRows: jsonPath("$.sites.*") },
          },
          accountInfo: {
            id: jsonPath("$.domain"),
            label: jsonPath("$.domain"),
            group: fixed("Sites"),
            properties: [{ id: "timezone", ...jsonPath("$.timezone") }],
          },
        },
      ],
    },
    reporting: {
      reportTypes: [
        byDay("sources", "Sources", "visit:source", "Source"),
        byDay("pages", "Pages", "event:page", "Page"),
        byDay("countries", "Countries", "visit:country_name", "Country"),
      ],
    },
    defaultResponseHandler: resilient("$.error"),
  },
});
