import { ConnectorError } from "../errors";
import { own, ownText } from "../message";
import {
  type Adapter,
  type Addressing,
  type Ref,
  type Reporter,
  type CallContext,
} from "./adapter";
import { decideAdoption, type Definition, type Namesake, type Verdict } from "./adoption-decision";
import { type Claims } from "./claims";
import { differingPaths } from "../model/differences";
import { matches } from "../model/equivalence";
import { adoptingField } from "../model/field";
import { type ListCache } from "./list-cache";
import { idWasReused } from "./refusals";
import { type HoldState, type Inputs, type Stages, type State } from "../model/state";

/** An existing connector that a new resource takes over. */
export interface Adopted<V extends Stages> {
  readonly ref: Ref;
  readonly remote: V["remote"];
  /** What the state says of an adoption by likeness; without it, the definition names the id. */
  readonly likeness?: HoldState;
}

/** What the look-up before a create needs. */
export interface Lookup<V extends Stages> {
  readonly adapter: Adapter<V>;
  readonly listing: ListCache<V["remote"]>;
  readonly claims: Claims;
  readonly reporter: Reporter;
  /** Ids that have become another connector's than that of the state that had them. */
  readonly reused: ReadonlySet<string>;
}

/**
 * Takes over an existing connector where `decideAdoption` says so; `undefined`: create one. The
 * claim is taken before this resolves.
 */
export async function adopt<V extends Stages>(
  lookup: Lookup<V>,
  inputs: Inputs<V>,
  claim: string,
  context: CallContext,
): Promise<Adopted<V> | undefined> {
  const key = lookup.adapter.addressing.adopts(inputs);
  return key === undefined
    ? adoptNamesake(lookup, inputs, claim, context)
    : adoptNamed(lookup, inputs, key, claim, context);
}

/** The scope of inputs that are complete. */
export function scopeOf<V extends Stages>(addressing: Addressing<V>, inputs: Inputs<V>): string {
  const scope = addressing.scopeOf(inputs);
  if (scope === undefined) {
    throw new TypeError("inputs after check name their scope");
  }
  return scope;
}

async function adoptNamed<V extends Stages>(
  lookup: Lookup<V>,
  inputs: Inputs<V>,
  key: string,
  claim: string,
  context: CallContext,
): Promise<Adopted<V> | undefined> {
  const { adapter, listing, claims } = lookup;
  const ref = { scope: scopeOf(adapter.addressing, inputs), key };
  const id = adapter.addressing.formatId(ref);
  if (lookup.reused.has(id)) {
    throw strangers(lookup, inputs, ref);
  }
  const remote =
    (await listing.atStart(ref.scope)).items.get(key) ??
    (await adapter.get(ref, { ...context, verb: "adopt", ref }));
  // Where claims reach every process, a predecessor that is deleted later leaves the connector
  // alone.
  const isPredecessors = !claims.isShared && claims.expected.mayHold(inputs.name, ref.scope, id);
  for (;;) {
    const holder = claims.canBeTaken(id, remote && adapter.createdAtOf(remote))
      ? undefined
      : "another";
    const heldBy = isPredecessors ? "predecessor" : holder;
    const verdict = decideAdoption(adapter.table, definitionOf(inputs), {
      named: { key, exists: remote !== undefined, ...(heldBy && { heldBy }) },
      namesakes: [],
      isListComplete: true,
      isHolderUnknown: false,
    });
    const adopted = carryOut(lookup, verdict, claim, remote && { ref, remote });
    if (adopted !== "taken") {
      return adopted;
    }
  }
}

/** A definition still names the id of a connector that is gone, which is another one's now. */
function strangers<V extends Stages>(
  { adapter }: Lookup<V>,
  { name }: Inputs<V>,
  { key }: Ref,
): ConnectorError {
  const { vendor } = adapter.table;
  const property = ownText(adoptingField(adapter.table));
  const became = idWasReused(vendor, own`${key}, which ${property} of "${name}" names,`);
  const message = own`${became} Nothing was written. Remove ${property} from the definition: the next pulumi up creates yours again`;
  return new ConnectorError("conflict", message, { vendor });
}

async function adoptNamesake<V extends Stages>(
  lookup: Lookup<V>,
  inputs: Inputs<V>,
  claim: string,
  context: CallContext,
): Promise<Adopted<V> | undefined> {
  const { adapter, listing, claims } = lookup;
  const scope = scopeOf(adapter.addressing, inputs);
  const { items, complete: isListComplete } = await listing.atStart(scope);
  const found = namesakesIn(adapter, scope, items.values(), inputs);
  if (found.size > 0) {
    // An adoption that does not compare may overwrite the connector of a slow owner.
    await claims.activity.untilRegistered(inputs.onConflict === "adopt");
  }
  const differences = new Map<string, readonly string[]>();
  for (;;) {
    const verdict = decideAdoption(adapter.table, definitionOf(inputs), {
      // Claims may change while a namesake is compared.
      namesakes: [...found.values()].map((each) =>
        namesakeOf(adapter, inputs, each, {
          isFree: claims.isFree(
            adapter.addressing.formatId(each.ref),
            adapter.createdAtOf(each.remote),
          ),
          differences: differences.get(each.ref.key),
        }),
      ),
      isListComplete,
      isHolderUnknown: claims.expected.has(inputs.name),
    });
    const toCompare = verdict.action === "compare" ? found.get(verdict.key) : undefined;
    if (toCompare === undefined) {
      const existing = "key" in verdict ? found.get(verdict.key) : undefined;
      const adopted = carryOut(lookup, verdict, claim, existing);
      if (adopted === "taken") {
        continue;
      }
      return (
        adopted && {
          ...adopted,
          likeness: claims.noteLookalike(adapter.addressing.formatId(adopted.ref), claim),
        }
      );
    }
    const { ref } = toCompare;
    const written = adapter.stateOf(inputs);
    const remote = await adapter.complete(ref, toCompare.remote, written, { ...context, ref });
    if (remote === undefined) {
      // It was deleted meanwhile.
      found.delete(ref.key);
    } else {
      found.set(ref.key, { ref, remote });
      differences.set(ref.key, differencesFrom(adapter, inputs, remote, ref, written));
    }
  }
}

/** `"taken"`: another process was faster. */
function carryOut<V extends Stages>(
  { adapter, claims, reporter }: Lookup<V>,
  verdict: Verdict,
  claim: string,
  existing: Adopted<V> | undefined,
): Adopted<V> | "taken" | undefined {
  if (verdict.action === "refuse") {
    const { vendor } = adapter.table;
    throw new ConnectorError(verdict.code, verdict.message, { vendor });
  }
  if (verdict.action !== "adopt" || existing === undefined) {
    return undefined;
  }
  const { ref, remote } = existing;
  if (!claims.take(adapter.addressing.formatId(ref), claim, adapter.createdAtOf(remote))) {
    return "taken";
  }
  if (verdict.message !== undefined) {
    reporter.warn(String(verdict.message));
  }
  return existing;
}

/** What a definition says that decides about existing connectors. */
export function definitionOf({ name, onConflict }: Inputs): Definition {
  return { name, onConflict };
}

/** The connectors of a scope that have the definition's name, by the vendor's id. */
function namesakesIn<V extends Stages>(
  adapter: Adapter<V>,
  scope: string,
  remotes: Iterable<V["remote"]>,
  inputs: Inputs<V>,
): Map<string, Adopted<V>> {
  return new Map(
    [...remotes]
      .filter((remote) => matches(inputs.name, adapter.nameOf(remote)))
      .map((remote) => [
        adapter.keyOf(remote),
        { ref: { scope, key: adapter.keyOf(remote) }, remote },
      ]),
  );
}

/** A namesake as the decision sees it. */
export function namesakeOf<V extends Stages>(
  adapter: Adapter<V>,
  inputs: Inputs<V>,
  { ref, remote }: Adopted<V>,
  known: Pick<Namesake, "isFree" | "differences">,
): Namesake {
  return {
    key: ref.key,
    name: adapter.nameOf(remote),
    isUnfinished: adapter.isUnfinished(remote, inputs),
    ...known,
  };
}

/** Property paths at which a remote connector is not what the inputs say, by the rules of drift. */
export function differencesFrom<V extends Stages>(
  adapter: Adapter<V>,
  inputs: Inputs<V>,
  remote: V["remote"],
  ref: Ref,
  written: State<V>,
): string[] {
  return differingPaths(inputs, adapter.project(remote, ref, written).inputs);
}
