"use strict";

const { projects } = require("../../jest.config");

const part = process.env.MUTATION_PART;

/** Nearly every test makes requests. The client is judged by what those notice that are about requests and answers. */
const OF_REQUESTS = [
  "http/**/*.test.ts",
  "vendors/*/api.test.ts",
  "vendors/*/errors.test.ts",
  "pulumi/{settings,runtime}.test.ts",
];

/**
 * The unit tests alone: the others start processes, which no mutant reaches, or ask git, which does not know the copy.
 * Tests that wait for seconds take part only where they are the point, in the part "pacing".
 */
module.exports = {
  ...projects.find(({ displayName }) => displayName === "unit"),
  rootDir: "../..",
  ...((part === "http" || part === "pacing") && {
    testMatch: OF_REQUESTS.map((path) => `<rootDir>/test/unit/${path}`),
  }),
  testPathIgnorePatterns: [
    "/unit/cli/",
    "/unit/pulumi/resource\\.test",
    ...(part === "pacing" ? [] : ["/unit/http/limits\\.test"]),
  ],
  testSequencer: "<rootDir>/test/mutation/covering-tests.js",
  testRunner: "<rootDir>/test/mutation/jest-circus-until-failure.js",
  // What a mutant makes wait for ever is noticed by the test, long before Stryker gives the whole run up.
  testTimeout: 8_000,
};
