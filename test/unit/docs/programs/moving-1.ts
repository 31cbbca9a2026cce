// From docs/moving.md; npm run generate writes this file.
import { DatabarConnector, DatabarFleet } from "pulumi-connectors";

const scoring = {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/v1/score",
} as const;

new DatabarConnector("scoring", scoring, { aliases: [{ type: "databar:index:Connector" }] });
new DatabarFleet("all", { connectors: {} }, { aliases: [{ type: "databar:index:Fleet" }] });
