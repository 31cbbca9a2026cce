"use strict";

// program.json selects the connectors to declare, and their kind. Each kind loads only the modules
// that it needs.

const { readFileSync } = require("node:fs");

const { kind, ...content } = JSON.parse(readFileSync("program.json", "utf8"));
require(kind === "shared" ? "./usual.js" : `./${kind}.js`)({
  ...content,
  shared: kind === "shared" || undefined,
});
