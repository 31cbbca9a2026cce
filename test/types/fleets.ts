import * as pulumi from "@pulumi/pulumi";
import { type Input, type Output } from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import {
  type AnyFleet,
  type DatabarConnectorArgs,
  DatabarFleet,
  type DatabarFleetArgs,
  type DatabarFleetConnector,
  type FleetOptions,
  type SupermetricsConnectorArgs,
  SupermetricsFleet,
  type SupermetricsFleetArgs,
  type SupermetricsFleetConnector,
} from "pulumi-connectors";
import { type AnyKeys, count, laterCount, laterText, map, text, texts } from "./support";

// What a fleet takes.

interface FleetOf<Args> extends Bounds {
  connectors: Input<Record<string, Input<Args>>>;
}

interface Bounds {
  maxDeletes?: Input<number>;
  retainOnDelete?: Input<Input<string>[]>;
}

expectTypeOf<FleetOptions>().toEqualTypeOf<Bounds>();
expectTypeOf<DatabarFleetArgs>().toEqualTypeOf<FleetOf<DatabarConnectorArgs>>();
expectTypeOf<SupermetricsFleetArgs>().toEqualTypeOf<FleetOf<SupermetricsConnectorArgs>>();
expectTypeOf<AnyKeys<DatabarFleetArgs>>().toBeNever();
expectTypeOf<AnyKeys<SupermetricsFleetArgs>>().toBeNever();

// Plain values, promises and outputs, at every level.

const scoring: DatabarConnectorArgs = {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com",
};
const awin: SupermetricsConnectorArgs = { name: "Awin" };

new DatabarFleet("plain", {
  connectors: {
    scoring,
    other: { ...scoring, headers: { Accept: text, Tags: [text, laterText] } },
  },
  maxDeletes: 1,
  retainOnDelete: ["scoring"],
});
new DatabarFleet("empty", { connectors: {} });
new DatabarFleet("outputs", {
  connectors: pulumi.output({
    scoring: { name: "Scoring", method: "get" as const, url: text, headers: map },
  }),
  maxDeletes: count,
  retainOnDelete: texts,
});
new DatabarFleet("promises", {
  connectors: Promise.resolve({ scoring }),
  maxDeletes: laterCount,
  retainOnDelete: [laterText, text],
});
new DatabarFleet("connectors of their own", {
  connectors: {
    output: pulumi.output({
      name: "Scoring",
      method: "get" as const,
      url: "https://api.example.com",
    }),
    later: Promise.resolve(scoring),
    secret: pulumi.secret({ name: text, method: "get" as const, url: text }),
  },
});
new SupermetricsFleet("plain", {
  connectors: {
    awin,
    other: { ...awin, configuration: { url: text }, secrets: { api_key: text } },
  },
});
new SupermetricsFleet("outputs", {
  connectors: pulumi.output({ awin: { name: text, secrets: map } }),
});
new SupermetricsFleet("promises", {
  connectors: { awin: Promise.resolve(awin), output: pulumi.output({ name: "Awin" }) },
});

// What is not a fleet.

// @ts-expect-error -- required: connectors
new DatabarFleet("incomplete", { maxDeletes: 1 });
// @ts-expect-error -- misspelled: maxDelete
new DatabarFleet("misspelt", { connectors: {}, maxDelete: 1 });
// @ts-expect-error -- connectors are a map, not a list
new DatabarFleet("list", { connectors: [scoring] });
// @ts-expect-error -- a connector of the other vendor
new DatabarFleet("of the other vendor", { connectors: { awin } });
new DatabarFleet("incomplete connector", {
  // @ts-expect-error -- required of a connector: url
  connectors: { scoring: { name: "Scoring", method: "get" } },
});
new DatabarFleet("misspelt in a connector", {
  // @ts-expect-error -- misspelled in a connector: ratelimit
  connectors: { scoring: { ...scoring, ratelimit: 1 } },
});
// @ts-expect-error -- a key is a text
new DatabarFleet("numbers as keys", { connectors: {}, retainOnDelete: [1] });
// @ts-expect-error -- misspelled in a connector: secret
new SupermetricsFleet("misspelt in a connector", { connectors: { awin: { ...awin, secret: {} } } });
// @ts-expect-error -- a number is not a string, in a connector's output too
new SupermetricsFleet("output of another type", { connectors: { awin: { name: count } } });

// What a fleet gives.

const databar = new DatabarFleet("databar", { connectors: { scoring } }, { protect: true });
const supermetrics = new SupermetricsFleet("supermetrics", { connectors: { awin } });

expectTypeOf(databar).toExtend<pulumi.CustomResource>();
expectTypeOf(databar.ids).toEqualTypeOf<Output<Record<string, string>>>();
expectTypeOf(databar.computed).toEqualTypeOf<Output<Record<string, DatabarFleetConnector>>>();
expectTypeOf<DatabarFleetConnector>().toEqualTypeOf<{
  readonly effectiveRateLimit?: number;
  readonly effectiveMaxConcurrency?: number;
  readonly createdAt?: string;
}>();
expectTypeOf(supermetrics).toExtend<pulumi.CustomResource>();
expectTypeOf(supermetrics.ids).toEqualTypeOf<Output<Record<string, string>>>();
expectTypeOf(supermetrics.computed).toEqualTypeOf<
  Output<Record<string, SupermetricsFleetConnector>>
>();
expectTypeOf<SupermetricsFleetConnector>().toEqualTypeOf<{
  readonly logoUrl?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly configurationVersion?: string;
  readonly secretPlaceholders?: Record<string, string>;
}>();
expectTypeOf<AnyFleet>().toEqualTypeOf<DatabarFleet | SupermetricsFleet>();
expectTypeOf<AnyKeys<DatabarFleet>>().toBeNever();
expectTypeOf<AnyKeys<SupermetricsFleet>>().toBeNever();
