"use strict";

const { appendFileSync } = require("node:fs");

/**
 * Prints the counts of the run on one closing line, and appends them to the file `TEST_COUNTS`, if
 * there is one.
 */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    if (process.env.TEST_COUNTS) {
      appendFileSync(process.env.TEST_COUNTS, `${passed} ${failed}\n`);
    }
    process.on("exit", () => {
      process.stdout.write(
        `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
      );
    });
  }
};
