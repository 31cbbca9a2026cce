import { setTimeout } from "node:timers/promises";
import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type CallContext } from "./adapter";
import { adoptProperty, differencesFrom, type Lookup, scopeOf } from "./adoption";
import { type Index } from "./list-cache";
import { matches } from "../model/equivalence";
import { type Inputs, type Stages } from "../model/state";

/** What a create does when its answer was lost. */
export interface LostAnswerPolicy {
  /** Waits before each look-up, in milliseconds; a vendor may list a new connector late. */
  readonly lookups: readonly number[];
  /**
   * Most POSTs in all. A POST is repeated only after an answer that said it failed, and a look-up
   * that found nothing.
   */
  readonly attempts: number;
}

/** The usual policy, in proportion to the first back-off step in milliseconds. */
export function lostAnswerPolicy(backoff = 500): LostAnswerPolicy {
  return { lookups: [0, 4 * backoff, 10 * backoff], attempts: 3 };
}

/** A connector that this deployment created, or found to have created. */
export interface Created<V extends Stages> {
  readonly ref: Ref;
  readonly remote: V["remote"];
}

/**
 * Creates a connector exactly once. A POST is not idempotent and is never repeated blindly: when it
 * is unknown how one ended, the scope is listed, and the one new connector with our content is
 * ours. Where an answer said "failed" and nothing came of it, the POST is sent again; where no
 * answer came, that stays the user's decision (`ambiguous_create`), and the next deployment adopts
 * what turns up until then.
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
  for (let attempt = 1; ; attempt++) {
    try {
      const remote = await lookup.adapter.create(inputs, context);
      return claimed(lookup, { ref: { scope, key: lookup.adapter.keyOf(remote) }, remote }, claim);
    } catch (error) {
      if (!(error instanceof ConnectorError) || !error.outcomeUnknown) {
        throw error;
      }
      // Where it is not known what was there before, nothing that is there now is known to be new.
      if (!start.complete) {
        throw ambiguous(lookup, inputs, error);
      }
      const found = await findCreated(lookup, inputs, before, context, policy, error);
      if (found) {
        return claimed(lookup, found, claim);
      }
      if (!mayRepeat(error, policy) || attempt >= policy.attempts) {
        throw ambiguous(lookup, inputs, error);
      }
    }
  }
}

/**
 * True when the vendor itself says that it failed and is done with the request. A gateway's 502 or
 * 504 does not say so, nor does a 500 or 503 that is not in the vendor's documented form. A POST is
 * not repeated sooner than the vendor asks.
 */
function mayRepeat(
  { statusCode, code, vendorAnswered, retryAfter = 0 }: ConnectorError,
  { lookups }: LostAnswerPolicy,
): boolean {
  const waited = lookups.reduce((sum, wait) => sum + wait, 0);
  return (
    vendorAnswered &&
    code === "unavailable" &&
    (statusCode === 500 || statusCode === 503) &&
    retryAfter * 1000 <= waited
  );
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
        lookup.claims.has(lookup.adapter.addressing.formatId(ref)) ||
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
  created: Created<V>,
  claim: string,
): Created<V> {
  const id = lookup.adapter.addressing.formatId(created.ref);
  lookup.claims.take(id, claim);
  lookup.listing.wrote(id);
  return created;
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
      ? `A new connector of this name holds something else (id ${others.join(", ")}); it may be this one.`
      : "It is not among the connectors of the workspace so far.";
  const message = `It is unknown whether ${vendor} created connector "${inputs.name}": ${cause.rawMessage}\n  ${seen} ${nextStep(adapter, inputs)}`;
  return new ConnectorError("ambiguous_create", message, {
    vendor,
    statusCode: cause.statusCode,
    requestId: cause.requestId,
    retryable: true,
    cause,
  });
}

function nextStep<V extends Stages>(adapter: Adapter<V>, { onConflict }: Inputs): string {
  if (onConflict === "create" || onConflict === "fail") {
    return `Look for it in ${adapter.table.vendor} before the next pulumi up; if it is there, name it with ${adoptProperty(adapter)}, because onConflict: "${onConflict}" does not look for it`;
  }
  return "Run pulumi up again: what turns up until then is adopted, not created twice";
}

function ambiguousAmong<V extends Stages>(
  { adapter }: Lookup<V>,
  inputs: Inputs<V>,
  found: readonly Created<V>[],
  cause: ConnectorError,
): ConnectorError {
  const { vendor } = adapter.table;
  const ids = found.map(({ ref }) => ref.key).join(", ");
  const message =
    `The answer to the creation of ${vendor} connector "${inputs.name}" was lost, and ${found.length} new connectors hold its content (ids ${ids}). ` +
    "Adopt one by its id, and delete the others";
  return new ConnectorError("ambiguous_create", message, { vendor, cause });
}
