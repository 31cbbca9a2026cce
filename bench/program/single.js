"use strict";

const connectors = require("pulumi-connectors");
const withSecrets = require("./secrets.js");

/** One resource per connector. */
module.exports = ({ vendor, definitions }) => {
  const Connector =
    vendor === "databar" ? connectors.DatabarConnector : connectors.SupermetricsConnector;
  for (const [name, definition] of Object.entries(definitions))
    new Connector(name, withSecrets(definition));
};
