import { setTimeout } from "node:timers/promises";
import { ConnectorError } from "../errors";
import { type Message, own, ownText } from "../message";
import { type Adapter, type Ref, type CallContext } from "./adapter";
import { differencesFrom, type Lookup, scopeOf } from "./adoption";
import { type Index } from "./list-cache";
import { matches } from "../model/equivalence";
import { adoptingField } from "../model/field";
import { type Inputs, type Stages } from "../model/state";

/** What a create does when its answer was lost. */
export interface LostAnswerPolicy {
  /** Waits before each look-up, in milliseconds; a vendor may list a new connector late. */
  readonly lookups: readonly number[];
}

/** The usual policy, in proportion to the first back-off step in milliseconds. */
export function lostAnswerPolicy(backoff = 500): LostAnswerPolicy {
  return { lookups: [0, 4 * backoff, 10 * backoff] };
}

/** A connector that this deployment created, or found to have created. */
export interface Created<V extends Stages> {
  readonly ref: Ref;
  readonly remote: V["remote"];
}

/**
 * Creates a connector exactly once. A POST is not idempotent and is sent once: when it is unknown
 * how it ended, the scope is listed, and the one new connector with our content is ours. Where none
 * is found, it stays unknown (`ambiguous_create`), also after the vendor's own 500 or 503: a vendor
 * may fail after it has stored the connector, and list it late. The next deployment adopts what has
 * turned up by then.
 */
export async function createOnce<V extends Stages>(
  lookup: Lookup<V>,
  inputs: Inputs<V>,
  claim: string,
  context: CallContext,
  policy: LostAnswerPolicy,
): Promise<Created<V>> {
  const scope = scopeOf(lookup.adapter.addressing, inputs);
  const start = await lookup.listing.atStart(scope);
  const before = new Set(start.items.keys());
  try {
    const remote = await lookup.adapter.create(inputs, context);
    const key = lookup.adapter.keyOf(remote);
    // A deletion by this deployment leaves the list: its id may be given to a new connector.
    if (start.items.has(key)) {
      throw notNew(lookup, inputs, key, "had before");
    }
    return claimed(lookup, inputs, { ref: { scope, key }, remote }, claim);
  } catch (error) {
    if (!(error instanceof ConnectorError) || !error.outcomeUnknown) {
      throw error;
    }
    // Where it is not known what was there before, nothing that is there now is known to be new.
    const found = start.complete
      ? await findCreated(lookup, inputs, before, context, policy, error)
      : undefined;
    if (found === undefined) {
      throw ambiguous(lookup, inputs, error);
    }
    return claimed(lookup, inputs, found, claim);
  }
}

async function findCreated<V extends Stages>(
  lookup: Lookup<V>,
  inputs: Inputs<V>,
  before: ReadonlySet<string>,
  context: CallContext,
  policy: LostAnswerPolicy,
  cause: ConnectorError,
): Promise<Created<V> | undefined> {
  const scope = scopeOf(lookup.adapter.addressing, inputs);
  for (const wait of policy.lookups) {
    await setTimeout(wait);
    const now = await listAfter(lookup, scope, inputs, cause);
    const candidates: Created<V>[] = [];
    const others: string[] = [];
    for (const [key, remote] of now.items) {
      const ref = { scope, key };
      if (
        before.has(key) ||
        isHeld(lookup, ref, remote) ||
        !matches(inputs.name, lookup.adapter.nameOf(remote))
      ) {
        continue;
      }
      const complete = await asOurs(lookup, inputs, ref, remote, context);
      if (complete) {
        candidates.push({ ref, remote: complete });
      } else {
        others.push(key);
      }
    }
    if (candidates.length > 1) {
      throw ambiguousAmong(lookup, inputs, candidates, cause);
    }
    if (candidates[0]) {
      return candidates[0];
    }
    // A new namesake with other content may be ours, changed by the vendor: another POST might be a
    // duplicate.
    if (others.length > 0) {
      throw ambiguous(lookup, inputs, cause, others);
    }
  }
  return undefined;
}

/** Whether a resource holds the connector, and not one that had its id before. */
function isHeld<V extends Stages>(
  { adapter, claims }: Lookup<V>,
  ref: Ref,
  remote: V["remote"],
): boolean {
  const id = adapter.addressing.formatId(ref);
  return claims.has(id) && !claims.canBeTaken(id, adapter.createdAtOf(remote));
}

async function listAfter<V extends Stages>(
  lookup: Lookup<V>,
  scope: string,
  inputs: Inputs<V>,
  cause: ConnectorError,
): Promise<Index<V["remote"]>> {
  try {
    const index = await lookup.listing.now(scope);
    if (index.complete) {
      return index;
    }
    throw ambiguous(lookup, inputs, cause);
  } catch (error) {
    if (error instanceof ConnectorError) {
      throw ambiguous(lookup, inputs, cause);
    }
    throw error;
  }
}

/** The connector when it holds our content, or as much as the create call alone puts there. */
async function asOurs<V extends Stages>(
  { adapter }: Lookup<V>,
  inputs: Inputs<V>,
  ref: Ref,
  remote: V["remote"],
  context: CallContext,
): Promise<V["remote"] | undefined> {
  if (adapter.isUnfinished(remote, inputs)) {
    return remote;
  }
  const written = adapter.stateOf(inputs);
  const complete = await adapter.complete(ref, remote, written, { ...context, ref });
  return complete !== undefined &&
    differencesFrom(adapter, inputs, complete, ref, written).length === 0
    ? complete
    : undefined;
}

function claimed<V extends Stages>(
  lookup: Lookup<V>,
  inputs: Inputs<V>,
  created: Created<V>,
  claim: string,
): Created<V> {
  const { adapter, claims, reporter } = lookup;
  const { vendor } = adapter.table;
  const id = adapter.addressing.formatId(created.ref);
  if (claims.hasOlder(id, adapter.createdAtOf(created.remote))) {
    reporter.warn(
      `${vendor} gave the new connector "${inputs.name}" the id ${created.ref.key}, which another resource of this program has: that one's connector was deleted outside. Run pulumi refresh, then pulumi up, which creates it again.`,
    );
  }
  if (!claims.take(id, claim, adapter.createdAtOf(created.remote))) {
    throw notNew(lookup, inputs, created.ref.key, "has for another resource of this deployment");
  }
  lookup.listing.wrote(id);
  return created;
}

/** The answer to a create names a connector that is not new: a write would overwrite it. */
function notNew<V extends Stages>(
  { adapter }: Lookup<V>,
  { name }: Inputs<V>,
  key: string,
  whose: string,
): ConnectorError {
  const { vendor } = adapter.table;
  const message = own`${ownText(vendor)} answered the creation of connector "${name}" with the id ${key}, which it ${ownText(whose)}: it is no new connector. Nothing more was written to it. Look in ${ownText(vendor)} whether a connector of this name was created: if so, name it with ${ownText(adoptingField(adapter.table))}; if not, run pulumi up again`;
  return new ConnectorError("unexpected_response", message, { vendor });
}

function ambiguous<V extends Stages>(
  { adapter }: Lookup<V>,
  inputs: Inputs<V>,
  cause: ConnectorError,
  others: readonly string[] = [],
): ConnectorError {
  const { vendor } = adapter.table;
  const seen =
    others.length > 0
      ? own`A new connector of this name holds something else (id ${others.join(", ")}); it may be this one.`
      : own`It is not among the connectors of the workspace so far.`;
  const message = own`It is unknown whether ${ownText(vendor)} created connector "${inputs.name}": ${cause.words}\n  ${seen} ${nextStep(adapter, inputs)}`;
  return new ConnectorError("ambiguous_create", message, {
    vendor,
    statusCode: cause.statusCode,
    requestId: cause.requestId,
    retryable: true,
    cause,
  });
}

function nextStep<V extends Stages>(adapter: Adapter<V>, { onConflict }: Inputs): Message {
  if (onConflict === "create" || onConflict === "fail") {
    return ownText(
      `Look for it in ${adapter.table.vendor} before the next pulumi up; if it is there, name it with ${adoptingField(adapter.table)}, because onConflict: "${onConflict}" does not look for it`,
    );
  }
  return own`Wait a minute, then run pulumi up again: what has turned up by then is adopted, not created twice`;
}

function ambiguousAmong<V extends Stages>(
  { adapter }: Lookup<V>,
  inputs: Inputs<V>,
  found: readonly Created<V>[],
  cause: ConnectorError,
): ConnectorError {
  const { vendor } = adapter.table;
  const ids = found.map(({ ref }) => ref.key).join(", ");
  const message = own`The answer to the creation of ${ownText(vendor)} connector "${inputs.name}" was lost, and ${found.length} new connectors hold its content (ids ${ids}). Adopt one by its id, and delete the others`;
  return new ConnectorError("ambiguous_create", message, { vendor, cause });
}
