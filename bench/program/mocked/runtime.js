"use strict";

// The provider of an empty resource or fleet: returns the results of its verbs without doing their
// work.

const { deflateRawSync } = require("node:zlib");

let last = 0;

/** Pulumi's envelope of a secret value. */
const secret = (value) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

const workspace = "http://127.0.0.1:40000 00000000";

const outputs = (inputs) => ({
  ...inputs,
  claim: "00000000",
  createdAt: "2026-01-01T00:00:00Z",
  workspace,
  ...(inputs.rateLimit && {
    effectiveRateLimit: inputs.rateLimit,
    effectiveMaxConcurrency: inputs.maxConcurrency,
  }),
});

const fleetOutputs = (inputs) => {
  const keys = Object.keys(inputs.connectors);
  const computed = {
    createdAt: "2026-01-01T00:00:00Z",
    effectiveRateLimit: 60,
    effectiveMaxConcurrency: 5,
  };
  return {
    ...inputs,
    ids: Object.fromEntries(keys.map((key, index) => [key, String(index)])),
    computed: Object.fromEntries(keys.map((key) => [key, computed])),
    states: secret(deflateRawSync(JSON.stringify(inputs.connectors)).toString("base64")),
    workspace,
  };
};

/** A refresh gets the inputs too, because it compares them with the program's. */
const read = async (id, props) =>
  props.connectors
    ? {
        id,
        props: { ...props, states: secret(props.states) },
        inputs: { connectors: props.connectors },
      }
    : { id, props };

exports.provider = () => ({
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({}),
  create: async (inputs) => ({
    id: String(++last),
    outs: inputs.connectors ? fleetOutputs(inputs) : outputs(inputs),
  }),
  update: async (id, olds, news) => ({ outs: { ...olds, ...news } }),
  read,
  delete: async () => {},
});
