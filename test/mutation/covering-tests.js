"use strict";
// Stryker passes the names of the tests that cover a mutant, and Jest loads every test file to find
// them. This sequencer loads only the files with these tests. It records their names and durations
// in the first run, which runs all tests.

const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");
const run = require("./run-state");

/** For each test file, the names of its tests and their durations in ms. */
const TESTS = join(__dirname, "tests.json");

module.exports = class CoveringTests extends Sequencer {
  constructor(options) {
    super(options);
    this.pattern = options.globalConfig.testNamePattern;
  }

  /** The files with covering tests, fastest first: the first failing test detects a mutant. */
  sort(tests) {
    run.failed = false;
    if (!this.pattern) return tests;
    const covering = new RegExp(this.pattern, "i");
    const known = JSON.parse(readFileSync(TESTS, "utf8"));
    return tests
      .map((test) => ({
        test,
        durations: (known[test.path] ?? [])
          .filter(([name]) => covering.test(name))
          .map(([, duration]) => duration),
      }))
      .filter(({ durations }) => durations.length > 0)
      .map(({ test, durations }) => ({
        test,
        cost: durations.reduce((sum, duration) => sum + duration, 0),
      }))
      .sort((a, b) => a.cost - b.cost)
      .map(({ test }) => test);
  }

  cacheResults(tests, results) {
    super.cacheResults(tests, results);
    if (this.pattern) return;
    const known = results.testResults.map(({ testFilePath, testResults }) => [
      testFilePath,
      testResults.map(({ fullName, duration }) => [fullName, duration ?? 0]),
    ]);
    writeFileSync(TESTS, JSON.stringify(Object.fromEntries(known)));
  }
};
