"use strict";

/**
 * Whether a test of the current run has failed. Then the mutant is detected and the other tests are
 * skipped.
 */
module.exports = { failed: false };
