import { type Sandbox } from "pulumi-connectors/sandbox";
import { type Config } from "../../harness/engine/types";

/** Names of the secrets that examples/gitops asks for; its own config.ts reads them, and needs an engine to load. */
const SECRETS = [
  "anthropicApiKey",
  "apolloApiKey",
  "companiesHouseApiKey",
  "hubspotAccessToken",
  "hubspotClientId",
  "hubspotClientSecret",
  "hunterApiKey",
  "klaviyoApiKey",
  "pagespeedApiKey",
  "sendgridApiKey",
  "slackBotToken",
  "stripeApiKey",
];

/** A stack configuration for the sandbox: any non-empty key is good, team 936506 exists. */
export function demoConfig(sandbox: Sandbox): Config {
  return {
    "databar:apiKey": { secret: "any-key" },
    "databar:baseUrl": sandbox.databar.url,
    "supermetrics:apiKey": { secret: "any-key" },
    "supermetrics:baseUrl": sandbox.supermetrics.url,
    "supermetrics:teamId": "936506",
    ...Object.fromEntries(SECRETS.map((key) => [`gitops:${key}`, { secret: `demo-${key}` }])),
  };
}
