import { type Sandbox } from "pulumi-connectors/sandbox";
import { type Config } from "../../harness/engine/types";

/** Names of the secrets that examples/gitops reads. Its own config.ts needs an engine to load. */
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

/**
 * A stack configuration for the sandbox, which accepts any key that is not empty and has team
 * 936506.
 */
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
