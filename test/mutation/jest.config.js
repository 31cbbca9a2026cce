"use strict";

const { projects } = require("../../jest.config");
const { PARTS, patternOf } = require("./parts");

const { tests, ignoredTests } = PARTS[process.env.MUTATION_PART];

module.exports = {
  ...projects.find(({ displayName }) => displayName === "unit"),
  rootDir: "../..",
  testMatch: tests.map((path) => `<rootDir>/${path}`),
  testPathIgnorePatterns: ignoredTests.map((path) => patternOf(path).source.replace("^", "/")),
  testSequencer: "<rootDir>/test/mutation/covering-tests.js",
  testRunner: "<rootDir>/test/mutation/jest-circus-until-failure.js",
  // A mutant that waits forever fails its test long before Stryker ends the whole run.
  testTimeout: 8_000,
};
