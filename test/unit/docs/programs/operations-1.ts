// From docs/operations.md; npm run generate writes this file.
import { DatabarConnector } from "pulumi-connectors";

new DatabarConnector(
  "lead-scoring",
  { name: "My Scoring API", method: "get", url: "https://api.example.com/v1/score" },
  { aliases: [{ name: "scoring" }] },
);
