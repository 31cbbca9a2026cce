// From docs/moving.md; npm run generate writes this file.
import * as pulumi from "@pulumi/pulumi";

const NATIVE: Readonly<Record<string, string>> = {
  "pulumi-nodejs:dynamic/databar:DatabarConnector": "databar:index:Connector",
  "pulumi-nodejs:dynamic/databar:DatabarFleet": "databar:index:Fleet",
  "pulumi-nodejs:dynamic/supermetrics:SupermetricsConnector": "supermetrics:index:Connector",
  "pulumi-nodejs:dynamic/supermetrics:SupermetricsFleet": "supermetrics:index:Fleet",
};

pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
  const native = NATIVE[type];
  return native === undefined
    ? undefined
    : { props, opts: pulumi.mergeOptions(opts, { aliases: [{ type: native }] }) };
});
