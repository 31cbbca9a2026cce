// From docs/definitions.md; npm run generate writes this file.
import * as pulumi from "@pulumi/pulumi";
import { ConnectorDefinitions } from "pulumi-connectors";

const shard = { index: new pulumi.Config().requireNumber("shard"), of: 3 };
export const { ids } = new ConnectorDefinitions("connectors", {
  path: "./connectors",
  environment: "prod",
  shard,
});
