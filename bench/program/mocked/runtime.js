"use strict";

// The provider of an empty resource: returns the results of a connector's verbs without doing their
// work.

let last = 0;

const outputs = (inputs) => ({
  ...inputs,
  claim: "00000000",
  createdAt: "2026-01-01T00:00:00Z",
  ...(inputs.rateLimit && {
    effectiveRateLimit: inputs.rateLimit,
    effectiveMaxConcurrency: inputs.maxConcurrency,
  }),
});

exports.provider = () => ({
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({}),
  create: async (inputs) => ({ id: String(++last), outs: outputs(inputs) }),
  update: async (id, olds, news) => ({ outs: { ...olds, ...news } }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},
});
