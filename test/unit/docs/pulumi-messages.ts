/**
 * Messages of Pulumi and Node.js that the docs quote, as CLI 3.248.0 prints them in runs against
 * the sandbox.
 */
export const PULUMI_MESSAGES: readonly string[] = [
  "Error: Cannot find module 'pulumi-connectors'",
  "Cannot find package 'pulumi-connectors' imported from /srv/connectors/",
  "error: an unhandled error occurred: It looks like the Pulumi SDK has not been installed. Have you run pulumi install?",
  "error: --yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
  "error: getting stack configuration: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
  "Cannot read properties of undefined (reading 'toJavaScript')",
  "+-pulumi-nodejs:dynamic/supermetrics:SupermetricsConnector: (replace)",
  '~ teamId: "936506" => "7"',
  "error: pulumi-nodejs:dynamic/databar:DatabarConnector resource 'scoring' has a problem: ",
  "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
  "warning: Attempting to deploy or update resources with 1 pending operations from previous deployment.",
  "* urn:pulumi:dev::shop::pulumi-nodejs:dynamic/databar:DatabarConnector::scoring, interrupted while creating",
];
