"use strict";

// A Databar connector as a usual dynamic resource: a provider with a client, which Pulumi
// serializes with every resource. It has the API calls, retries and error messages of
// pulumi-connectors, but nothing else. As in Pulumi's documentation, each resource has its own
// provider object. With "shared", all resources share one object: the SDK serializes it once, but
// still stores the text with each resource.

const pulumi = require("@pulumi/pulumi");
const withSecrets = require("./secrets.js");

class Client {
  constructor(baseUrl, apiKey) {
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
  }

  async send(method, path, body) {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${this.baseUrl}/v1/connectors/${path}`, {
        method,
        headers: { "x-apikey": this.apiKey, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (response.status === 204) return undefined;
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      if (response.status !== 429 || attempt === 5)
        throw new Error(
          `Databar answered ${response.status} to ${method} ${path}: ${text.slice(0, 500)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}

const pairs = (map) => Object.entries(map ?? {}).map(([name, value]) => ({ name, value }));

const request = (inputs) => ({
  name: inputs.name,
  type: inputs.type,
  method: inputs.method,
  url: inputs.url,
  headers: pairs(inputs.headers),
  parameters: pairs(inputs.parameters),
  body: pairs(inputs.body),
  body_template: inputs.bodyTemplate ?? null,
  rate_limit: inputs.rateLimit ?? null,
  max_concurrency: inputs.maxConcurrency ?? null,
});

const outputs = (inputs, remote) => ({
  ...inputs,
  effectiveRateLimit: remote.rate_limit,
  effectiveMaxConcurrency: remote.max_concurrency,
  createdAt: remote.created_at,
});

class UsualProvider {
  async configure({ config }) {
    this.client = new Client(config.require("databar:baseUrl"), config.require("databar:apiKey"));
  }

  async check(olds, news) {
    const failures = ["name", "method", "url"]
      .filter((property) => !news[property])
      .map((property) => ({ property, reason: `${property} is required` }));
    return { inputs: news, failures };
  }

  async diff(id, olds, news) {
    return { changes: JSON.stringify(request(olds)) !== JSON.stringify(request(news)) };
  }

  async create(inputs) {
    const remote = await this.client.send("POST", "", request(inputs));
    return { id: String(remote.id), outs: outputs(inputs, remote) };
  }

  async read(id, props) {
    const remote = await this.client.send("GET", id);
    return {
      id,
      props: outputs(
        { ...props, name: remote.name, url: remote.url, method: remote.method },
        remote,
      ),
    };
  }

  async update(id, olds, news) {
    return { outs: outputs(news, await this.client.send("PUT", id, request(news))) };
  }

  async delete(id) {
    await this.client.send("DELETE", id);
  }
}

class UsualConnector extends pulumi.dynamic.Resource {
  constructor(provider, name, props) {
    super(
      provider,
      name,
      {
        effectiveRateLimit: undefined,
        effectiveMaxConcurrency: undefined,
        createdAt: undefined,
        ...props,
      },
      undefined,
      "databar",
      "DatabarConnector",
    );
  }
}

module.exports = ({ definitions, shared }) => {
  const provider = shared && new UsualProvider();
  for (const [name, definition] of Object.entries(definitions))
    new UsualConnector(provider ?? new UsualProvider(), name, withSecrets(definition));
};
