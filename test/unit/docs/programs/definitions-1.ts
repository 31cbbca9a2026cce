// From docs/definitions.md; npm run generate writes this file.
import { ConnectorDefinitions } from "pulumi-connectors";

const definitions = new ConnectorDefinitions("connectors", { path: "./connectors" });
export const ids = definitions.ids;
