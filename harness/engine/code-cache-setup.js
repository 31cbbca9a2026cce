"use strict";
// Jest's global set-up: records what `code-cache.js` gives to programs and providers, by loading
// once what they load.

const { spawnSync } = require("node:child_process");
const { existsSync, mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");

const DIST = resolve(__dirname, "../../dist");
const MODULES = [
  ...["index", "tsutils", "cmd/run/error", "cmd/run/tracing", "cmd/run/instrumentation"].map(
    (name) => require.resolve(`@pulumi/pulumi/${name}`),
  ),
  ...["index", "vendors/databar/runtime", "vendors/supermetrics/runtime", "http/client"].map(
    (name) => join(DIST, `${name}.js`),
  ),
  // Last: it ends at once, because it has no address of an engine.
  require.resolve("@pulumi/pulumi/cmd/dynamic-provider"),
];

module.exports = () => {
  if (process.env["CONNECTORS_CODE_CACHE"] !== undefined || !existsSync(DIST)) return;
  const folder = mkdtempSync(join(tmpdir(), "code-cache-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const preloaded = ["lazy-modules.js", "code-cache.js"].flatMap((file) => [
    "--require",
    join(__dirname, file),
  ]);
  const script = `for (const file of ${JSON.stringify(MODULES)}) require(file); process.exit(0);`;
  spawnSync(process.execPath, [...preloaded, "-e", script], {
    env: { ...process.env, CONNECTORS_CODE_CACHE: folder, CONNECTORS_CODE_CACHE_RECORD: "1" },
    timeout: 30_000,
  });
  if (existsSync(join(folder, "data"))) process.env["CONNECTORS_CODE_CACHE"] = folder;
};
