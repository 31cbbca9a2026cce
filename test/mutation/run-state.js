"use strict";

/** Whether a test of the current run has failed: the mutant is found, and the rest need not run. */
module.exports = { failed: false };
