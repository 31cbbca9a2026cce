"use strict";

const { ConnectorDefinitions } = require("pulumi-connectors");

const { scoring, awin } = new ConnectorDefinitions("connectors", { path: "./connectors" })
  .connectors;

exports.scoringId = scoring.connectorId;
exports.awinIdentifier = awin.connectorIdentifier;
