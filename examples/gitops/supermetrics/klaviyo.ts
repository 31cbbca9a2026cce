import { SupermetricsConnector } from "pulumi-connectors";
import { secret } from "../config";
import { SCHEMA, field, jsonPath, nextUrl, pairs, resilient } from "./vocabulary";

// The account belongs to the team, so the key is part of the connector and users do not enter one.
const headers = pairs({
  Authorization: "Klaviyo-API-Key {{secrets.api_key}}",
  revision: "{{secrets.revision}}",
  Accept: "application/vnd.api+json",
});

/** A list from Klaviyo: JSON:API, with the URL of the next page. */
function list(path: string, parameters: Record<string, string>) {
  return {
    method: "GET",
    url: `https://a.klaviyo.com/api/${path}`,
    headers,
    parameters: pairs(parameters),
    pagination: nextUrl("$.links.next"),
    response: { dataRows: jsonPath("$.data.*") },
  };
}

/**
 * Campaigns and events of a Klaviyo account.
 *
 * https://developers.klaviyo.com/en/reference/api_overview
 * https://developers.klaviyo.com/en/reference/get_campaigns
 * https://developers.klaviyo.com/en/reference/get_events
 */
export const klaviyo = new SupermetricsConnector("klaviyo", {
  name: "Klaviyo",
  description: "E-mail campaigns and events.",
  secrets: { api_key: secret("klaviyoApiKey") },
  configuration: {
    $schema: SCHEMA,
    reporting: {
      reportTypes: [
        {
          id: "campaigns",
          title: "E-mail campaigns",
          // A channel filter is required.
          request: list("campaigns", { filter: "equals(messages.channel,'email')" }),
          fields: [
            field("campaign_id", "Campaign ID", "string.text.value", "$.id"),
            field("name", "Campaign", "string.text.value", "$.attributes.name"),
            field("status", "Status", "string.text.value", "$.attributes.status"),
            field("created", "Created", "string.time.date", "$.attributes.created_at"),
            field("sent", "Sent", "string.time.date", "$.attributes.send_time"),
          ],
        },
        {
          id: "events",
          title: "Events",
          request: list("events", {
            filter:
              "greater-or-equal(datetime,{{query.start_date.date}}T00:00:00Z)," +
              "less-or-equal(datetime,{{query.end_date.date}}T23:59:59Z)",
            sort: "datetime",
          }),
          fields: [
            field("event_id", "Event ID", "string.text.value", "$.id"),
            field("date", "Date", "string.time.date", "$.attributes.datetime"),
            field("metric_id", "Metric ID", "string.text.value", "$.relationships.metric.data.id"),
            field(
              "profile_id",
              "Profile ID",
              "string.text.value",
              "$.relationships.profile.data.id",
            ),
            field(
              "value",
              "Value",
              "float.currency.value",
              "$.attributes.event_properties['$value']",
            ),
          ],
        },
      ],
    },
    defaultResponseHandler: resilient("$.errors[0].detail"),
    secrets: {
      items: [
        {
          id: "api_key",
          classification: "secret",
          source: "encrypted",
          value: "${secrets.api_key}",
        },
        { id: "revision", classification: "public", source: "static", value: "2026-01-15" },
      ],
    },
  },
});
