"use strict";

const pulumi = require("@pulumi/pulumi");
const withSecrets = require("./secrets.js");

/** A fleet that does nothing, with the inputs, outputs and provider text length of one. */
class EmptyFleet extends pulumi.CustomResource {
  constructor(name, connectors, text) {
    super("pulumi-nodejs:dynamic/databar:DatabarFleet", name, {
      connectors,
      ids: undefined,
      computed: undefined,
      __provider: text,
    });
  }
}

module.exports = ({ definitions, text }) => {
  const connectors = Object.entries(definitions).map(([name, each]) => [name, withSecrets(each)]);
  new EmptyFleet("fleet", Object.fromEntries(connectors), text);
};
