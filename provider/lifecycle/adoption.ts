import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type Reporter, type Subject } from "./adapter";
import { decideAdoption, type Definition, type Namesake, type Verdict } from "./adoption-decision";
import { type Claims, type Expected } from "./claims";
import { differingPaths } from "../model/differences";
import { matches } from "../model/equivalence";
import { adoptingField } from "../model/field";
import { type Listing } from "./list-cache";
import { type Inputs, nameOf, type State } from "../model/state";

/** An existing connector that a new resource takes over. */
export interface Adopted<R> {
  readonly ref: Ref;
  readonly remote: R;
}

/** What the look-up before a create needs. */
export interface Lookup<R> {
  readonly adapter: Adapter<R>;
  readonly listing: Listing<R>;
  readonly claims: Claims;
  readonly reporter: Reporter;
}

/**
 * Takes over an existing connector where `decideAdoption` says so; `undefined`: create one. The claim is taken before
 * this resolves.
 */
export async function adopt<R>(
  lookup: Lookup<R>,
  inputs: Inputs,
  claim: string,
  subject: Subject,
): Promise<Adopted<R> | undefined> {
  const key = lookup.adapter.adopts(inputs);
  return key === undefined
    ? adoptNamesake(lookup, inputs, claim, subject)
    : adoptNamed(lookup, inputs, key, claim, subject);
}

/** What a resource's inputs say of its connector, as far as they are known. */
export function placeOf<R>(adapter: Adapter<R>, inputs: Inputs): Expected {
  const scope: unknown = adapter.scopeOf(inputs);
  if (typeof scope !== "string") {
    return {};
  }
  const key = adapter.adopts(inputs);
  return { scope, ...(key !== undefined && { id: adapter.formatId({ scope, key }) }) };
}

async function adoptNamed<R>(
  lookup: Lookup<R>,
  inputs: Inputs,
  key: string,
  claim: string,
  subject: Subject,
): Promise<Adopted<R> | undefined> {
  const { adapter, listing, claims } = lookup;
  const ref = { scope: adapter.scopeOf(inputs), key };
  const id = adapter.formatId(ref);
  const remote =
    (await listing.atStart(ref.scope)).items.get(key) ??
    (await adapter.get(ref, { ...subject, verb: "adopt", ref }));
  const holder = claims.has(id) ? "another" : undefined;
  const heldBy = claims.expectsHolder(nameOf(inputs), ref.scope, id) ? "predecessor" : holder;
  const verdict = decideAdoption(adapter.table, definitionOf(inputs), {
    named: { key, exists: remote !== undefined, ...(heldBy && { heldBy }) },
    namesakes: [],
    isListComplete: true,
    isHolderUnknown: false,
  });
  return carryOut(lookup, verdict, claim, remote && { ref, remote });
}

async function adoptNamesake<R>(
  lookup: Lookup<R>,
  inputs: Inputs,
  claim: string,
  subject: Subject,
): Promise<Adopted<R> | undefined> {
  const { adapter, listing, claims } = lookup;
  const scope = adapter.scopeOf(inputs);
  const { items, complete: isListComplete } = await listing.atStart(scope);
  const found = namesakesIn(adapter, scope, items.values(), inputs);
  if (found.size > 0) {
    await claims.settled();
  }
  const differences = new Map<string, readonly string[]>();
  for (;;) {
    const verdict = decideAdoption(adapter.table, definitionOf(inputs), {
      // Claims may change while a namesake is compared.
      namesakes: [...found.values()].map((each) =>
        namesakeOf(adapter, inputs, each, {
          isFree: claims.free(adapter.formatId(each.ref)),
          differences: differences.get(each.ref.key),
        }),
      ),
      isListComplete,
      isHolderUnknown: claims.expects(nameOf(inputs)),
    });
    const toCompare = verdict.action === "compare" ? found.get(verdict.key) : undefined;
    if (toCompare === undefined) {
      return carryOut(
        lookup,
        verdict,
        claim,
        "key" in verdict ? found.get(verdict.key) : undefined,
      );
    }
    const { ref } = toCompare;
    const written = adapter.stateOf(inputs);
    const remote = await adapter.complete(ref, toCompare.remote, written, { ...subject, ref });
    if (remote === undefined) {
      // It was deleted meanwhile.
      found.delete(ref.key);
    } else {
      found.set(ref.key, { ref, remote });
      differences.set(ref.key, differencesFrom(adapter, inputs, remote, ref, written));
    }
  }
}

function carryOut<R>(
  { adapter, claims, reporter }: Lookup<R>,
  verdict: Verdict,
  claim: string,
  existing: Adopted<R> | undefined,
): Adopted<R> | undefined {
  if (verdict.action === "refuse") {
    const { vendor } = adapter.table;
    throw new ConnectorError(verdict.code, verdict.message, { vendor });
  }
  if (verdict.action !== "adopt" || existing === undefined) {
    return undefined;
  }
  claims.take(adapter.formatId(existing.ref), claim);
  if (verdict.message !== undefined) {
    reporter.warn(verdict.message);
  }
  return existing;
}

/** What a definition says that decides about existing connectors. */
export function definitionOf(inputs: Inputs): Definition {
  return { name: nameOf(inputs), onConflict: inputs["onConflict"] };
}

/** The connectors of a scope that have the definition's name, by the vendor's id. */
export function namesakesIn<R>(
  adapter: Adapter<R>,
  scope: string,
  remotes: Iterable<R>,
  inputs: Inputs,
): Map<string, Adopted<R>> {
  return new Map(
    [...remotes]
      .filter((remote) => matches(nameOf(inputs), adapter.nameOf(remote)))
      .map((remote) => [
        adapter.keyOf(remote),
        { ref: { scope, key: adapter.keyOf(remote) }, remote },
      ]),
  );
}

/** A namesake as the decision sees it. */
export function namesakeOf<R>(
  adapter: Adapter<R>,
  inputs: Inputs,
  { ref, remote }: Adopted<R>,
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
export function differencesFrom<R>(
  adapter: Adapter<R>,
  inputs: Inputs,
  remote: R,
  ref: Ref,
  written: State,
): string[] {
  return differingPaths(inputs, adapter.project(remote, ref, written).inputs);
}

/** The input that names an existing connector. */
export function adoptProperty<R>(adapter: Adapter<R>): string {
  return adoptingField(adapter.table);
}
