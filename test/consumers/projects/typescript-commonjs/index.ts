import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, SupermetricsConnector } from "pulumi-connectors";
import { type DatabarSettings } from "pulumi-connectors/sandbox";

const config = new pulumi.Config();
const plan: DatabarSettings["plan"] = { rateLimit: 60 };

const scoring = new DatabarConnector("scoring", {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/v1/score",
  headers: {
    Accept: "application/json",
    Authorization: pulumi.interpolate`Bearer ${config.requireSecret("scoringKey")}`,
  },
  parameters: { tag: ["a", "b"] },
  rateLimit: plan.rateLimit,
});

const awin = new SupermetricsConnector("awin", {
  name: "Awin",
  description: "Clicks and commissions per publisher.",
  secrets: { api_key: config.requireSecret("awinKey") },
});

export const scoringId = scoring.connectorId;
export const awinIdentifier = awin.connectorIdentifier;
