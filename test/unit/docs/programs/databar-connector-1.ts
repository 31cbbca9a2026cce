// From docs/databar-connector.md; npm run generate writes this file.
import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector } from "pulumi-connectors";

const config = new pulumi.Config();

export const scoring = new DatabarConnector("scoring", {
  name: "My Scoring API",
  type: "enrichment",
  method: "post",
  url: "https://api.example.com/v1/score",
  headers: { Authorization: pulumi.interpolate`Bearer ${config.requireSecret("scoringKey")}`, Accept: ["application/json", "text/plain"] },
  parameters: { company_domain: "" },
  body: { domain: "", depth: "full" },
  rateLimit: 60,
  maxConcurrency: 5,
});
