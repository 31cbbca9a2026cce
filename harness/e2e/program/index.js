"use strict";

// A program whose resources are data: program.json beside Pulumi.yaml says what to declare. A step
// of a scenario rewrites that file, as a user edits a program.
//
// Values: {"$secret": v} marks v secret; {"$output": "resource.property"} is another resource's
// output; {"$config": "ns:key"} and {"$secretConfig": "ns:key"} read the stack configuration.

const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const connectors = require("pulumi-connectors");

const { resources, outputs } = JSON.parse(readFileSync("program.json", "utf8"));
const declared = {};

function value(item) {
  if (Array.isArray(item)) return item.map(value);
  if (item === null || typeof item !== "object") return item;
  const [key, inner] = Object.entries(item)[0] ?? [];
  if (key === "$secret") return pulumi.secret(value(inner));
  if (key === "$config" || key === "$secretConfig") {
    const [namespace, name] = inner.split(":");
    const config = new pulumi.Config(namespace);
    return key === "$config" ? config.require(name) : config.requireSecret(name);
  }
  if (key === "$output") {
    const [name, ...path] = inner.split(".");
    return path.reduce(
      (output, part) => output.apply((object) => object[part]),
      pulumi.output(declared[name]),
    );
  }
  if (key === "$wrap")
    return pulumi.interpolate`${inner.before ?? ""}${value(inner.value)}${inner.after ?? ""}`;
  return Object.fromEntries(Object.entries(item).map(([name, each]) => [name, value(each)]));
}

function options({ dependsOn, provider, parent, ...rest } = {}) {
  return {
    ...rest,
    ...(dependsOn && { dependsOn: dependsOn.map((name) => declared[name]) }),
    ...(provider && { provider: declared[provider] }),
    ...(parent && { parent: declared[parent] }),
  };
}

// A type with a colon is that of a native package.
function declare(name, { type, args, get, options: opts }) {
  if (type.startsWith("pulumi:providers:"))
    return new pulumi.ProviderResource(type.split(":")[2], name, value(args ?? {}), options(opts));
  if (type.includes(":")) {
    const id = get === undefined ? {} : { id: value(get) };
    return new pulumi.CustomResource(type, name, value(args ?? {}), { ...options(opts), ...id });
  }
  return get === undefined
    ? new connectors[type](name, value(args ?? {}), options(opts))
    : connectors[type].get(name, value(get), options(opts));
}

for (const [name, resource] of Object.entries(resources)) declared[name] = declare(name, resource);

module.exports = Object.fromEntries(
  Object.entries(outputs ?? {}).map(([name, item]) => [name, value(item)]),
);
