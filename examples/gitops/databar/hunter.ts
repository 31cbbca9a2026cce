import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

/**
 * The most likely e-mail address of a person at a company.
 *
 * https://hunter.io/api-documentation/v2#email-finder
 */
export const hunter = new DatabarConnector("hunter-email-finder", {
  name: "Hunter: email finder",
  method: "get",
  url: "https://api.hunter.io/v2/email-finder",
  parameters: { domain: "", first_name: "", last_name: "", api_key: secret("hunterApiKey") },
  rateLimit: 500, // Hunter's limit for this endpoint
});
