"use strict";

const { projects } = require("../../jest.config");

/**
 * The unit tests alone: the others start processes, which no mutant reaches, or ask git, which does not know the copy.
 * Tests that wait for seconds take part only where they are the point, in the part "pacing".
 */
module.exports = {
  ...projects.find(({ displayName }) => displayName === "unit"),
  rootDir: "../..",
  testPathIgnorePatterns: ["/unit/cli/", "/unit/pulumi/resource\\.test", ...(process.env.MUTATION_PART === "pacing" ? [] : ["/unit/http/limits\\.test"])],
  testSequencer: "<rootDir>/test/mutation/covering-tests.js",
  testRunner: "<rootDir>/test/mutation/jest-circus-until-failure.js",
  // What a mutant makes wait for ever is noticed by the test, long before Stryker gives the whole run up.
  testTimeout: 8_000,
};
