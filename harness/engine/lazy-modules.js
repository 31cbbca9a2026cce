"use strict";
// Loaded ahead of programs and providers. Pulumi's SDK loads much that only few programs use, and a
// program's or a provider's process spends most of its time on it. Loaded when it is used, it costs
// nothing; what is run stays the same.

const Module = require("node:module");

/** What is loaded late, by the file of `@pulumi/pulumi` that asks for it. */
const LATE = new Map([
  ["index.js", ["./automation"]],
  ["runtime/closure/parseFunction.js", ["../../typescript-shim"]],
  ["runtime/closure/codePaths.js", ["@npmcli/arborist", "normalize-package-data"]],
  [
    "cmd/run/tracing.js",
    [
      "resources",
      "sdk-trace-base",
      "exporter-zipkin",
      "instrumentation-grpc",
      "sdk-trace-node",
      "instrumentation",
    ].map((name) => `@opentelemetry/${name}`),
  ],
]);
/**
 * What is not loaded: it makes stack traces name the SDK's TypeScript, which takes longer than
 * anything else here.
 */
const NEVER = "source-map-support/register";
const IN_SDK = /[\\/]@pulumi[\\/]pulumi[\\/](.+)$/;

const load = Module._load;
Module._load = function (request, parent, isMain) {
  const [, file = ""] = IN_SDK.exec(parent?.filename ?? "") ?? [];
  if (file !== "" && request === NEVER) return {};
  if (!LATE.get(file.replaceAll("\\", "/"))?.includes(request))
    return load(request, parent, isMain);
  let loaded;
  const member = (key) => {
    loaded ??= load(request, parent, isMain);
    return key === "default" && !loaded.__esModule ? loaded : loaded[key];
  };
  // Said to be an ES module, so that who asks for it takes it as it is instead of copying its
  // members.
  return new Proxy(
    { __esModule: true },
    { get: (target, key) => (key in target ? target[key] : member(key)) },
  );
};
