import * as pulumi from "@pulumi/pulumi";
import { type Input, type Output } from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import {
  type OnConflict,
  SupermetricsConnector,
  type SupermetricsConnectorArgs,
} from "pulumi-connectors";
import { type SupermetricsOutputs } from "../../provider/vendors/supermetrics/types";
import { type AnyKeys, count, laterMap, laterText, map, text, texts } from "./support";

// What a definition takes.

expectTypeOf<SupermetricsConnectorArgs>().toEqualTypeOf<{
  name: Input<string>;
  description?: Input<string>;
  configuration?: Input<Record<string, unknown>>;
  secrets?: Input<Record<string, Input<string>>>;
  logo?: Input<string>;
  teamId?: Input<string>;
  connectorIdentifier?: Input<string>;
  duplicateOf?: Input<string>;
  onConflict?: Input<OnConflict>;
}>();
expectTypeOf<AnyKeys<SupermetricsConnectorArgs>>().toBeNever();

// Plain values, promises and outputs, at every level.

new SupermetricsConnector("plain", {
  name: "Awin",
  description: "Clicks",
  configuration: {
    reporting: { reportTypes: [{ id: "clicks", retries: 3, live: true, none: null }] },
  },
  secrets: { api_key: "key" },
  logo: "logos/awin.png",
  teamId: "936506",
  connectorIdentifier: "T3S70",
  duplicateOf: "SRC42",
  onConflict: "create",
});
new SupermetricsConnector("outputs", {
  name: text,
  description: text,
  configuration: pulumi.output({ url: text, list: texts }),
  secrets: map,
  logo: text,
  teamId: text,
});
new SupermetricsConnector("promises", {
  name: laterText,
  configuration: Promise.resolve({ url: "https://api.example.com" }),
  secrets: laterMap,
  duplicateOf: laterText,
});
new SupermetricsConnector("inside a configuration", {
  name: "Awin",
  configuration: {
    output: text,
    later: laterText,
    deep: { list: [text, { secret: pulumi.secret("a"), joined: pulumi.interpolate`${text}/v1` }] },
  },
});
new SupermetricsConnector("inside secrets", {
  name: "Awin",
  secrets: {
    plain: "a",
    output: text,
    later: laterText,
    secret: pulumi.secret("a"),
    configured: new pulumi.Config().requireSecret("key"),
  },
});
new SupermetricsConnector("left open", {
  name: "Awin",
  configuration: undefined,
  secrets: undefined,
});

// What is not a definition.

// @ts-expect-error -- required: name
new SupermetricsConnector("incomplete", { description: "Clicks" });
// @ts-expect-error -- misspelled: secret
new SupermetricsConnector("misspelt", { name: "Awin", secret: {} });
// @ts-expect-error -- a team is a text
new SupermetricsConnector("number for text", { name: "Awin", teamId: 936506 });
// @ts-expect-error -- a team is a text, in an output too
new SupermetricsConnector("output of another type", { name: "Awin", teamId: count });
// @ts-expect-error -- secrets are texts
new SupermetricsConnector("list in secrets", { name: "Awin", secrets: { api_key: ["a"] } });
// @ts-expect-error -- secrets are texts, in an output too
new SupermetricsConnector("output in secrets", { name: "Awin", secrets: { api_key: count } });
// @ts-expect-error -- a configuration is a document, not its text
new SupermetricsConnector("text for a document", { name: "Awin", configuration: "{}" });
// @ts-expect-error -- unknown choice
new SupermetricsConnector("choice", { name: "Awin", onConflict: "replace" });
// @ts-expect-error -- a property of the other vendor
new SupermetricsConnector("of the other vendor", { name: "Awin", headers: {} });

// What a connector gives.

const connector = new SupermetricsConnector("connector", { name: "Awin" }, { dependsOn: [] });

expectTypeOf(connector).toExtend<pulumi.CustomResource>();
expectTypeOf(connector.id).toEqualTypeOf<Output<string>>();
expectTypeOf(connector.name).toEqualTypeOf<Output<string>>();
expectTypeOf(connector.description).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(connector.configuration).toEqualTypeOf<Output<Record<string, unknown> | undefined>>();
expectTypeOf(connector.secrets).toEqualTypeOf<Output<Record<string, string> | undefined>>();
expectTypeOf(connector.teamId).toEqualTypeOf<Output<string>>();
expectTypeOf(connector.connectorIdentifier).toEqualTypeOf<Output<string>>();
expectTypeOf(connector.logoUrl).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(connector.createdAt).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(connector.updatedAt).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(connector.configurationVersion).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(connector.secretPlaceholders).toEqualTypeOf<
  Output<Record<string, string> | undefined>
>();
expectTypeOf<AnyKeys<SupermetricsConnector>>().toBeNever();
expectTypeOf<Exclude<keyof SupermetricsConnector, keyof pulumi.CustomResource>>().toEqualTypeOf<
  keyof SupermetricsOutputs
>();

// @ts-expect-error -- outputs are read only
connector.teamId = text;
expectTypeOf(connector).not.toHaveProperty("connectorId");
// One connector's outputs are another one's inputs.
new SupermetricsConnector("another", {
  name: connector.name,
  teamId: connector.teamId,
  duplicateOf: connector.connectorIdentifier,
});

// Reading one.

expectTypeOf(
  SupermetricsConnector.get("by text", "936506/T3S70", { parent: connector }),
).toEqualTypeOf<SupermetricsConnector>();
expectTypeOf<(typeof SupermetricsConnector)["get"]>().parameter(1).toEqualTypeOf<Input<string>>();
SupermetricsConnector.get("by output", connector.connectorIdentifier);
SupermetricsConnector.get("by promise", laterText);
// @ts-expect-error -- an identifier is a text
SupermetricsConnector.get("by number", 42);
