"use strict";
// Loaded ahead of TypeScript programs whose types are not to be checked: the SDK would load the whole compiler for it.

const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

const OPTIONS = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
  sourceMaps: "inline",
  swcrc: false,
};

require.extensions[".ts"] = (module, filename) => {
  module._compile(
    transformSync(readFileSync(filename, "utf8"), { ...OPTIONS, filename }).code,
    filename,
  );
};
