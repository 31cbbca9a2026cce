import * as pulumi from "@pulumi/pulumi";
import {
  DatabarConnector,
  DatabarProvider,
  SupermetricsConnector,
  SupermetricsProvider,
} from "pulumi-connectors";

const config = new pulumi.Config();

// An explicit provider has its own settings and none of the stack's. Passing on the addresses lets this run against
// the sandbox too; unset, they are the vendors'.
const databarUrl = new pulumi.Config("databar").get("baseUrl");
const supermetricsUrl = new pulumi.Config("supermetrics").get("baseUrl");

// Databar knows a workspace by its key.
const workspaces = {
  emea: new DatabarProvider("emea", {
    apiKey: config.requireSecret("emeaDatabarKey"),
    baseUrl: databarUrl,
  }),
  amer: new DatabarProvider("amer", {
    apiKey: config.requireSecret("amerDatabarKey"),
    baseUrl: databarUrl,
  }),
};

// A Supermetrics key may reach several teams: one key, a provider per team.
const supermetricsKey = config.requireSecret("supermetricsKey");
const teams = {
  brand: new SupermetricsProvider("brand", {
    apiKey: supermetricsKey,
    teamId: config.require("brandTeamId"),
    baseUrl: supermetricsUrl,
  }),
  growth: new SupermetricsProvider("growth", {
    apiKey: supermetricsKey,
    teamId: config.require("growthTeamId"),
    baseUrl: supermetricsUrl,
    requestsPerSecond: 5, // leaves room for this team's other integrations
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
