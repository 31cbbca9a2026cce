import { ConnectorDefinitions } from "pulumi-connectors";

const definitions = new ConnectorDefinitions("connectors", { path: "./connectors" });

export const ids = definitions.ids;
