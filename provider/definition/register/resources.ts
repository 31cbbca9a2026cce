import * as pulumi from "@pulumi/pulumi";
import { VENDORS } from "../../vendors/index";
import { type AnyConnector } from "../../vendors/resources";
import { type Definition } from "../definition";
import { type ConnectorDefinitionsArgs } from "./args";
import { type Registration } from "./registrations";

/** Registers one resource per definition, in the order given. */
export function resourcesOf(
  { providers = {} }: ConnectorDefinitionsArgs,
  all: readonly Registration[],
  parent: pulumi.Resource,
): ReadonlyMap<string, AnyConnector> {
  const made = new Map<string, AnyConnector>();
  for (const { definition, properties } of all) {
    const { Connector } = definition.vendor.classes();
    const options = optionsOf(definition, providers, parent, made);
    made.set(definition.name, new Connector(definition.name, properties as never, options));
  }
  return made;
}

/** Connectors by the name of their vendor, then by their own. */
export function byVendor(
  connectors: ReadonlyMap<string, AnyConnector>,
): Record<string, Record<string, AnyConnector>> {
  const own = Object.entries(VENDORS).map(([vendor, { classes }]) => {
    const { Connector } = classes();
    return [vendor, [...connectors].filter(([, each]) => each instanceof Connector)] as const;
  });
  return Object.fromEntries(own.map(([vendor, each]) => [vendor, Object.fromEntries(each)]));
}

function optionsOf(
  { name, options }: Definition,
  providers: Readonly<Record<string, pulumi.ProviderResource>>,
  parent: pulumi.Resource,
  made: ReadonlyMap<string, AnyConnector>,
): pulumi.CustomResourceOptions {
  const { protect, retainOnDelete, ignoreChanges, provider } = options;
  const { aliases = [], dependsOn = [] } = options;
  return {
    parent,
    // A connector that the program itself declared before is this one now.
    aliases: [name, ...aliases].flatMap((each) => [
      ...(each === name ? [] : [{ name: each }]),
      { name: each, parent: pulumi.rootStackResource },
    ]),
    dependsOn: dependsOn.flatMap((other) => made.get(other.name) ?? []),
    ...(protect !== undefined && { protect }),
    ...(retainOnDelete !== undefined && { retainOnDelete }),
    ...(ignoreChanges && { ignoreChanges: ignoreChanges.map((path) => path.name) }),
    ...(provider && { provider: providers[provider.name] }),
  };
}
