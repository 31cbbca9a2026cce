import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, SupermetricsConnector } from "pulumi-connectors";

const config = new pulumi.Config();

// Only `Authorization` appears as [secret]; changes to other headers stay readable in the preview.
const scoring = new DatabarConnector("scoring", {
  name: "Lead scoring",
  method: "post",
  url: "https://api.example.com/v1/score",
  headers: {
    Authorization: pulumi.interpolate`Bearer ${config.requireSecret("scoringKey")}`,
    Accept: "application/json",
  },
  body: { domain: "" },
});

// Supermetrics stores secret values and never returns them. A configuration refers to them by
// placeholders. `${secrets.api_key}` stands for a placeholder. Do not use backquotes: JavaScript
// would evaluate it as a variable.
const orders = new SupermetricsConnector("orders", {
  name: "Orders",
  description: "Orders of the web shop.",
  secrets: { api_key: config.requireSecret("ordersKey") },
  configuration: {
    $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
    reporting: {
      reportTypes: [
        {
          id: "orders",
          title: "Orders",
          request: {
            method: "GET",
            url: "https://api.example.com/v1/orders",
            headers: [{ name: "X-Api-Key", value: "{{secrets.api_key}}" }],
            response: { dataRows: { source: "jsonPath", value: "$.orders.*" } },
          },
          fields: [
            {
              id: "order_id",
              label: "Order ID",
              dataType: "string.text.value",
              value: { source: "jsonPath", value: "$.id" },
            },
            {
              id: "total",
              label: "Total",
              dataType: "float.currency.value",
              value: { source: "jsonPath", value: "$.total" },
            },
          ],
        },
      ],
    },
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

export const scoringId = scoring.connectorId;
export const ordersIdentifier = orders.connectorIdentifier;
