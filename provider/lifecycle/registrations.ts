import { type Stages } from "../model/state";
import { type Addressing } from "./adapter";

/** What the old inputs of a resource say of the connector that it holds. */
export interface Expected {
  readonly scope?: string;
  /** The resource id of the connector that they name. */
  readonly id?: string;
}

/** A resource that the engine checks. */
export interface Registration {
  /** The connector's name; empty while it is not known. */
  readonly name: string;
  /** The resource id of the connector that its inputs name to be adopted. */
  readonly adopts?: string;
  /** What the inputs of the last deployment say, where the resource exists. */
  readonly previous?: Expected;
  /** True when a create makes another connector, also beside one of the same name. */
  readonly isAlwaysNew?: boolean;
}

/** What inputs say of their connector's place, as far as they are known. */
export function placeOf<V extends Stages>(
  addressing: Addressing<V>,
  inputs: Partial<V["inputs"]>,
): Expected {
  const scope = addressing.scopeOf(inputs);
  if (scope === undefined) {
    return {};
  }
  const key = addressing.adopts(inputs);
  return { scope, ...(key !== undefined && { id: addressing.formatId({ scope, key }) }) };
}

/** What the claims need to know of a resource that the engine checks. */
export function registrationOf<V extends Stages>(
  addressing: Addressing<V>,
  inputs: Partial<V["inputs"]>,
  previous: Partial<V["inputs"]> | undefined,
): Registration {
  const { id } = placeOf(addressing, inputs);
  return {
    name: inputs.name ?? "",
    ...(id !== undefined && { adopts: id }),
    ...(previous && { previous: placeOf(addressing, previous) }),
    ...(inputs.onConflict === "create" && { isAlwaysNew: true }),
  };
}

/**
 * Resources that exist and that the engine has checked. It compares each next, which shows the
 * connector that it holds; where it does not, the resource is being replaced (`--replace`, another
 * provider) or left out (`--target`), and its connector is its own still.
 */
export class ExpectedHolders {
  private readonly byName = new Map<string, readonly Expected[]>();

  add(name: string, old: Expected = {}): void {
    this.byName.set(name, [...this.of(name), old]);
  }

  /** True when a resource with a connector of this name has not shown which one it holds. */
  has(name: string): boolean {
    return this.of(name).length > 0;
  }

  /** True when such a resource may hold this connector. */
  mayHold(name: string, scope: string, id: string): boolean {
    return this.of(name).some((old) => (old.scope ?? scope) === scope && (old.id ?? id) === id);
  }

  /** The resource of this name shows which connector it holds. */
  fulfil(name: string, id: string): void {
    const open = this.of(name);
    const met =
      open.find((old) => old.id === id) ?? open.find((old) => old.id === undefined) ?? open[0];
    this.byName.set(
      name,
      open.filter((old) => old !== met),
    );
  }

  private of(name: string): readonly Expected[] {
    return this.byName.get(name) ?? [];
  }
}
