"use strict";

const connectors = require("pulumi-connectors");
const withSecrets = require("./secrets.js");

/** One resource for all connectors. */
module.exports = ({ vendor, definitions }) => {
  const Fleet = vendor === "databar" ? connectors.DatabarFleet : connectors.SupermetricsFleet;
  new Fleet("fleet", {
    connectors: Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [name, withSecrets(definition)]),
    ),
  });
};
