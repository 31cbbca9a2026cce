import { type Held } from "../../lifecycle/planned";
import { type VendorRow } from "../../vendors/index";
import { type Definition } from "../definition";

/** What is known of the resources that the last deployment left. */
export interface History {
  /** Where it is from. */
  readonly source: "base" | "state";
  /** The resources of one vendor that definitions made. */
  of(vendor: VendorRow, definitions: readonly Definition[], provider?: string): VendorHistory;
}

/** The part of one vendor. */
export interface VendorHistory {
  readonly resources: readonly Resource[];
  /** Ids of connectors that the stack manages without a definition. */
  readonly managedElsewhere: ReadonlySet<string>;
}

/** A resource of the last deployment, with its definition where that is known. */
export interface Resource extends Held {
  readonly definition?: Definition;
}

/** Resources by the definitions that go on with them, and those that no definition goes on with. */
export interface Matched {
  readonly held: ReadonlyMap<Definition, Resource>;
  readonly removed: readonly Resource[];
}

/** A definition goes on with the resource of its name, or else of one of its aliases. */
export function matchResources(
  definitions: readonly Definition[],
  resources: readonly Resource[],
): Matched {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const held = new Map<Definition, Resource>();
  for (const definition of definitions) {
    const { name, options } = definition;
    const names = [name, ...(options.aliases ?? [])];
    const found = names.map((each) => byName.get(each)).find((each) => each !== undefined);
    if (found) {
      held.set(definition, found);
    }
  }
  const goneOn = new Set(held.values());
  return { held, removed: resources.filter((resource) => !goneOn.has(resource)) };
}
