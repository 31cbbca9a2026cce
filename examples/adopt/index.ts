import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, SupermetricsConnector } from "pulumi-connectors";

const config = new pulumi.Config();

// By id: unambiguous, regardless of the connector's current name. The first `up` updates it to
// match this definition.
const scoring = new DatabarConnector("scoring", {
  connectorId: config.requireNumber("databarConnectorId"),
  name: "Lead scoring",
  method: "post",
  url: "https://api.example.com/v1/score",
  body: { domain: "" },
});

// An omitted `configuration` does not change: manage the name now, and move the document to git
// later.
const orders = new SupermetricsConnector("orders", {
  connectorIdentifier: config.require("supermetricsConnectorIdentifier"),
  name: "Orders",
  description: "Orders of the web shop.",
});

// By name: adopts the connector if somebody has already created it in the web app, and creates it
// otherwise.
const mailServers = new DatabarConnector("mail-servers", {
  name: "Mail servers of a domain",
  method: "get",
  url: "https://dns.google/resolve",
  parameters: { name: "", type: "MX" },
  onConflict: "adopt",
});

// Read-only: this program never changes or deletes it.
const shared = DatabarConnector.get("shared", config.require("sharedConnectorId"));

export const adopted = {
  scoring: scoring.connectorId,
  orders: orders.connectorIdentifier,
  mailServers: mailServers.connectorId,
};
export const sharedName = shared.name;
