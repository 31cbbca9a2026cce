// From README.md; npm run generate writes this file.
import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, SupermetricsConnector } from "pulumi-connectors";

const config = new pulumi.Config();

const scoring = new DatabarConnector("scoring", {
  name: "My Scoring API",
  method: "post",
  url: "https://api.example.com/v1/score",
  headers: { Authorization: pulumi.interpolate`Bearer ${config.requireSecret("scoringKey")}` },
  body: { domain: "" },
  rateLimit: 60,
});

const awin = new SupermetricsConnector("awin", {
  name: "Awin",
  description: "Clicks and commissions per publisher.",
  secrets: { api_key: config.requireSecret("awinKey") },
  configuration: {
    $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
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
export const awinIdentifier = awin.connectorIdentifier;
