import { ConnectorError } from "../errors";
import { type Message, own as ownWords, ownText } from "../message";
import { type FieldTable } from "../model/field";
import { withoutSecrets } from "../model/known-secrets";
import { type Stages } from "../model/state";
import { type Adapter, type Ref } from "./adapter";
import { definitionOf, namesakeOf, scopeOf } from "./adoption";
import { callContext } from "./call-context";
import { conflictMessage, decideAdoption, outcomeOf, type Verdict } from "./adoption-decision";
import { ListCache } from "./list-cache";
import { type Compared, compare, created } from "./plan-compare";
import { type Found, Listing, type Located, scopeOfHeld } from "./plan-listing";
import {
  type Choice,
  type DefinitionToPlan,
  failed,
  type Held,
  nothing,
  type Planned,
  type PlannedChange,
  type PlanRequest,
  type Unproblematic,
} from "./planned";
import { inPool } from "./pool";
import { placeOf } from "./registrations";
import { Residence } from "./workspace";

/** How many definitions are compared at once: enough for the vendors' limits. */
const WIDTH = 64;

/** What every definition is compared with. */
interface Context<V extends Stages> {
  readonly adapter: Adapter<V>;
  readonly listing: Listing<V>;
  /** Ids of connectors that a definition names, or goes on with: no namesakes of others. */
  readonly named: ReadonlySet<string>;
  readonly isHistoryKnown: boolean;
}

/**
 * What a deployment would do, by the rules of drift and adoption, with read-only calls. Where it is
 * not known which resources there are, a definition without an id is compared with the connector of
 * its name.
 */
export async function plan<V extends Stages>(
  adapter: Adapter<V>,
  request: PlanRequest<V>,
  progress: (done: number, of: number) => void = () => undefined,
): Promise<Planned[]> {
  const { definitions, removed, managedElsewhere, isHistoryKnown } = request;
  const listing = await Listing.read(adapter, scopesOf(adapter, request));
  await confirmWorkspace(adapter, listing, request);
  const named = namedIn(adapter, listing, definitions);
  const context: Context<V> = { adapter, listing, named, isHistoryKnown };
  const choices = new Map<DefinitionToPlan<V>, Choose>();
  await inPool(definitions, WIDTH, async (definition) => {
    choices.set(definition, await compareAll(context, definition));
    progress(choices.size, definitions.length);
  });
  const taken = new Map<string, number>();
  const planned = definitions.map((definition, index): Planned => {
    const chosen = choices.get(definition)?.(taken) ?? nothing(definition.name, "create");
    if (chosen.id !== undefined) {
      taken.set(chosen.id, index);
    }
    return withoutTexts(renamed(chosen, definition.held), definition.secretTexts);
  });
  const leaving = [
    ...removed,
    ...definitions.flatMap(({ held }, index) =>
      held && isReplaced(context, held, planned[index]) ? [held] : [],
    ),
  ];
  for (const held of leaving) {
    remove(context, held, planned, taken);
  }
  return [...planned, ...unmanagedIn(context, planned, managedElsewhere)];
}

/**
 * Rejects with `conflict`, as the deployment does, unless the connectors of the stack are in the
 * workspace that is asked. What only leaves the stack is not looked up.
 */
async function confirmWorkspace<V extends Stages>(
  adapter: Adapter<V>,
  listing: Listing<V>,
  { definitions, removed, workspace }: PlanRequest<V>,
): Promise<void> {
  const held = [
    ...definitions.flatMap((definition) => definition.held ?? []),
    ...removed.filter(({ keptBy }) => keptBy === undefined),
  ];
  const lists = new ListCache<V["remote"]>(
    (scope) => Promise.resolve(listing.listed(scope)),
    (remote) => adapter.keyOf(remote),
  );
  await new Residence(adapter, lists, workspace).confirm(
    held.flatMap(({ id, state }) =>
      id === undefined || state === undefined ? [] : [{ id, state }],
    ),
    "content",
  );
}

/** Every scope in which a connector of the request may be. */
function scopesOf<V extends Stages>(
  adapter: Adapter<V>,
  { definitions, removed, scopes }: PlanRequest<V>,
): string[] {
  const held = [...removed, ...definitions.flatMap((each) => each.held ?? [])];
  return [
    ...scopes,
    ...definitions.map(({ inputs }) => scopeOf(adapter.addressing, inputs)),
    ...held.flatMap((each) => scopeOfHeld(adapter, each) ?? []),
  ];
}

function namedIn<V extends Stages>(
  adapter: Adapter<V>,
  listing: Listing<V>,
  definitions: readonly DefinitionToPlan<V>[],
): ReadonlySet<string> {
  const { addressing } = adapter;
  return new Set(
    definitions.flatMap(({ inputs, held }) => {
      const located = held && foundIn(listing.locate(held));
      const ids = [placeOf(addressing, inputs).id, located && addressing.formatId(located.ref)];
      return ids.filter((id) => id !== undefined);
    }),
  );
}

function foundIn<V extends Stages>(located: Located<V>): Found<V> | undefined {
  return "found" in located ? located.found : undefined;
}

/** What a deployment would do, once it is known which connectors earlier definitions have. */
type Choose = (taken: ReadonlyMap<string, number>) => Choice;

/** Compares a definition with every connector that it may be about. */
async function compareAll<V extends Stages>(
  context: Context<V>,
  definition: DefinitionToPlan<V>,
): Promise<Choose> {
  const { addressing } = context.adapter;
  const { inputs, held } = definition;
  try {
    const scope = scopeOf(addressing, inputs);
    const key = addressing.adopts(inputs);
    const own = held && foundIn(context.listing.locate(held));
    const isHere = own?.ref.scope === scope;
    if (key !== undefined) {
      const isOwn = isHere && own.ref.key === key;
      return await compareNamed(context, definition, { scope, key }, isOwn);
    }
    if (isHere) {
      return await compareOwn(context, definition, own);
    }
    return held?.id === undefined || own
      ? await compareNamesakes(context, definition)
      : (): Choice => ({ ...created(context.adapter, definition), note: lost(held.id ?? "") });
  } catch (error) {
    if (!(error instanceof ConnectorError)) {
      throw error;
    }
    const message = ownWords`[${ownText(error.code)}] ${error.words}`;
    return () => failed(definition.name, message);
  }
}

/** The connector that the resource has already. */
async function compareOwn<V extends Stages>(
  { adapter }: Context<V>,
  definition: DefinitionToPlan<V>,
  own: Found<V>,
): Promise<Choose> {
  const compared = await compare(adapter, definition, own);
  return () => compared?.planned ?? created(adapter, definition);
}

function lost(id: string): string {
  return `the stack's connector ${id} does not exist any more: pulumi up --refresh creates it again`;
}

/** @param isOwn whether the resource has the connector already. */
async function compareNamed<V extends Stages>(
  { adapter, listing }: Context<V>,
  definition: DefinitionToPlan<V>,
  ref: Ref,
  isOwn: boolean,
): Promise<Choose> {
  const remote =
    listing.get(ref) ??
    (await adapter.get(ref, callContext(adapter.table, "read", definition.inputs, ref)));
  const compared = remote && (await compare(adapter, definition, { ref, remote }));
  const verdict = decideAdoption(adapter.table, definitionOf(definition.inputs), {
    named: { key: ref.key, exists: compared !== undefined },
    namesakes: [],
    isListComplete: true,
    isHolderUnknown: false,
  });
  if (verdict.action === "refuse" || compared === undefined) {
    const problem = verdict.action === "refuse" ? verdict.message : ownWords``;
    return () => failed(definition.name, problem);
  }
  const result = isOwn ? compared.planned : compared.adopted();
  return () => result;
}

async function compareNamesakes<V extends Stages>(
  { adapter, listing, named, isHistoryKnown }: Context<V>,
  definition: DefinitionToPlan<V>,
): Promise<Choose> {
  const { inputs } = definition;
  const namesakes = listing
    .named(inputs)
    .filter(({ ref }) => !named.has(adapter.addressing.formatId(ref)));
  const compared = (
    await Promise.all(namesakes.map((namesake) => compare(adapter, definition, namesake)))
  ).filter((each) => each !== undefined);
  const isNew = isHistoryKnown && definition.held === undefined;
  return (taken) => {
    const free = compared.filter(({ id }) => !taken.has(id));
    const verdict = decideAdoption(adapter.table, definitionOf(inputs), {
      namesakes: free.map(({ found, differences }) =>
        namesakeOf(adapter, inputs, found, { isFree: true, differences }),
      ),
      isListComplete: listing.isComplete(scopeOf(adapter.addressing, inputs)),
      isHolderUnknown: false,
    });
    return isNew
      ? planNew(adapter, definition, free, verdict)
      : planNamesake(adapter, definition, free, verdict);
  };
}

/** What a resource does that the stack does not have yet. */
function planNew<V extends Stages>(
  adapter: Adapter<V>,
  definition: DefinitionToPlan<V>,
  free: readonly Compared<V>[],
  verdict: Verdict,
): Choice {
  if (verdict.action === "refuse") {
    return failed(definition.name, verdict.message);
  }
  const adopted =
    verdict.action === "adopt"
      ? free.find(({ found }) => found.ref.key === verdict.key)
      : undefined;
  return adopted ? adopted.adopted() : created(adapter, definition);
}

/** The namesake that the stack manages, as far as that can be known without its state. */
function planNamesake<V extends Stages>(
  adapter: Adapter<V>,
  definition: DefinitionToPlan<V>,
  free: readonly Compared<V>[],
  verdict: Verdict,
): Choice {
  const { name, inputs } = definition;
  const { table } = adapter;
  const [only, ...others] = free;
  if (only === undefined) {
    return planNew(adapter, definition, free, verdict);
  }
  const adopted =
    verdict.action === "adopt"
      ? free.find(({ found }) => found.ref.key === verdict.key)
      : undefined;
  const managed =
    adopted ??
    free.find(({ differences }) => differences.length === 0) ??
    (others.length === 0 ? only : undefined);
  if (managed === undefined) {
    return failed(name, unclear(table, inputs, free, verdict));
  }
  const outcome = outcomeOf(table, verdict);
  const note = `if this stack does not manage it yet, a deployment ${outcome ?? ""}`;
  return { ...managed.planned, ...(outcome !== undefined && { note }) };
}

function unclear<V extends Stages>(
  table: FieldTable,
  inputs: DefinitionToPlan<V>["inputs"],
  free: readonly Compared<V>[],
  verdict: Verdict,
): Message {
  const why = ownWords`and which one this stack manages is not known without its state`;
  const keys = free.map(({ found }) => found.ref);
  return verdict.action === "refuse"
    ? verdict.message
    : conflictMessage(table, definitionOf(inputs), keys, why);
}

/** A resource that goes on under another name. */
function renamed<T extends Unproblematic>(planned: T, held: Held | undefined): T {
  if (held === undefined || held.name === planned.name || planned.action === "fail") {
    return planned;
  }
  const action = planned.action === "unchanged" ? "rename" : planned.action;
  return { ...planned, action, renamedFrom: held.name };
}

/** Whether a definition that goes on with a resource ends up with another connector. */
function isReplaced<V extends Stages>(
  { adapter, listing }: Pick<Context<V>, "adapter" | "listing">,
  held: Held<V>,
  planned: Planned | undefined,
): boolean {
  const own = foundIn(listing.locate(held));
  return (
    own !== undefined &&
    planned !== undefined &&
    planned.action !== "fail" &&
    planned.id !== adapter.addressing.formatId(own.ref)
  );
}

/** Adds what happens to the connector of a resource that leaves the stack. */
function remove<V extends Stages>(
  { adapter, listing }: Pick<Context<V>, "adapter" | "listing">,
  held: Held<V>,
  planned: Planned[],
  taken: Map<string, number>,
): void {
  const located = listing.locate(held);
  const found = foundIn(located);
  const id = held.id ?? (found && adapter.addressing.formatId(found.ref));
  const index = id === undefined ? undefined : taken.get(id);
  const taker = index === undefined ? undefined : planned[index];
  const at = id === undefined ? {} : { id };
  if (held.keptBy === "protect") {
    planned.push({ ...nothing(held.name, "fail"), problem: PROTECTED, ...at });
    return;
  }
  if (taker && index !== undefined) {
    planned[index] = renamed(taker, held);
    return;
  }
  if (id !== undefined) {
    taken.set(id, planned.length);
  }
  const note = noteOnRemoved(adapter, located);
  planned.push({
    ...nothing(held.name, held.keptBy === "retainOnDelete" ? "retain" : "delete"),
    ...at,
    ...(note !== undefined && { note }),
  });
}

const PROTECTED =
  "It has no definition any more, but its resource is protected, so that a deployment refuses to delete it. " +
  "Deploy it without protect first (or run `pulumi state unprotect`), then remove the definition";

function noteOnRemoved<V extends Stages>(
  adapter: Adapter<V>,
  located: Located<V>,
): string | undefined {
  if ("candidates" in located) {
    const ids = located.candidates.map(({ ref }) => adapter.addressing.formatId(ref));
    return `one of the connectors ${ids.join(", ")}, which have its name; with --state, the plan knows which`;
  }
  if (located.found !== undefined) {
    return undefined;
  }
  return located.isReused === true
    ? "the connector does not exist any more, and another one has its id, which stays"
    : "the connector does not exist any more: only its resource is removed from the stack";
}

function unmanagedIn<V extends Stages>(
  { adapter, listing }: Pick<Context<V>, "adapter" | "listing">,
  planned: readonly Planned[],
  managedElsewhere: ReadonlySet<string>,
): Planned[] {
  const known = new Set(planned.map(({ id }) => id));
  const unmanaged: Planned[] = [];
  for (const { ref, remote } of listing.all()) {
    const id = adapter.addressing.formatId(ref);
    if (!known.has(id) && !managedElsewhere.has(id)) {
      unmanaged.push({ ...nothing(adapter.nameOf(remote), "unmanaged"), id });
    }
  }
  return unmanaged;
}

/** A plan without the secret texts that are known. */
function withoutTexts({ problem, ...planned }: Choice, texts: readonly string[]): Planned {
  const known = texts.filter((text) => text.length > 1);
  if (known.length === 0) {
    return { ...planned, ...(problem !== undefined && { problem: String(problem) }) };
  }
  const holds = (value: unknown): boolean =>
    value !== undefined &&
    known.some((text) => JSON.stringify(value).includes(JSON.stringify(text).slice(1, -1)));
  const changes = planned.changes.map((change): PlannedChange =>
    holds(change.before) || holds(change.after) ? { path: change.path, secret: true } : change,
  );
  const clean = problem?.mapOutside((outside) => withoutSecrets(outside, known));
  return { ...planned, changes, ...(clean !== undefined && { problem: String(clean) }) };
}
