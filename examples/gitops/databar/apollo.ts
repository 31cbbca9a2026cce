import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

/**
 * Job, company and e-mail address of a person. A POST that takes its input as query parameters.
 *
 * https://docs.apollo.io/reference/people-enrichment
 */
export const apollo = new DatabarConnector("apollo-people-match", {
  name: "Apollo: people enrichment",
  method: "post",
  url: "https://api.apollo.io/api/v1/people/match",
  headers: { "x-api-key": secret("apolloApiKey"), "Cache-Control": "no-cache" },
  parameters: {
    first_name: "",
    last_name: "",
    domain: "",
    reveal_personal_emails: "false", // each address costs an additional credit
  },
  rateLimit: 50,
  maxConcurrency: 2,
});
