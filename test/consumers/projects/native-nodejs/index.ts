import * as pulumi from "@pulumi/pulumi";
import * as databar from "pulumi-connectors-databar";
import * as supermetrics from "pulumi-connectors-supermetrics";

const config = new pulumi.Config();

const scoring = new databar.Connector("scoring", {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/v1/score",
  headers: {
    Accept: "application/json",
    Authorization: pulumi.interpolate`Bearer ${config.requireSecret("scoringKey")}`,
  },
  parameters: { tag: ["a", "b"] },
  rateLimit: 60,
});

const awin = new supermetrics.Connector("awin", {
  name: "Awin",
  description: "Clicks and commissions per publisher.",
  secrets: { api_key: config.requireSecret("awinKey") },
});

new databar.Fleet("regions", {
  connectors: {
    north: {
      name: "North",
      method: databar.Method.Get,
      url: "https://north.example.com",
      parameters: { tag: ["a", "b"] },
    },
  },
});

// @ts-expect-error -- the compiler refuses a method that Databar does not have
export const wrong: databar.ConnectorArgs["method"] = "gett";

export const scoringId = scoring.connectorId;
export const awinIdentifier = awin.connectorIdentifier;
