import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type Reporter, type Subject } from "./adapter";
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
 * Decides whether a new resource takes over an existing connector. `undefined`: create one.
 *
 * 1. An identifier in the definition adopts that connector, whatever it holds.
 * 2. A connector that an interrupted create left half done is finished.
 * 3. `onConflict`: `create` looks no further; `fail` refuses any namesake; `adopt` takes the one namesake whatever it
 *    holds, and fails on several.
 * 4. Unset: an identical namesake is adopted with a warning, a different one fails with the lines to write.
 *
 * Connectors that other resources of this deployment hold or name do not count, nor does any namesake while a resource
 * that exists has not shown which one it holds. The claim is taken before this resolves.
 */
export async function adopt<R>(
  lookup: Lookup<R>,
  inputs: Inputs,
  mark: string,
  subject: Subject,
): Promise<Adopted<R> | undefined> {
  const key = lookup.adapter.adopts(inputs);
  if (key !== undefined) {
    return adoptNamed(
      lookup,
      { scope: lookup.adapter.scopeOf(inputs), key },
      inputs,
      mark,
      subject,
    );
  }
  const namesakes = await findNamesakes(lookup, inputs);
  if (namesakes.length === 0) {
    return undefined;
  }
  await lookup.claims.settled();
  if (lookup.claims.expects(nameOf(inputs))) {
    return undefined;
  }
  const free = namesakes.filter(({ ref }) => lookup.claims.free(lookup.adapter.formatId(ref)));
  const unfinished = free.find(({ remote }) => lookup.adapter.isUnfinished(remote, inputs));
  if (unfinished) {
    return claimed(
      lookup,
      unfinished,
      mark,
      `Finishing the ${describe(lookup, unfinished)}, which an interrupted deployment left half done.`,
    );
  }
  return free.length === 0 ? undefined : resolveConflict(lookup, inputs, free, mark, subject);
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
  ref: Ref,
  inputs: Inputs,
  mark: string,
  subject: Subject,
): Promise<Adopted<R>> {
  const { adapter, listing, claims } = lookup;
  const { vendor } = adapter.table;
  const remote =
    (await listing.atStart(ref.scope)).items.get(ref.key) ??
    (await adapter.get(ref, { ...subject, verb: "adopt", ref }));
  const property = adoptProperty(adapter);
  if (remote === undefined) {
    const message = `${vendor} has no connector ${ref.key}, which ${property} names. Correct ${property}, or remove it to create a connector`;
    throw new ConnectorError("not_found", message, { vendor });
  }
  // Another process may be about to delete it for the resource that this one replaces; no claim reaches that far.
  if (claims.expectsHolder(nameOf(inputs), ref.scope, adapter.formatId(ref))) {
    const message =
      `${vendor} connector ${ref.key}, which ${property} names, is managed already: by this resource, which is being replaced (by --replace, or for another provider), ` +
      "and whose old self would delete the connector. Remove the resource from the state with `pulumi state delete`, then run pulumi up again, which adopts the connector anew";
    throw new ConnectorError("conflict", message, { vendor });
  }
  if (!claims.take(adapter.formatId(ref), mark)) {
    const message =
      `${vendor} connector ${ref.key}, which ${property} names, is managed already: by another resource of this program, or by this one, which is being replaced. ` +
      `Let only one resource adopt it; where this one is replaced, remove ${property}`;
    throw new ConnectorError("conflict", message, { vendor });
  }
  return { ref, remote };
}

async function findNamesakes<R>(
  { adapter, listing }: Lookup<R>,
  inputs: Inputs,
): Promise<Adopted<R>[]> {
  const scope = adapter.scopeOf(inputs);
  const { items, complete } = await listing.atStart(scope);
  if (!complete && inputs["onConflict"] !== "create") {
    throw incomplete(adapter);
  }
  return [...items.values()]
    .filter((remote) => matches(inputs["name"], adapter.nameOf(remote)))
    .map((remote) => ({ ref: { scope, key: adapter.keyOf(remote) }, remote }));
}

function incomplete<R>(adapter: Adapter<R>): ConnectorError {
  const { vendor } = adapter.table;
  const message =
    `${vendor} did not list all connectors, so it cannot be told whether one of this name exists. ` +
    `Write ${adoptProperty(adapter)} to adopt one, or onConflict: "create" to create one in any case`;
  return new ConnectorError("unexpected_response", message, { vendor });
}

async function resolveConflict<R>(
  lookup: Lookup<R>,
  inputs: Inputs,
  namesakes: Adopted<R>[],
  mark: string,
  subject: Subject,
): Promise<Adopted<R> | undefined> {
  const { onConflict } = inputs;
  if (onConflict === "create") {
    return undefined;
  }
  if (onConflict === "fail") {
    throw conflict(lookup, inputs, namesakes, 'and onConflict: "fail" refuses it');
  }
  if (onConflict === "adopt") {
    return adoptOnly(lookup, inputs, namesakes, mark);
  }
  return adoptIdentical(lookup, inputs, namesakes, mark, subject);
}

function adoptOnly<R>(
  lookup: Lookup<R>,
  inputs: Inputs,
  namesakes: Adopted<R>[],
  mark: string,
): Adopted<R> {
  const [only, ...others] = namesakes;
  if (only === undefined || others.length > 0) {
    throw conflict(
      lookup,
      inputs,
      namesakes,
      'so onConflict: "adopt" cannot tell which one is meant',
    );
  }
  return claimed(
    lookup,
    only,
    mark,
    `Adopting the ${describe(lookup, only)}, as onConflict: "adopt" says. From now on this stack manages it; destroy deletes it.`,
  );
}

async function adoptIdentical<R>(
  lookup: Lookup<R>,
  inputs: Inputs,
  namesakes: Adopted<R>[],
  mark: string,
  subject: Subject,
): Promise<Adopted<R> | undefined> {
  const differences: string[] = [];
  const different: Adopted<R>[] = [];
  for (const namesake of namesakes) {
    const found = await compareWith(lookup, inputs, namesake, subject);
    if (found === undefined) {
      continue;
    }
    if (found.paths.length > 0) {
      differences.push(...found.paths);
      different.push(namesake);
    } else if (lookup.claims.take(lookup.adapter.formatId(namesake.ref), mark)) {
      const others = namesakes.filter((other) => other !== namesake).map(({ ref }) => ref.key);
      const beside =
        others.length === 0 ? "" : ` Others of this name stay as they are: ${others.join(", ")}.`;
      lookup.reporter.warn(
        `Adopting the ${describe(lookup, namesake)}: it already is what the definition says. From now on this stack manages it; destroy deletes it. If another stack manages it too, give one of them another name.${beside}`,
      );
      return { ref: namesake.ref, remote: found.remote };
    }
  }
  // What was deleted, or taken by another resource, while it was looked at is no namesake any more.
  if (different.length === 0) {
    return undefined;
  }
  throw conflict(
    lookup,
    inputs,
    different,
    `which ${different.length === 1 ? "differs" : "differ"} from the definition in: ${[...new Set(differences)].slice(0, 10).join(", ")}`,
  );
}

async function compareWith<R>(
  { adapter }: Lookup<R>,
  inputs: Inputs,
  { ref, remote }: Adopted<R>,
  subject: Subject,
): Promise<{ remote: R; paths: string[] } | undefined> {
  const written = adapter.stateOf(inputs);
  const complete = await adapter.complete(ref, remote, written, { ...subject, ref });
  return complete === undefined
    ? undefined
    : { remote: complete, paths: differencesFrom(adapter, inputs, complete, ref, written) };
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

function claimed<R>(
  lookup: Lookup<R>,
  adopted: Adopted<R>,
  mark: string,
  message: string,
): Adopted<R> {
  const id = lookup.adapter.formatId(adopted.ref);
  if (!lookup.claims.take(id, mark)) {
    throw new ConnectorError(
      "conflict",
      `Another resource of this program took connector ${adopted.ref.key} at the same time. Give the two different names`,
      { vendor: lookup.adapter.table.vendor },
    );
  }
  lookup.reporter.warn(message);
  return adopted;
}

function describe<R>({ adapter }: Lookup<R>, { ref, remote }: Adopted<R>): string {
  return `existing ${adapter.table.vendor} connector "${adapter.nameOf(remote)}" (id ${ref.key})`;
}

/** The input that names an existing connector. */
export function adoptProperty<R>(adapter: Adapter<R>): string {
  return adoptingField(adapter.table);
}

/** The refusal, with the exact lines that resolve it. */
function conflict<R>(
  { adapter }: Lookup<R>,
  inputs: Inputs,
  namesakes: Adopted<R>[],
  why: string,
): ConnectorError {
  const { vendor } = adapter.table;
  const property = adoptProperty(adapter);
  const ids = namesakes.map(({ ref }) => ref.key);
  const quoted = (id: string): string =>
    adapter.table.fields.find(({ name }) => name === property)?.kind === "integer"
      ? id
      : JSON.stringify(id);
  const count =
    ids.length === 1
      ? `a connector named "${nameOf(inputs)}" (id ${ids.join()})`
      : `${ids.length} connectors named "${nameOf(inputs)}" (ids ${ids.join(", ")})`;
  const take =
    ids.length === 1
      ? "To take it over and make it equal to the definition, write"
      : "To take one of them over and make it equal to the definition, write one of";
  const lines = ids.slice(0, 10).map((id) => `    ${property}: ${quoted(id)},`);
  const message = [
    `${vendor} already has ${count}, ${why}.`,
    `  ${take}`,
    ...lines,
    "  To create another one beside it, write",
    '    onConflict: "create",',
  ].join("\n");
  return new ConnectorError("conflict", message, { vendor });
}
