import * as pulumi from "@pulumi/pulumi";
import { type Input, type Output } from "@pulumi/pulumi";
import { expectTypeOf } from "expect-type";
import {
  DatabarConnector,
  type DatabarConnectorArgs,
  type DatabarConnectorType,
  type DatabarMethod,
  type NameValues,
  type OnConflict,
} from "pulumi-connectors";
import { type DatabarOutputs } from "../../provider/vendors/databar/types";
import {
  type AnyKeys,
  count,
  laterCount,
  laterMap,
  laterText,
  laterTexts,
  map,
  text,
  texts,
} from "./support";

// What a definition takes.

type Values = Record<string, Input<string | Input<string>[]>>;

expectTypeOf<NameValues>().toEqualTypeOf<Values>();
expectTypeOf<DatabarMethod>().toEqualTypeOf<"get" | "post" | "put" | "patch">();
expectTypeOf<DatabarConnectorType>().toEqualTypeOf<"simple" | "enrichment" | "exporter">();
expectTypeOf<OnConflict>().toEqualTypeOf<"adopt" | "create" | "fail">();
expectTypeOf<DatabarConnectorArgs>().toEqualTypeOf<{
  name: Input<string>;
  method: Input<DatabarMethod>;
  url: Input<string>;
  type?: Input<DatabarConnectorType>;
  headers?: Input<Values>;
  parameters?: Input<Values>;
  body?: Input<Values>;
  bodyTemplate?: Input<string>;
  rateLimit?: Input<number>;
  maxConcurrency?: Input<number>;
  connectorId?: Input<number>;
  onConflict?: Input<OnConflict>;
}>();
expectTypeOf<AnyKeys<DatabarConnectorArgs>>().toBeNever();

// Plain values, promises and outputs, at every level.

const required = { name: "Scoring", method: "post", url: "https://api.example.com" } as const;

new DatabarConnector("plain", {
  ...required,
  type: "enrichment",
  headers: { Accept: "text/csv", "X-Tag": ["a", "b"] },
  parameters: {},
  body: { domain: "" },
  bodyTemplate: "{{ domain }}",
  rateLimit: 60,
  maxConcurrency: 5,
  connectorId: 42,
  onConflict: "adopt",
});
new DatabarConnector("outputs", {
  name: text,
  method: pulumi.output("get" as const),
  url: pulumi.interpolate`https://${text}/v1`,
  headers: map,
  parameters: map,
  body: pulumi.output({ tags: texts }),
  rateLimit: count,
  connectorId: count,
});
new DatabarConnector("promises", {
  name: laterText,
  method: Promise.resolve("get" as const),
  url: laterText,
  headers: laterMap,
  body: Promise.resolve({ tags: ["a"] }),
  maxConcurrency: laterCount,
});
new DatabarConnector("values of a map", {
  ...required,
  headers: {
    plain: "a",
    output: text,
    later: laterText,
    secret: pulumi.secret("a"),
    configured: new pulumi.Config().requireSecret("key"),
    joined: pulumi.interpolate`Bearer ${text}`,
  },
});
new DatabarConnector("lists of a map", {
  ...required,
  parameters: {
    plain: ["a"],
    output: texts,
    later: laterTexts,
    mixed: ["a", text, laterText, pulumi.secret("a")],
  },
});
new DatabarConnector("left open", {
  ...required,
  headers: undefined,
  rateLimit: undefined,
  type: undefined,
});

// What is not a definition.

// @ts-expect-error -- required: url
new DatabarConnector("incomplete", { name: "Scoring", method: "get" });
// @ts-expect-error -- required: the definition
new DatabarConnector("without a definition");
// @ts-expect-error -- misspelled: header
new DatabarConnector("misspelt", { ...required, header: {} });
// @ts-expect-error -- unknown method
new DatabarConnector("method", { ...required, method: "GET" });
// @ts-expect-error -- unknown method, in an output
new DatabarConnector("method in an output", { ...required, method: text });
// @ts-expect-error -- unknown type
new DatabarConnector("type", { ...required, type: "importer" });
// @ts-expect-error -- unknown choice
new DatabarConnector("choice", { ...required, onConflict: "replace" });
// @ts-expect-error -- a number is not a string
new DatabarConnector("number for text", { ...required, bodyTemplate: 1 });
// @ts-expect-error -- a string is not a number
new DatabarConnector("text for number", { ...required, rateLimit: "60" });
// @ts-expect-error -- an output of a string is not a number
new DatabarConnector("output of another type", { ...required, connectorId: text });
new DatabarConnector("list for a map", {
  ...required,
  // @ts-expect-error -- headers are a map, not a list
  headers: [{ name: "Accept", value: "text/csv" }],
});
// @ts-expect-error -- values of a map are texts
new DatabarConnector("number in a map", { ...required, headers: { Accept: 1 } });
// @ts-expect-error -- values of a map are texts, in an output too
new DatabarConnector("output of a number in a map", { ...required, headers: { Accept: count } });
// @ts-expect-error -- items of a list are texts
new DatabarConnector("number in a list", { ...required, headers: { Accept: ["text/csv", 1] } });
// @ts-expect-error -- the name of a resource is plain
new DatabarConnector(text, required);
// @ts-expect-error -- misspelled option
new DatabarConnector("option", required, { protected: true });

// What a connector gives.

const connector = new DatabarConnector("connector", required, {
  protect: true,
  ignoreChanges: ["headers.Accept"],
});

expectTypeOf(connector).toExtend<pulumi.CustomResource>();
expectTypeOf(connector.id).toEqualTypeOf<Output<string>>();
expectTypeOf(connector.name).toEqualTypeOf<Output<string>>();
expectTypeOf(connector.type).toEqualTypeOf<Output<DatabarConnectorType | undefined>>();
expectTypeOf(connector.method).toEqualTypeOf<Output<DatabarMethod>>();
expectTypeOf(connector.url).toEqualTypeOf<Output<string>>();
expectTypeOf(connector.headers).toEqualTypeOf<
  Output<Record<string, string | string[]> | undefined>
>();
expectTypeOf(connector.parameters).toEqualTypeOf<
  Output<Record<string, string | string[]> | undefined>
>();
expectTypeOf(connector.body).toEqualTypeOf<Output<Record<string, string | string[]> | undefined>>();
expectTypeOf(connector.bodyTemplate).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(connector.rateLimit).toEqualTypeOf<Output<number | undefined>>();
expectTypeOf(connector.maxConcurrency).toEqualTypeOf<Output<number | undefined>>();
expectTypeOf(connector.effectiveRateLimit).toEqualTypeOf<Output<number | undefined>>();
expectTypeOf(connector.effectiveMaxConcurrency).toEqualTypeOf<Output<number | undefined>>();
expectTypeOf(connector.createdAt).toEqualTypeOf<Output<string | undefined>>();
expectTypeOf(connector.connectorId).toEqualTypeOf<Output<number>>();
expectTypeOf<AnyKeys<DatabarConnector>>().toBeNever();
expectTypeOf<Exclude<keyof DatabarConnector, keyof pulumi.CustomResource>>().toEqualTypeOf<
  keyof DatabarOutputs
>();

// @ts-expect-error -- outputs are read only
connector.name = text;
expectTypeOf(connector).not.toHaveProperty("identifier");
// One connector's outputs are another one's inputs.
new DatabarConnector("another", {
  name: connector.name,
  method: connector.method,
  url: connector.url,
  connectorId: connector.connectorId,
});

// Reading one.

expectTypeOf(DatabarConnector.get("by number", 42)).toEqualTypeOf<DatabarConnector>();
expectTypeOf(
  DatabarConnector.get("by text", "42", { parent: connector }),
).toEqualTypeOf<DatabarConnector>();
expectTypeOf<(typeof DatabarConnector)["get"]>()
  .parameter(1)
  .toEqualTypeOf<Input<string | number>>();
DatabarConnector.get("by output", connector.connectorId);
DatabarConnector.get("by output of a text", connector.id);
DatabarConnector.get("by promise", laterCount);
// @ts-expect-error -- required: the id
DatabarConnector.get("without an id");
// @ts-expect-error -- an id is a number or a text
DatabarConnector.get("by a flag", true);
