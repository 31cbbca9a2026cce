"use strict";
// Loaded before TypeScript programs that run without a type check, for which the SDK would load the
// whole compiler.

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
