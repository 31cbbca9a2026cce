import * as pulumi from "@pulumi/pulumi";
import {
  DatabarConnector,
  DatabarProvider,
  SupermetricsConnector,
  SupermetricsProvider,
} from "pulumi-connectors";

const config = new pulumi.Config();

// In Databar, the key selects the workspace. Settings that a provider does not set, such as
// baseUrl, come from the stack.
const workspaces = {
  emea: new DatabarProvider("emea", { apiKey: config.requireSecret("emeaDatabarKey") }),
  amer: new DatabarProvider("amer", { apiKey: config.requireSecret("amerDatabarKey") }),
};

// A Supermetrics key can have access to several teams: one key, and one provider per team.
const supermetricsKey = config.requireSecret("supermetricsKey");
const teams = {
  brand: new SupermetricsProvider("brand", {
    apiKey: supermetricsKey,
    teamId: config.require("brandTeamId"),
  }),
  growth: new SupermetricsProvider("growth", {
    apiKey: supermetricsKey,
    teamId: config.require("growthTeamId"),
    requestsPerSecond: 5, // leaves capacity for this team's other integrations
  }),
};

const enrichments = Object.entries(workspaces).map(
  ([workspace, provider]) =>
    new DatabarConnector(
      `mail-servers-${workspace}`,
      {
        name: "Mail servers of a domain",
        method: "get",
        url: "https://dns.google/resolve",
        parameters: { name: "", type: "MX" },
      },
      { provider },
    ),
);

const sources = Object.entries(teams).map(
  ([team, provider]) =>
    new SupermetricsConnector(
      `rates-${team}`,
      { name: "Exchange rates", description: "Daily rates." },
      { provider },
    ),
);

export const connectorIds = enrichments.map((connector) => connector.connectorId);
export const connectorIdentifiers = sources.map((connector) => connector.connectorIdentifier);
