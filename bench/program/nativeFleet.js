"use strict";

const pulumi = require("@pulumi/pulumi");
const withSecrets = require("./secrets.js");

/** A fleet of a native package, as a generated SDK declares it. */
class Fleet extends pulumi.CustomResource {
  constructor(vendor, name, connectors) {
    super(`${vendor}:index:Fleet`, name, { connectors, ids: undefined, computed: undefined });
  }
}

module.exports = ({ vendor, definitions }) => {
  const connectors = Object.entries(definitions).map(([name, each]) => [name, withSecrets(each)]);
  new Fleet(vendor, "fleet", Object.fromEntries(connectors));
};
