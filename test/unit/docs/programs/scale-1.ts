// From docs/scale.md; npm run generate writes this file.
import { DatabarFleet } from "pulumi-connectors";

const marketing = new DatabarFleet("marketing", {
  connectors: {
    scoring: {
      name: "Scoring",
      method: "post",
      url: "https://api.example.com/v1/score",
      body: { domain: "" },
    },
    lookup: {
      name: "Lookup",
      method: "get",
      url: "https://api.example.com/v1/lookup",
      parameters: { domain: "" },
    },
  },
});
export const ids = marketing.ids; // { scoring: "17", lookup: "18" }
