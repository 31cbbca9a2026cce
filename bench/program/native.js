"use strict";

const pulumi = require("@pulumi/pulumi");
const withSecrets = require("./secrets.js");

const OUTPUTS = ["connectorId", "createdAt", "effectiveMaxConcurrency", "effectiveRateLimit"];

/** A connector of a native package, as a generated SDK declares it. */
class Connector extends pulumi.CustomResource {
  constructor(vendor, name, props) {
    const outputs = Object.fromEntries(OUTPUTS.map((output) => [output, undefined]));
    super(`${vendor}:index:Connector`, name, { ...outputs, ...props });
  }
}

module.exports = ({ vendor, definitions }) => {
  for (const [name, definition] of Object.entries(definitions))
    new Connector(vendor, name, withSecrets(definition));
};
