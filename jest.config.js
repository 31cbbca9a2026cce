"use strict";

const { availableParallelism } = require("node:os");

const transform = {
  "^.+\\.ts$": [
    "@swc/jest",
    { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
  ],
};
const layer = (name) => ({
  displayName: name,
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: [
    name === "architecture" ? "<rootDir>/test/*.test.ts" : `<rootDir>/test/${name}/**/*.test.ts`,
  ],
  transform,
  // Packages that are not this one's, with names of their own.
  modulePathIgnorePatterns: ["<rootDir>/test/consumers/projects"],
  ...(["smoke", "engine", "e2e", "reliability"].includes(name) && {
    globalSetup: "<rootDir>/harness/engine/code-cache-setup.js",
  }),
});

module.exports = {
  projects: ["architecture", "unit", "contract", "smoke", "reliability", "engine", "e2e"].map(
    layer,
  ),
  reporters: ["default", "<rootDir>/harness/jest/summary-reporter.js"],
  testTimeout: 120_000,
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
};
