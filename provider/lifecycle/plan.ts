import { placeOf } from "./claims";
import { joinPath } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type Message, own, ownText } from "../message";
import { type Adapter, type Listed, type CallContext } from "./adapter";
import { type Adopted, definitionOf, namesakeOf, namesakesIn, scopeOf } from "./adoption";
import { conflictMessage, decideAdoption, outcomeOf, type Verdict } from "./adoption-decision";
import { type Divergence, divergences } from "../model/differences";
import { type KeyPath } from "../model/credential-detection";
import { type FieldTable } from "../model/field";
import { secretPaths, sensitiveTexts } from "../model/secret-paths";
import { type Inputs, type Stages } from "../model/state";

/** A text of which only parts are known, because a reference in it has no known value. */
export interface PartialText {
  readonly path: KeyPath;
  /** What stands for the text in the inputs. */
  readonly standIn: string;
  /** Whether a text may be it. */
  readonly matches: (text: string) => boolean;
}

/** A definition to plan for. */
export interface DefinitionToPlan<V extends Stages = Stages> {
  /** The resource's name. */
  readonly name: string;
  readonly inputs: Inputs<V>;
  readonly partialTexts: readonly PartialText[];
  /** Places that are secret because of where their values come from. */
  readonly secretPaths: readonly KeyPath[];
  /** Secret texts that are known: never shown, at any place. */
  readonly secretTexts: readonly string[];
}

/** What a deployment would do about one connector. */
export interface Planned {
  /** The resource's name; the connector's own for one that no definition has. */
  readonly name: string;
  readonly action: "create" | "update" | "unchanged" | "unmanaged" | "fail";
  /** True where the definition names the existing connector that it takes over. */
  readonly adopts: boolean;
  /** The vendor's id, where there is one. */
  readonly id?: string;
  readonly changes: readonly PlannedChange[];
  /** Property paths whose values are not known, so that they are not compared. */
  readonly unknown: readonly string[];
  /** Why a deployment would fail, and what to do. */
  readonly problem?: string;
  /** What depends on the stack's state. */
  readonly note?: string;
}

/** One property that a deployment would change. */
export interface PlannedChange {
  readonly path: string;
  /** True when neither value may be shown. */
  readonly secret: boolean;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * What a deployment would do, by the rules of drift and adoption, with read-only calls. Without the
 * stack's state it cannot know which connector of a name is managed: a definition without an id is
 * compared with the one of its name.
 *
 * @param scopes where to look for connectors that no definition has, besides those that definitions
 *   name.
 */
export async function plan<V extends Stages>(
  adapter: Adapter<V>,
  definitions: readonly DefinitionToPlan<V>[],
  scopes: readonly string[],
  progress: (done: number, of: number) => void = () => undefined,
): Promise<Planned[]> {
  const all = [
    ...new Set([
      ...scopes,
      ...definitions.map(({ inputs }) => scopeOf(adapter.addressing, inputs)),
    ]),
  ];
  const lists = new Map(
    await Promise.all(
      all.map(async (scope) => [scope, await adapter.list(scope, "content")] as const),
    ),
  );
  // A connector that one definition names does not count as a namesake of another.
  const named = new Set(
    definitions.flatMap(({ inputs }) => placeOf(adapter.addressing, inputs).id ?? []),
  );
  let done = 0;
  const choices = await Promise.all(
    definitions.map(async (definition) => {
      const list = lists.get(scopeOf(adapter.addressing, definition.inputs)) ?? {
        items: [],
        complete: false,
      };
      const choose = await compareAll(adapter, definition, list, named);
      progress((done += 1), definitions.length);
      return choose;
    }),
  );
  const taken = new Set<string>();
  const planned = choices.map((choose, index): Planned => {
    const chosen = choose(taken);
    if (chosen.id !== undefined) {
      taken.add(chosen.id);
    }
    return withoutTexts(chosen, definitions[index]?.secretTexts ?? []);
  });
  const others = [...lists].flatMap(([scope, { items }]) =>
    items.map((remote) => ({
      id: adapter.addressing.formatId({ scope, key: adapter.keyOf(remote) }),
      name: adapter.nameOf(remote),
    })),
  );
  const unmanaged = others
    .filter(({ id }) => !taken.has(id))
    .map(({ id, name }): Planned => ({ ...nothing(name, "unmanaged"), id }));
  return [...planned, ...unmanaged];
}

/** What a deployment would do, once it is known which connectors earlier definitions have. */
type Choose = (taken: ReadonlySet<string>) => Choice;

/** A connector's plan, before secret texts are taken out of what is wrong with it. */
type Choice = Unproblematic & { readonly problem?: Message };

/** A plan of which nothing is wrong. */
type Unproblematic = Omit<Planned, "problem">;

/** Compares a definition with every connector that it may be about. */
async function compareAll<V extends Stages>(
  adapter: Adapter<V>,
  definition: DefinitionToPlan<V>,
  list: Listed<V["remote"]>,
  named: ReadonlySet<string>,
): Promise<Choose> {
  try {
    const key = adapter.addressing.adopts(definition.inputs);
    return await (key === undefined
      ? compareNamesakes(adapter, definition, list, named)
      : compareNamed(adapter, definition, list, key));
  } catch (error) {
    if (!(error instanceof ConnectorError)) {
      throw error;
    }
    const message = own`[${ownText(error.code)}] ${error.words}`;
    return () => failed(definition.name, message);
  }
}

async function compareNamed<V extends Stages>(
  adapter: Adapter<V>,
  definition: DefinitionToPlan<V>,
  { items }: Listed<V["remote"]>,
  key: string,
): Promise<Choose> {
  const ref = { scope: scopeOf(adapter.addressing, definition.inputs), key };
  const remote =
    items.find((item) => adapter.keyOf(item) === key) ??
    (await adapter.get(ref, { verb: "read", ref, sensitive: [] }));
  const compared = remote && (await compare(adapter, definition, { ref, remote }));
  const verdict = decideAdoption(adapter.table, definitionOf(definition.inputs), {
    named: { key, exists: compared !== undefined },
    namesakes: [],
    isListComplete: true,
    isHolderUnknown: false,
  });
  const result =
    verdict.action === "refuse"
      ? failed(definition.name, verdict.message)
      : { ...(compared?.planned ?? nothing(definition.name, "create")), adopts: true };
  return () => result;
}

async function compareNamesakes<V extends Stages>(
  adapter: Adapter<V>,
  definition: DefinitionToPlan<V>,
  { items, complete: isListComplete }: Listed<V["remote"]>,
  named: ReadonlySet<string>,
): Promise<Choose> {
  const { inputs } = definition;
  const namesakes = [
    ...namesakesIn(adapter, scopeOf(adapter.addressing, inputs), items, inputs).values(),
  ];
  const compared = (
    await Promise.all(
      namesakes
        .filter(({ ref }) => !named.has(adapter.addressing.formatId(ref)))
        .map((namesake) => compare(adapter, definition, namesake)),
    )
  ).filter((each) => each !== undefined);
  return (taken) => {
    const free = compared.filter(({ id }) => !taken.has(id));
    const verdict = decideAdoption(adapter.table, definitionOf(inputs), {
      namesakes: free.map(({ found, differences }) =>
        namesakeOf(adapter, inputs, found, { isFree: true, differences }),
      ),
      isListComplete,
      isHolderUnknown: false,
    });
    return planNamesake(adapter.table, definition, free, verdict);
  };
}

/** The namesake that the stack manages, as far as that can be known without its state. */
function planNamesake<V extends Stages>(
  table: FieldTable,
  { name, inputs }: DefinitionToPlan<V>,
  free: readonly Compared<V>[],
  verdict: Verdict,
): Choice {
  const [only, ...others] = free;
  if (only === undefined) {
    return verdict.action === "refuse" ? failed(name, verdict.message) : nothing(name, "create");
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
    const why = own`and which one this stack manages is not known without its state`;
    const keys = free.map(({ found }) => found.ref);
    return failed(
      name,
      verdict.action === "refuse"
        ? verdict.message
        : conflictMessage(table, definitionOf(inputs), keys, why),
    );
  }
  const outcome = outcomeOf(table, verdict);
  const note = `if this stack does not manage it yet, a deployment ${outcome ?? ""}`;
  return { ...managed.planned, ...(outcome !== undefined && { note }) };
}

function nothing(name: string, action: Planned["action"]): Unproblematic {
  return { name, action, adopts: false, changes: [], unknown: [] };
}

function failed(name: string, problem: Message): Choice {
  return { ...nothing(name, "fail"), problem };
}

/** A plan without the secret texts that are known. */
function withoutTexts({ problem, ...planned }: Choice, texts: readonly string[]): Planned {
  const known = texts.filter((text) => text.length > 1);
  const holds = (value: unknown): boolean =>
    value !== undefined &&
    known.some((text) => JSON.stringify(value).includes(JSON.stringify(text).slice(1, -1)));
  const changes = planned.changes.map((change): PlannedChange =>
    holds(change.before) || holds(change.after) ? { path: change.path, secret: true } : change,
  );
  const clean = problem?.mapOutside((outside) =>
    known.reduce((text, secret) => text.replaceAll(secret, "[secret]"), outside),
  );
  return { ...planned, changes, ...(clean !== undefined && { problem: String(clean) }) };
}

/** A connector that a definition was compared with. */
interface Compared<V extends Stages> {
  readonly found: Adopted<V>;
  readonly id: string;
  readonly planned: Unproblematic;
  /** Property paths at which the two differ. */
  readonly differences: readonly string[];
}

/** `undefined` when the connector was deleted meanwhile. */
async function compare<V extends Stages>(
  adapter: Adapter<V>,
  { name, inputs, partialTexts, secretPaths: secrets }: DefinitionToPlan<V>,
  { ref, remote }: Adopted<V>,
): Promise<Compared<V> | undefined> {
  const written = adapter.stateOf(inputs);
  const context: CallContext = {
    verb: "read",
    name: inputs.name,
    ref,
    sensitive: sensitiveTexts(adapter.table, inputs),
  };
  const complete = await adapter.complete(ref, remote, written, context);
  if (complete === undefined) {
    return undefined;
  }
  const actual = adapter.project(complete, ref, written).inputs;
  const hidden = [
    ...secrets,
    ...secretPaths(adapter.table, inputs),
    ...secretPaths(adapter.table, actual),
    ...partialTexts.map(({ path }) => path),
  ];
  const found = divergences(actual, inputs).filter((each) => !mayMatch(each, partialTexts));
  const id = adapter.addressing.formatId(ref);
  return {
    found: { ref, remote: complete },
    id,
    planned: {
      ...nothing(name, found.length === 0 ? "unchanged" : "update"),
      id,
      changes: found.map((each) => changeOf(each, hidden)),
      unknown: partialTexts.map(({ path }) => joinPath(...path)),
    },
    differences: found.map(({ path }) => joinPath(...path)),
  };
}

/** True when what is there may be what a text with unknown parts stands for. */
function mayMatch(
  { path, left, right }: Divergence,
  partialTexts: readonly PartialText[],
): boolean {
  const partial = partialTexts.find((each) => each.path.join("\0") === path.join("\0"));
  return (
    partial !== undefined &&
    right === partial.standIn &&
    typeof left === "string" &&
    partial.matches(left)
  );
}

function changeOf({ path, left, right }: Divergence, hidden: readonly KeyPath[]): PlannedChange {
  const under = (place: KeyPath): boolean =>
    place.every((step, index) => index >= path.length || step === path[index]);
  // A value that was renamed, or moved within a list, shows up at another place.
  const moved = (place: KeyPath): boolean => {
    const list = place.findIndex((step) => typeof step === "number");
    const within = list < 0 ? place.slice(0, -1) : place.slice(0, list);
    return (
      (list >= 0 || (right === undefined && within.length > 0)) &&
      within.every((step, index) => step === path[index])
    );
  };
  const secret = hidden.some((place) => under(place) || moved(place));
  return {
    path: joinPath(...path),
    secret,
    ...(!secret && left !== undefined && { before: left }),
    ...(!secret && right !== undefined && { after: right }),
  };
}
