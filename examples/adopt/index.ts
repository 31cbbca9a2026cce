import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, SupermetricsConnector } from "pulumi-connectors";

const config = new pulumi.Config();

// By id: there is no doubt which one is meant, whatever it is called today. The first `up` makes it equal to this.
const scoring = new DatabarConnector("scoring", {
  connectorId: config.requireNumber("databarConnectorId"),
  name: "Lead scoring",
  method: "post",
  url: "https://api.example.com/v1/score",
  body: { domain: "" },
});

// `configuration` is left out and therefore left alone: adopt the name now, move the document into git later.
const orders = new SupermetricsConnector("orders", {
  connectorIdentifier: config.require("supermetricsConnectorIdentifier"),
  name: "Orders",
  description: "Orders of the web shop.",
});

// By name: for connectors that somebody may or may not have clicked together already. Creates it if there is none.
const mailServers = new DatabarConnector("mail-servers", {
  name: "Mail servers of a domain",
  method: "get",
  url: "https://dns.google/resolve",
  parameters: { name: "", type: "MX" },
  onConflict: "adopt",
});

// Read, not managed: nothing here ever changes or deletes it.
const shared = DatabarConnector.get("shared", config.require("sharedConnectorId"));

export const adopted = {
  scoring: scoring.connectorId,
  orders: orders.connectorIdentifier,
  mailServers: mailServers.connectorId,
};
export const sharedUrl = shared.url;
