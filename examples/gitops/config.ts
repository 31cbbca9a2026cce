import * as pulumi from "@pulumi/pulumi";

/**
 * The secrets of the definitions, as keys of the stack's `gitops:` config. Pulumi.yaml describes
 * them.
 */
export const SECRET_KEYS = [
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
] as const;

/** One of {@link SECRET_KEYS}. */
export type SecretKey = (typeof SECRET_KEYS)[number];

const config = new pulumi.Config("gitops");

/**
 * Returns a secret of the stack. If it is missing, the program fails with the command that sets it.
 */
export function secret(key: SecretKey): pulumi.Output<string> {
  return config.requireSecret(key);
}
