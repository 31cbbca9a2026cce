"use strict";

const { projects } = require("../../jest.config");

const unit = projects.find(({ displayName }) => displayName === "unit");

/**
 * The unit tests and that of the generated schema; the others start processes, which no mutant reaches, or take long.
 * Tests that wait for seconds take part only where they are the point, in the part "pacing".
 */
module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: [...unit.testMatch, "<rootDir>/test/generated.test.ts"],
  testPathIgnorePatterns: ["/unit/cli/", "/unit/pulumi/resource\\.test", ...(process.env.MUTATION_PART === "pacing" ? [] : ["/unit/http/limits\\.test"])],
  testSequencer: "<rootDir>/test/mutation/covering-tests.js",
  testRunner: "<rootDir>/test/mutation/jest-circus-until-failure.js",
  // What a mutant makes wait for ever is noticed by the test, long before Stryker gives the whole run up.
  testTimeout: 8_000,
};
