import * as pulumi from "@pulumi/pulumi";
import { declareConnectors } from "./connectors";

const { enrichments, report } = declareConnectors({
  stack: pulumi.getStack(),
  leadsKey: new pulumi.Config().requireSecret("leadsKey"),
});

export const enrichmentIds = Object.fromEntries(
  Object.entries(enrichments).map(([key, { connectorId }]) => [key, connectorId]),
);
export const reportIdentifier = report.connectorIdentifier;
