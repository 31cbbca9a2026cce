import type * as pulumi from "@pulumi/pulumi";
import { joinPath, pathBelow } from "../../diagnostics";
import { VENDORS } from "../../vendors/index";
import { type AnyFleet } from "../../vendors/resources";
import { type ConnectorDefinitionsArgs } from "./args";
import { type Registration } from "./registrations";

/**
 * Registers definitions as fleets, one per vendor and provider. The set of fleets does not depend
 * on the definitions: a fleet without definitions is registered too, so that `maxDeletes` still
 * protects its connectors.
 * @param retainsAll whether removed connectors stay at the vendor unless their definitions set
 *   `retainOnDelete`.
 */
export function fleetsOf(
  name: string,
  { providers = {}, maxDeletes }: ConnectorDefinitionsArgs,
  all: readonly Registration[],
  parent: pulumi.Resource,
  retainsAll: boolean,
): Record<string, AnyFleet> {
  const fleets: [string, AnyFleet][] = [];
  for (const [vendor, row] of Object.entries(VENDORS)) {
    const { Fleet, Provider } = row.classes();
    const own = all.filter(({ definition }) => definition.vendor === row);
    for (const key of [undefined, ...Object.keys(providers)]) {
      const members = own.filter(({ definition }) => definition.options.provider?.name === key);
      const provider = key === undefined ? undefined : providers[key];
      if (members.length === 0 && provider && !(provider instanceof Provider)) {
        continue;
      }
      const called = [name, vendor, ...(key === undefined ? [] : [key])].join("-");
      const connectors = Object.fromEntries(
        members.map(({ definition, properties }) => [definition.name, properties]),
      ) as Record<string, never>;
      const retainOnDelete = members
        .filter(({ definition }) => definition.options.retainOnDelete ?? retainsAll)
        .map(({ definition }) => definition.name);
      const args = { connectors, retainOnDelete, ...(maxDeletes !== undefined && { maxDeletes }) };
      fleets.push([
        called,
        new Fleet(called, args, {
          parent,
          ignoreChanges: members.flatMap(ignored),
          ...(provider && { provider }),
        }),
      ]);
    }
  }
  return Object.fromEntries(fleets);
}

function ignored({ definition: { name, options } }: Registration): string[] {
  return (options.ignoreChanges ?? []).map((path) =>
    pathBelow(joinPath("connectors", name), path.name),
  );
}
