"use strict";

const pulumi = require("@pulumi/pulumi");
const withSecrets = require("./secrets.js");

const TYPES = {
  databar: "databar:DatabarConnector",
  supermetrics: "supermetrics:SupermetricsConnector",
};

/**
 * A resource that does nothing, with the inputs, outputs and provider text length of a connector.
 */
class Empty extends pulumi.CustomResource {
  constructor(vendor, name, props, text) {
    super(`pulumi-nodejs:dynamic/${TYPES[vendor]}`, name, {
      effectiveRateLimit: undefined,
      effectiveMaxConcurrency: undefined,
      createdAt: undefined,
      ...props,
      __provider: text,
    });
  }
}

module.exports = ({ vendor, definitions, text }) => {
  for (const [name, definition] of Object.entries(definitions))
    new Empty(vendor, name, withSecrets(definition), text);
};
