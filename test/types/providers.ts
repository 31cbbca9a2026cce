import * as pulumi from "@pulumi/pulumi";
import { type Input } from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import {
  DatabarConnector,
  DatabarFleet,
  DatabarProvider,
  type DatabarProviderArgs,
  type LimitArgs,
  SupermetricsConnector,
  SupermetricsFleet,
  SupermetricsProvider,
  type SupermetricsProviderArgs,
} from "pulumi-connectors";
import { type AnyKeys, count, laterCount, laterText, text } from "./support";

interface Limits {
  requestsPerSecond?: Input<number>;
  maxConcurrentRequests?: Input<number>;
  requestTimeoutSeconds?: Input<number>;
  operationTimeoutSeconds?: Input<number>;
  backoffSeconds?: Input<number>;
}

interface Common extends Limits {
  apiKey?: Input<string>;
  baseUrl?: Input<string>;
}

interface WithTeam extends Common {
  teamId?: Input<string>;
}

expectTypeOf<LimitArgs>().toEqualTypeOf<Limits>();
expectTypeOf<DatabarProviderArgs>().toEqualTypeOf<Common>();
expectTypeOf<SupermetricsProviderArgs>().toEqualTypeOf<WithTeam>();
expectTypeOf<AnyKeys<DatabarProviderArgs>>().toBeNever();
expectTypeOf<AnyKeys<SupermetricsProviderArgs>>().toBeNever();

// Plain values, promises and outputs; all of it may be left out.

const databar = new DatabarProvider("databar");
const supermetrics = new SupermetricsProvider("supermetrics");

expectTypeOf(databar).toExtend<pulumi.ProviderResource>();
expectTypeOf(supermetrics).toExtend<pulumi.ProviderResource>();

new DatabarProvider("plain", {
  apiKey: "key",
  baseUrl: "https://api.example.com",
  requestsPerSecond: 5,
  backoffSeconds: 0.1,
});
new DatabarProvider(
  "outputs",
  {
    apiKey: text,
    baseUrl: laterText,
    maxConcurrentRequests: count,
    requestTimeoutSeconds: laterCount,
  },
  { parent: databar },
);
new DatabarProvider("configured", { apiKey: new pulumi.Config().requireSecret("key") });
new SupermetricsProvider("plain", { apiKey: "key", teamId: "936506", operationTimeoutSeconds: 10 });
const limits: LimitArgs = { requestsPerSecond: 5, backoffSeconds: count };
new DatabarProvider("shared limits", { apiKey: text, ...limits });
new SupermetricsProvider("outputs", { apiKey: text, teamId: laterText });

// @ts-expect-error -- misspelled: apikey
new DatabarProvider("misspelt", { apikey: "key" });
// @ts-expect-error -- a setting of the other vendor
new DatabarProvider("of the other vendor", { teamId: "936506" });
// @ts-expect-error -- a string is not a number
new SupermetricsProvider("text for number", { requestsPerSecond: "5" });
// @ts-expect-error -- an output of a number is not a string
new SupermetricsProvider("output of another type", { apiKey: count });

// Given to resources of every kind.

new DatabarConnector(
  "connector",
  { name: "Scoring", method: "get", url: "https://api.example.com" },
  { provider: databar },
);
new DatabarFleet("fleet", { connectors: {} }, { provider: databar });
new SupermetricsConnector("connector", { name: "Awin" }, { provider: supermetrics });
new SupermetricsFleet("fleet", { connectors: {} }, { provider: supermetrics });
