import * as pulumi from "@pulumi/pulumi";
import { type Input, type Output } from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import {
  type AnyConnector,
  type AnyFleet,
  ConnectorDefinitions,
  type ConnectorDefinitionsArgs,
  DatabarConnector,
  DatabarFleet,
  DatabarProvider,
  type SupermetricsConnector,
  SupermetricsProvider,
} from "pulumi-connectors";
import { type AnyKeys, count, laterCount, text } from "./support";

expectTypeOf<ConnectorDefinitionsArgs>().toEqualTypeOf<{
  path: string | readonly string[];
  environment?: string;
  providers?: Readonly<Record<string, pulumi.ProviderResource>>;
  as?: "resources" | "fleet";
  maxDeletes?: Input<number>;
  shard?: { index: number; of: number };
}>();
expectTypeOf<AnyKeys<ConnectorDefinitionsArgs>>().toBeNever();

const definitions = new ConnectorDefinitions("connectors", { path: "./connectors" });

new ConnectorDefinitions(
  "several",
  {
    path: ["./databar", "./supermetrics"] as const,
    environment: pulumi.getStack(),
    as: "resources",
  },
  { parent: definitions },
);
new ConnectorDefinitions("fleets", {
  path: ["./connectors"],
  as: "fleet",
  maxDeletes: count,
  providers: { emea: new DatabarProvider("emea"), team: new SupermetricsProvider("team") },
});
new ConnectorDefinitions("promise", { path: "./connectors", as: "fleet", maxDeletes: laterCount });

new ConnectorDefinitions("share", { path: "./connectors", shard: { index: 0, of: 3 } });
// @ts-expect-error -- stack configuration is text
new ConnectorDefinitions("text", { path: "./connectors", shard: { index: "0", of: 3 } });

// @ts-expect-error -- required: path
new ConnectorDefinitions("incomplete", {});
// @ts-expect-error -- misspelled: paths
new ConnectorDefinitions("misspelt", { path: "./connectors", paths: [] });
// @ts-expect-error -- files are read while the program runs: a path is plain
new ConnectorDefinitions("output", { path: text });
// @ts-expect-error -- unknown form
new ConnectorDefinitions("form", { path: "./connectors", as: "fleets" });
new ConnectorDefinitions("provider", {
  path: "./connectors",
  // @ts-expect-error -- a connector is not a provider
  providers: { emea: definitions.connectors["scoring"] },
});

// What they give: a name is a text, so there may be nothing.

expectTypeOf(definitions).toExtend<pulumi.ComponentResource>();
expectTypeOf(definitions.ids).toEqualTypeOf<Output<Record<string, string>>>();
expectTypeOf(definitions.connectors).toEqualTypeOf<Readonly<Record<string, AnyConnector>>>();
expectTypeOf(definitions.fleets).toEqualTypeOf<Readonly<Record<string, AnyFleet>>>();
expectTypeOf<AnyConnector>().toEqualTypeOf<DatabarConnector | SupermetricsConnector>();
expectTypeOf<AnyKeys<ConnectorDefinitions>>().toBeNever();

const connector = definitions.connectors["scoring"];
if (connector instanceof DatabarConnector) {
  expectTypeOf(connector.connectorId).toEqualTypeOf<Output<number>>();
} else if (connector) {
  expectTypeOf(connector).toEqualTypeOf<SupermetricsConnector>();
}
// By vendor, of its class.
type Of<Connector> = Readonly<Record<string, Connector>>;
expectTypeOf(definitions.databar).toEqualTypeOf<Of<DatabarConnector>>();
expectTypeOf(definitions.supermetrics).toEqualTypeOf<Of<SupermetricsConnector>>();
expectTypeOf(definitions.databar["scoring"]).toEqualTypeOf<DatabarConnector | undefined>();
expectTypeOf(definitions.supermetrics["awin"]?.connectorIdentifier).toEqualTypeOf<
  Output<string> | undefined
>();
// @ts-expect-error -- unknown vendor
export const noVendor = definitions.acme;
// @ts-expect-error -- a connector of the other vendor has no identifier
export const noIdentifier = definitions.databar["scoring"]?.connectorIdentifier;

const fleet = definitions.fleets["connectors-databar"];
if (fleet instanceof DatabarFleet) {
  expectTypeOf(fleet.ids).toEqualTypeOf<Output<Record<string, string>>>();
}
