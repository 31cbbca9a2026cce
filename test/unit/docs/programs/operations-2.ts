// From docs/operations.md; npm run generate writes this file.
import { DatabarConnector } from "pulumi-connectors";

new DatabarConnector("scoring", {
  name: "My Scoring API",
  method: "get",
  url: "https://api.example.com/v1/score",
  onConflict: "adopt", // even if it differs; "create" makes another one, "fail" refuses
});
