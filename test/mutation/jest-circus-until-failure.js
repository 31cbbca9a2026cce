"use strict";
// Jest's own runner, but stops at the first failure. Stryker does not pass Jest's `bail` option.

const { default: circus } = require("jest-circus/runner");
const { createEmptyTestResult } = require("@jest/test-result");
const run = require("./run-state");

module.exports = async (globalConfig, config, environment, runtime, testFilePath, ...rest) => {
  if (run.failed) return skipped(testFilePath);
  const handle = environment.handleTestEvent?.bind(environment);
  environment.handleTestEvent = async (event, state) => {
    if (event.name === "test_start" && run.failed) event.test.mode = "skip";
    if (event.name === "test_done" && event.test.errors.length > 0) run.failed = true;
    await handle?.(event, state);
  };
  const result = await circus(globalConfig, config, environment, runtime, testFilePath, ...rest);
  if (result.testExecError || result.numFailingTests > 0) run.failed = true;
  return result;
};

/** The result of a skipped file. Jest treats a file without tests as an error. */
function skipped(testFilePath) {
  const test = {
    ancestorTitles: [],
    title: "not needed",
    fullName: "not needed",
    status: "pending",
    duration: 0,
    failureMessages: [],
    failureDetails: [],
    numPassingAsserts: 0,
  };
  return { ...createEmptyTestResult(), testFilePath, numPendingTests: 1, testResults: [test] };
}
