/** Resources in every form of state, deployed by the current code. */
import { join } from "node:path";
import { type Sandbox } from "../../provider/sandbox";
import { describeLogo } from "../../provider/vendors/supermetrics/logo";
import { databarFields } from "../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../provider/vendors/supermetrics/fields";
import { PROVIDER_KEY, providerText } from "../../provider/pulumi/program/provider-text";
import { typeToken } from "../../provider/pulumi/program/resources";
import {
  type Stored,
  type StoredProvider,
  type Values,
} from "../../harness/engine/local/stored-provider";
import { type Vendor } from "./stack";
import { remoteOf, type StoredState } from "./recorded-states";

/**
 * Sandbox settings for recorded states: a plan that lowers limits, and deterministic ids and times.
 */
export const SERVERS = {
  databar: { plan: { rateLimit: 60 }, firstId: 41, now: () => new Date("2025-01-01T00:00:00Z") },
  supermetrics: { now: () => new Date("2025-01-01T00:00:00Z") },
};

/** A file in the project's folder, with its content. */
export const LOGO = { path: "logo.png", content: Buffer.from("\x89PNG\r\n\x1a\nlogo", "latin1") };

interface Case {
  readonly vendor: Vendor;
  readonly name: string;
  readonly args: Values;
  readonly before?: (sandbox: Sandbox) => void;
  /** Changes the state after the create, with another definition. */
  readonly then?: { readonly args: Values; readonly before: (sandbox: Sandbox) => void };
  readonly halfDone?: true;
  /** Also refreshes, because the state then has more values. */
  readonly refreshed?: true;
}

const called = (name: string): Values => ({
  name,
  method: "get",
  url: "https://api.example.com/v1",
});
const CONFIGURATION = {
  $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
  request: {
    headers: [
      { name: "X-Api-Key", value: "${secrets.api_key}" },
      { name: "Accept", value: "application/json" },
    ],
    page: 1,
    ratio: 0.5,
    on: true,
    off: null,
    none: [],
    empty: {},
  },
  oauth: {
    clientSecret: "made-up-client-secret",
    second: "${secrets.second}",
    note: "$${secrets.api_key} is written like this",
  },
};
const SECRETS = { api_key: "made-up-secret-1", second: "made-up-secret-2" };

const CASES: readonly Case[] = [
  {
    vendor: "databar",
    name: "full",
    args: {
      ...{
        name: "Full",
        type: "exporter",
        method: "post",
        url: "https://api.example.com/v1?api_key=made-up-key",
        rateLimit: 120,
        maxConcurrency: 5,
      },
      headers: {
        Authorization: "Bearer made-up-token",
        Accept: ["application/json", "text/plain"],
        "X-Empty": "",
      },
      parameters: { domain: "", access_token: "made-up-token" },
      body: { domain: "", tags: ["a", "b"], client_secret: "made-up-secret" },
    },
  },
  { vendor: "databar", name: "least", args: called("Least") },
  { vendor: "databar", name: "refreshed", args: called("Refreshed"), refreshed: true },
  {
    vendor: "databar",
    name: "template",
    args: {
      ...called("Template"),
      bodyTemplate: '{"domain": "{{ domain }}", "token": "made-up-token"}',
      onConflict: "fail",
    },
  },
  {
    vendor: "databar",
    name: "adopted",
    args: { ...called("Adopted"), connectorId: 7 },
    before: ({ databar }) => void databar.seed({ id: 7, name: "Older" }),
  },
  {
    vendor: "databar",
    name: "outcomeUnknown",
    args: { ...called("Before"), headers: { "X-Tag": "a" }, rateLimit: 30 },
    then: {
      args: { ...called("After"), headers: { "X-Tag": "b" }, rateLimit: 20 },
      before: ({ databar }) => void databar.fault({ method: "PUT", status: 500, times: Infinity }),
    },
    halfDone: true,
  },
  {
    vendor: "supermetrics",
    name: "full",
    args: {
      name: "Full",
      description: "Clicks.",
      configuration: CONFIGURATION,
      secrets: SECRETS,
      logo: LOGO.path,
    },
  },
  { vendor: "supermetrics", name: "least", args: { name: "Least", teamId: "936506" } },
  {
    vendor: "supermetrics",
    name: "refreshed",
    args: {
      name: "Refreshed",
      description: "Clicks.",
      configuration: CONFIGURATION,
      secrets: SECRETS,
    },
    refreshed: true,
  },
  {
    vendor: "supermetrics",
    name: "copy",
    args: { name: "Copy", duplicateOf: "SRC42", onConflict: "create" },
    before: ({ supermetrics }) =>
      void supermetrics.seed({
        connector_identifier: "SRC42",
        name: "Source",
        configuration_json: { from: "source" },
      }),
  },
  {
    vendor: "supermetrics",
    name: "adopted",
    args: {
      name: "Adopted",
      connectorIdentifier: "OLD01",
      configuration: { a: "${secrets.api_key}" },
      secrets: { api_key: "made-up-secret-1" },
    },
    before: ({ supermetrics }) =>
      void supermetrics.seed({
        connector_identifier: "OLD01",
        name: "Older",
        secrets: { theirs: "made-up-secret-3" },
      }),
  },
  {
    vendor: "supermetrics",
    name: "stoppedCreate",
    args: { name: "Stopped", configuration: CONFIGURATION, secrets: SECRETS },
    before: ({ supermetrics }) =>
      void supermetrics.fault({ method: "POST", path: /secrets$/, status: 422, after: 1 }),
    halfDone: true,
  },
  {
    vendor: "supermetrics",
    name: "outcomeUnknown",
    args: { name: "Before", configuration: { a: 1 } },
    then: {
      args: { name: "After", configuration: { a: 2 } },
      before: ({ supermetrics }) =>
        void supermetrics.fault({ method: "PUT", status: 500, times: Infinity }),
    },
    halfDone: true,
  },
];

/** Deploys all cases sequentially through the provider text of this version. */
export async function record(
  sandbox: Sandbox,
  provider: StoredProvider,
  folder: string,
): Promise<StoredState[]> {
  const states: StoredState[] = [];
  for (const { vendor, name, args, before, then, halfDone = false, refreshed } of CASES) {
    sandbox.supermetrics.settings.nextIdentifiers = [`NEW${states.length}`];
    before?.(sandbox);
    let program = registered(vendor, args, folder);
    let stored: Stored = await provider.create((await provider.check({}, program)).inputs);
    if (then) {
      then.before(sandbox);
      program = registered(vendor, then.args, folder);
      stored = await provider.update(stored, (await provider.check(stored.inputs, program)).inputs);
      sandbox.clearFaults();
    }
    if (refreshed) {
      stored = await provider.read(stored);
    }
    const table = { databar: databarFields, supermetrics: supermetricsFields }[vendor];
    states.push({
      vendor,
      name,
      type: typeToken(vendor, table.resource),
      halfDone,
      program,
      ...stored,
      remote: remoteOf(sandbox, vendor, stored.id),
    });
  }
  return states;
}

/** The arguments of a program as the engine receives them. */
function registered(vendor: Vendor, { logo, ...args }: Values, folder: string): Values {
  const described =
    logo === LOGO.path
      ? { logo: { ...describeLogo(join(folder, LOGO.path)), path: LOGO.path } }
      : {};
  return { ...args, ...described, [PROVIDER_KEY]: providerText(vendor) };
}
