"use strict";
// Loaded ahead of providers. What a failure records travels in a header. Pulumi's engine accepts
// 16 MB there, but HTTP/2 in Node.js, which the local engine uses, 64 KiB at most: what is larger
// goes through a file, which the engine deletes.

const { randomUUID } = require("node:crypto");
const { writeFileSync } = require("node:fs");
const Module = require("node:module");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const DETAILS = "grpc-status-details-bin";
const MOST = 32 * 1024;

const load = Module._load;
Module._load = function (request, parent, isMain) {
  const loaded = load(request, parent, isMain);
  if (request !== "@grpc/grpc-js") return loaded;
  Module._load = load;
  const { add } = loaded.Metadata.prototype;
  loaded.Metadata.prototype.add = function (key, value) {
    if (key !== DETAILS || value.length <= MOST) return add.call(this, key, value);
    const file = join(tmpdir(), `details-${randomUUID()}`);
    writeFileSync(file, value, { mode: 0o600 });
    return add.call(this, "details-file", file);
  };
  return loaded;
};
