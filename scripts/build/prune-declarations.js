"use strict";

// Deletes declarations that no entry point reaches.
const { readdirSync, readFileSync, rmSync, existsSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const ROOT = resolve(__dirname, "../..");
const { exports: entries } = require(join(ROOT, "package.json"));

/** Declaration files that a file imports. */
function named(file) {
  const specifiers = [
    ...readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g),
  ].map(([, specifier]) => specifier.replace(/\.js$/, ""));
  return specifiers
    .map((specifier) =>
      [`${specifier}.d.ts`, `${specifier}/index.d.ts`]
        .map((path) => join(dirname(file), path))
        .find(existsSync),
    )
    .filter((path) => path !== undefined);
}

const kept = new Set();
const open = Object.values(entries).flatMap(({ types }) =>
  types === undefined ? [] : [join(ROOT, types)],
);
for (let file = open.pop(); file !== undefined; file = open.pop()) {
  if (kept.has(file)) continue;
  kept.add(file);
  open.push(...named(file));
}

const dist = join(ROOT, "dist");
for (const path of readdirSync(dist, { recursive: true })) {
  if (path.endsWith(".d.ts") && !kept.has(join(dist, path))) rmSync(join(dist, path));
}
