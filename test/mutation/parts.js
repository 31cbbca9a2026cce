"use strict";

/** The files that limit the request rate. Only tests that wait can check them. */
const PACING = [
  "provider/http/interceptors/rate-limiter.ts",
  "provider/http/interceptors/rate-limit.ts",
];

/**
 * Nearly every unit test sends requests. Mutants of the client run against the tests of requests
 * and answers only.
 */
const REQUEST_TESTS = [
  "test/unit/http/**/*.test.ts",
  "test/unit/vendors/*/api.test.ts",
  "test/unit/vendors/*/errors.test.ts",
  "test/unit/pulumi/settings.test.ts",
  "test/unit/pulumi/runtime.test.ts",
];

const ALL_TESTS = ["test/unit/**/*.test.ts"];

/**
 * Tests that start processes, which a mutant cannot reach, or that call git, which does not track
 * Stryker's copy.
 */
const PROCESS_TESTS = [
  "test/unit/cli/log-commands.test.ts",
  "test/unit/cli/main.test.ts",
  "test/unit/cli/new.test.ts",
  "test/unit/cli/plan-requests.test.ts",
  "test/unit/cli/request.test.ts",
  "test/unit/definition/editor.test.ts",
  "test/unit/docs/*.test.ts",
  "test/unit/observe/log.test.ts",
  "test/unit/pulumi/resource.test.ts",
];

/** Tests that wait for seconds. */
const SLOW_TESTS = ["test/unit/http/limits.test.ts"];

/** What to mutate, which tests to run, and which of these to ignore. */
const PARTS = {
  model: part(["provider/model/**/*.ts"], ALL_TESTS),
  lifecycle: part(["provider/lifecycle/**/*.ts"], ALL_TESTS),
  vendors: part(["provider/vendors/**/*.ts"], ALL_TESTS),
  http: part(["provider/http/**/*.ts", ...PACING.map((path) => `!${path}`)], REQUEST_TESTS),
  pacing: part(PACING, REQUEST_TESTS, PROCESS_TESTS),
};

function part(mutate, tests, ignoredTests = [...PROCESS_TESTS, ...SLOW_TESTS]) {
  return { mutate, tests, ignoredTests };
}

function patternOf(glob) {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*/g, (star) => (star === "*" ? "[^/]*" : "(?:.*/)?"));
  return new RegExp(`^${source}$`);
}

module.exports = { PARTS, patternOf };
