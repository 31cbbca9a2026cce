"use strict";
// Loaded ahead of programs and providers: gives Node the modules of the SDK and of this package
// compiled already. A run of the tests starts hundreds of these processes, each of which would
// compile the same megabytes again. `code-cache-setup.js` records them at the start of a run; a
// module that is not among them is compiled as ever.

const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

const folder = process.env["CONNECTORS_CODE_CACHE"];
if (folder !== undefined) {
  const recorded = process.env["CONNECTORS_CODE_CACHE_RECORD"] === "1" ? new Map() : undefined;
  const known = recorded ? new Map() : read(folder);
  if (recorded) process.on("exit", () => write(folder, recorded));

  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename) {
    // What is compiled here cannot import dynamically, nor can what it evaluates: the SDK's
    // commands do.
    if (/[\\/]cmd[\\/]/.test(filename) || content.includes("import("))
      return compile.call(this, content, filename);
    const entry = known.get(filename);
    if (!recorded && entry?.size !== content.length) return compile.call(this, content, filename);
    const script = new Script(Module.wrap(content), { filename, cachedData: entry?.data });
    recorded?.set(filename, { script, size: content.length });
    return script
      .runInThisContext()
      .call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
}

function requireOf(module) {
  const require = (request) => module.require(request);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

/** One file holds all, so that a process reads one file. */
function write(folder, recorded) {
  const index = [];
  const parts = [];
  let start = 0;
  for (const [filename, { script, size }] of recorded) {
    const data = script.createCachedData();
    index.push([filename, { size, start, end: (start += data.length) }]);
    parts.push(data);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
  writeFileSync(join(folder, "data"), Buffer.concat(parts));
}

function read(folder) {
  const data = readFileSync(join(folder, "data"));
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
  return new Map(
    index.map(([filename, { size, start, end }]) => [
      filename,
      { size, data: data.subarray(start, end) },
    ]),
  );
}
