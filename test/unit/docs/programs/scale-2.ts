// From docs/scale.md; npm run generate writes this file.
import { ConnectorDefinitions } from "pulumi-connectors";

new ConnectorDefinitions("connectors", { path: "./connectors", as: "fleet" });
