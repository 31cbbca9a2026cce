// From docs/operations.md; npm run generate writes this file.
import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, DatabarProvider } from "pulumi-connectors";

const config = new pulumi.Config();

for (const region of ["emea", "amer"]) {
  const provider = new DatabarProvider(region, { apiKey: config.requireSecret(`${region}Key`) });
  new DatabarConnector(
    `scoring-${region}`,
    { name: `Scoring, ${region}`, method: "get", url: `https://${region}.example.com/v1/score` },
    { provider },
  );
}
