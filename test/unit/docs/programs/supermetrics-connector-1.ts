// From docs/supermetrics-connector.md; npm run generate writes this file.
import * as pulumi from "@pulumi/pulumi";
import { SupermetricsConnector } from "pulumi-connectors";

const config = new pulumi.Config();

export const awin = new SupermetricsConnector("awin", {
  name: "Awin",
  description: "Clicks and commissions per publisher.",
  secrets: { api_key: config.requireSecret("awinKey") },
  configuration: {
    $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
    secrets: { items: [{ id: "api_key", classification: "secret", source: "encrypted", value: "${secrets.api_key}" }] },
  },
});
