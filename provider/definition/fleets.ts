import type * as pulumi from "@pulumi/pulumi";
import { joinPath } from "../diagnostics";
import { type DatabarConnectorArgs, DatabarFleet, DatabarProvider } from "../vendors/databar";
import { type SupermetricsConnectorArgs, SupermetricsFleet, SupermetricsProvider } from "../vendors/supermetrics";
import { type ConnectorDefinitionsArgs } from "./connectors";
import { type Definition } from "./definition";
import { type Finding, findingAt } from "./finding";
import { type Registration } from "./program";

/** A fleet of any vendor. */
export type AnyFleet = DatabarFleet | SupermetricsFleet;

/** What a definition's `type` is part of, and whose provider serves it. */
const FLEETS = {
  DatabarConnector: { suffix: "databar", provider: DatabarProvider, make: (name: string, connectors: Connectors, options: FleetArgs, opts: Options): AnyFleet => new DatabarFleet(name, { connectors: connectors as Record<string, DatabarConnectorArgs>, ...options }, opts) },
  SupermetricsConnector: { suffix: "supermetrics", provider: SupermetricsProvider, make: (name: string, connectors: Connectors, options: FleetArgs, opts: Options): AnyFleet => new SupermetricsFleet(name, { connectors: connectors as Record<string, SupermetricsConnectorArgs>, ...options }, opts) },
} as const;

type Connectors = Readonly<Record<string, unknown>>;
type Options = pulumi.CustomResourceOptions;
type FleetArgs = Pick<ConnectorDefinitionsArgs, "maxDeletes"> & { readonly retainOnDelete: string[] };

/**
 * Registers definitions as fleets, one per vendor and provider. Which fleets there are does not depend on the
 * definitions: a fleet that lost its last one is still there to refuse that, instead of leaving the program with all
 * its connectors.
 */
export function fleetsOf(name: string, { providers = {}, maxDeletes }: ConnectorDefinitionsArgs, all: readonly Registration[], parent: pulumi.Resource): Record<string, AnyFleet> {
  const fleets: [string, AnyFleet][] = [];
  for (const [type, { suffix, provider: Provider, make }] of Object.entries(FLEETS)) {
    const own = all.filter(({ definition }) => definition.type === type);
    for (const key of [undefined, ...Object.keys(providers)]) {
      const members = own.filter(({ definition }) => definition.options.provider?.name === key);
      const provider = key === undefined ? undefined : providers[key];
      if (members.length === 0 && provider && !(provider instanceof Provider)) continue;
      const called = [name, suffix, ...(key === undefined ? [] : [key])].join("-");
      const retainOnDelete = members.filter(({ definition }) => definition.options.retainOnDelete === true).map(({ definition }) => definition.name);
      const options = { ...(maxDeletes !== undefined && { maxDeletes }), retainOnDelete };
      fleets.push([called, make(called, Object.fromEntries(members.map(({ definition, properties }) => [definition.name, properties])), options, { parent, ignoreChanges: members.flatMap(ignored), ...(provider && { provider }) })]);
    }
  }
  return Object.fromEntries(fleets);
}

function ignored({ definition: { name, options } }: Registration): string[] {
  return (options.ignoreChanges ?? []).map((path) => `${joinPath("connectors", name)}${path.startsWith("[") ? "" : "."}${path}`);
}

/** Options that the engine knows of whole resources only. */
export function unfitForFleet(definition: Definition): Finding[] {
  const { protect, aliases, dependsOn } = definition.options;
  const given = Object.entries({ protect, aliases, dependsOn }).filter(([, value]) => value !== undefined).map(([option]) => option);
  return given.map((option) => findingAt("definition/fleet", definition.place, `a fleet is one resource, so ${option} cannot be said of one connector of it`, option === "protect" ? "Remove it; the whole fleet may be protected by the program" : "Remove it", joinPath("connectors", definition.name, "options", option)));
}
