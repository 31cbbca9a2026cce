"use strict";

// program.json beside Pulumi.yaml says which connectors to declare, and as what: each kind loads its own modules only.

const { readFileSync } = require("node:fs");

const { kind, ...content } = JSON.parse(readFileSync("program.json", "utf8"));
require(kind === "shared" ? "./usual.js" : `./${kind}.js`)({
  ...content,
  shared: kind === "shared" || undefined,
});
