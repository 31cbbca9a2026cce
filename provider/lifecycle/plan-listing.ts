import { type Adapter, type Listed, type Ref } from "./adapter";
import { scopeOf } from "./adoption";
import { type Held } from "./planned";
import { isAnother } from "../model/identity";
import { type Inputs, type Stages } from "../model/state";

/** A connector of a list, and where it is. */
export interface Found<V extends Stages> {
  readonly ref: Ref;
  readonly remote: V["remote"];
}

/** The connectors of one scope. */
interface Scope<V extends Stages> {
  readonly byKey: ReadonlyMap<string, V["remote"]>;
  /** By name without space around it. */
  readonly byName: ReadonlyMap<string, readonly V["remote"][]>;
  readonly complete: boolean;
}

/** Where the connector of a resource is. */
export type Located<V extends Stages> =
  | { readonly found: Found<V> }
  /** The vendor lists no such connector, or has given its id to another one. */
  | { readonly found: undefined; readonly ref: Ref | undefined; readonly isReused?: boolean }
  /** Several connectors have the name. */
  | { readonly candidates: readonly Found<V>[] };

/** The vendor's lists, read once, and looked up by key and by name. */
export class Listing<V extends Stages> {
  private constructor(
    private readonly adapter: Adapter<V>,
    private readonly scopes: ReadonlyMap<string, Scope<V>>,
  ) {}

  static async read<V extends Stages>(
    adapter: Adapter<V>,
    scopes: readonly string[],
  ): Promise<Listing<V>> {
    const read = await Promise.all(
      [...new Set(scopes)].map(async (scope) => {
        const { items, complete } = await adapter.list(scope, "content");
        const byName = new Map<string, V["remote"][]>();
        for (const remote of items) {
          const name = adapter.nameOf(remote).trim();
          const same = byName.get(name);
          if (same) {
            same.push(remote);
          } else {
            byName.set(name, [remote]);
          }
        }
        const byKey = new Map(items.map((remote) => [adapter.keyOf(remote), remote]));
        return [scope, { byKey, byName, complete }] as const;
      }),
    );
    return new Listing(adapter, new Map(read));
  }

  get(ref: Ref): V["remote"] | undefined {
    return this.scopes.get(ref.scope)?.byKey.get(ref.key);
  }

  isComplete(scope: string): boolean {
    return this.scopes.get(scope)?.complete ?? false;
  }

  /** The list of a scope that was read. */
  listed(scope: string): Listed<V["remote"]> {
    const items = [...(this.scopes.get(scope)?.byKey.values() ?? [])];
    return { items, complete: this.isComplete(scope) };
  }

  /** The connectors that have the name of these inputs. */
  named(inputs: Inputs<V>): readonly Found<V>[] {
    const scope = scopeOf(this.adapter.addressing, inputs);
    const remotes = this.scopes.get(scope)?.byName.get(inputs.name.trim()) ?? [];
    return remotes.map((remote) => ({ ref: { scope, key: this.adapter.keyOf(remote) }, remote }));
  }

  /** The connector of a resource of the last deployment. */
  locate(held: Held<V>): Located<V> {
    const ref = refOf(this.adapter, held);
    if (ref !== undefined) {
      const remote = this.get(ref);
      const isReused =
        remote !== undefined && isAnother(held.state ?? {}, this.adapter.createdAtOf(remote));
      return remote === undefined || isReused
        ? { found: undefined, ref, isReused }
        : { found: { ref, remote } };
    }
    const candidates = held.inputs === undefined ? [] : this.named(held.inputs);
    return candidates.length > 1 ? { candidates } : { found: candidates[0], ref: undefined };
  }

  /** Every connector, scope by scope. */
  *all(): Generator<Found<V>> {
    for (const [scope, { byKey }] of this.scopes) {
      for (const [key, remote] of byKey) {
        yield { ref: { scope, key }, remote };
      }
    }
  }
}

/** The place that a resource names, by its id or by that in its inputs. */
function refOf<V extends Stages>(adapter: Adapter<V>, { id, inputs }: Held<V>): Ref | undefined {
  if (id !== undefined) {
    return adapter.parseId(id);
  }
  if (inputs === undefined) {
    return undefined;
  }
  const key = adapter.addressing.adopts(inputs);
  return key === undefined ? undefined : { scope: scopeOf(adapter.addressing, inputs), key };
}

/** The scope in which the connector of a resource is. */
export function scopeOfHeld<V extends Stages>(
  adapter: Adapter<V>,
  { id, inputs }: Held<V>,
): string | undefined {
  if (id !== undefined) {
    return adapter.parseId(id).scope;
  }
  return inputs && adapter.addressing.scopeOf(inputs);
}
