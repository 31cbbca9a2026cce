import { joinPath } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type Subject } from "./adapter";
import { adoptProperty, placeOf } from "./adoption";
import { type Divergence, divergences } from "../model/differences";
import { type KeyPath } from "../model/credential-detection";
import { matches } from "../model/equivalence";
import { secretPaths, sensitiveTexts } from "../model/secret-paths";
import { type Inputs, nameOf } from "../model/state";

/** A text of which only parts are known, because a reference in it has no value at hand. */
export interface Gap {
  readonly path: KeyPath;
  /** What stands for the text in the inputs. */
  readonly mark: string;
  /** Whether a text may be it. */
  readonly fits: (text: string) => boolean;
}

/** A definition to plan for. */
export interface Planning {
  /** The resource's name. */
  readonly name: string;
  readonly inputs: Inputs;
  readonly gaps: readonly Gap[];
  /** Places that are secret because of where their values come from. */
  readonly secrets: readonly KeyPath[];
  /** Secret texts that are at hand: shown nowhere, whatever their place. */
  readonly texts: readonly string[];
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
  /** Property paths whose values are not at hand, so that nothing can be said of them. */
  readonly unknown: readonly string[];
  /** What is in the way, and what to do about it. */
  readonly problem?: string;
  /** What only the stack's state could decide. */
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

interface Found<R> {
  readonly ref: Ref;
  readonly remote: R;
}

/**
 * What a deployment would do, told by the rules of drift, with read-only calls. Without the stack's state it cannot know
 * which connector of a name is managed: a definition without an id is compared with the one of its name.
 *
 * @param scopes where to look for connectors that no definition has, besides those that definitions name.
 */
export async function plan<R>(
  adapter: Adapter<R>,
  definitions: readonly Planning[],
  scopes: readonly string[],
  progress: (done: number, of: number) => void = () => undefined,
): Promise<Planned[]> {
  const all = [
    ...new Set([...scopes, ...definitions.map(({ inputs }) => adapter.scopeOf(inputs))]),
  ];
  const lists = new Map(
    await Promise.all(
      all.map(async (scope) => [scope, await adapter.list(scope, "content")] as const),
    ),
  );
  // A connector that one definition names is no namesake of another.
  const named = new Set(definitions.flatMap(({ inputs }) => placeOf(adapter, inputs).id ?? []));
  let done = 0;
  const choices = await Promise.all(
    definitions.map(async (definition) => {
      const scope = adapter.scopeOf(definition.inputs);
      const items = (lists.get(scope)?.items ?? []).map((remote): Found<R> => ({
        ref: { scope, key: adapter.keyOf(remote) },
        remote,
      }));
      const result = await choicesOf(
        adapter,
        definition,
        items,
        lists.get(scope)?.complete ?? false,
        named,
      );
      progress((done += 1), definitions.length);
      return result;
    }),
  );
  const taken = new Set<string>();
  const planned = choices.map((choose, index): Planned => {
    const chosen = choose(taken);
    if (chosen.id !== undefined) {
      taken.add(chosen.id);
    }
    return withoutTexts(chosen, definitions[index]?.texts ?? []);
  });
  const others = [...lists].flatMap(([scope, { items }]) =>
    items.map((remote): [string, string] => [
      adapter.formatId({ scope, key: adapter.keyOf(remote) }),
      adapter.nameOf(remote),
    ]),
  );
  const rest = others
    .filter(([id]) => !taken.has(id))
    .map(([id, name]): Planned => ({
      name,
      action: "unmanaged",
      adopts: false,
      id,
      changes: [],
      unknown: [],
    }));
  return [...planned, ...rest];
}

/** What a deployment would do, once it is known which connectors earlier definitions have. */
type Choose = (taken: ReadonlySet<string>) => Planned;

async function choicesOf<R>(
  adapter: Adapter<R>,
  definition: Planning,
  items: readonly Found<R>[],
  complete: boolean,
  named: ReadonlySet<string>,
): Promise<Choose> {
  const { name, inputs } = definition;
  const failed = (problem: string): Planned => ({
    name,
    action: "fail",
    adopts: false,
    changes: [],
    unknown: [],
    problem,
  });
  const create: Planned = { name, action: "create", adopts: false, changes: [], unknown: [] };
  const scope = adapter.scopeOf(inputs);
  const key = adapter.adopts(inputs);
  const { vendor } = adapter.table;
  try {
    if (key !== undefined) {
      const found =
        items.find(({ ref }) => ref.key === key) ?? (await fetched(adapter, { scope, key }));
      const compared = found && (await compare(adapter, definition, found));
      const result = compared
        ? { ...compared, adopts: true }
        : failed(
            `${vendor} has no connector ${key}, which ${adoptProperty(adapter)} names. Correct it, or remove it to create a connector`,
          );
      return () => result;
    }
    const namesakes = items.filter(
      ({ ref, remote }) =>
        matches(inputs["name"], adapter.nameOf(remote)) && !named.has(adapter.formatId(ref)),
    );
    if (namesakes.length === 0 && !complete && inputs["onConflict"] !== "create") {
      const problem = `${vendor} did not list all connectors, so it cannot be told whether one of this name exists. Write ${adoptProperty(adapter)} to adopt one`;
      return () => failed(problem);
    }
    const compared = (
      await Promise.all(namesakes.map((found) => compare(adapter, definition, found)))
    ).filter((each) => each !== undefined);
    return (taken) => {
      const free = compared.filter(({ id }) => id === undefined || !taken.has(id));
      const [only, ...others] = free;
      const same = free.find(({ action }) => action === "unchanged");
      if (only === undefined) {
        return create;
      }
      if (same === undefined && others.length > 0) {
        return failed(
          `${vendor} has ${free.length} connectors of this name (ids ${free.map(({ id }) => id).join(", ")}). Write ${adoptProperty(adapter)} to say which one is meant`,
        );
      }
      return { ...(same ?? only), ...noteOf(adapter, inputs, same === undefined) };
    };
  } catch (error) {
    if (!(error instanceof ConnectorError)) {
      throw error;
    }
    const { message } = error;
    return () => failed(message);
  }
}

/** What a deployment does with a namesake that its state does not know. */
function noteOf<R>(
  adapter: Adapter<R>,
  { onConflict }: Inputs,
  differs: boolean,
): { readonly note?: string } {
  if (onConflict === "create") {
    return {
      note: 'if this stack does not manage it yet, a deployment creates another one (onConflict: "create")',
    };
  }
  if (onConflict === "fail" || (onConflict === undefined && differs)) {
    return {
      note: `if this stack does not manage it yet, a deployment refuses: write ${adoptProperty(adapter)} to take it over`,
    };
  }
  return {};
}

/** A plan in which no secret text that is at hand is left. */
function withoutTexts(planned: Planned, texts: readonly string[]): Planned {
  const known = texts.filter((text) => text.length > 1);
  const holds = (value: unknown): boolean =>
    value !== undefined &&
    known.some((text) => JSON.stringify(value).includes(JSON.stringify(text).slice(1, -1)));
  const changes = planned.changes.map((change): PlannedChange =>
    holds(change.before) || holds(change.after) ? { path: change.path, secret: true } : change,
  );
  const problem = known.reduce<string | undefined>(
    (text, secret) => text?.replaceAll(secret, "[secret]"),
    planned.problem,
  );
  return { ...planned, changes, ...(problem !== undefined && { problem }) };
}

async function fetched<R>(adapter: Adapter<R>, ref: Ref): Promise<Found<R> | undefined> {
  const remote = await adapter.get(ref, { verb: "read", ref, sensitive: [] });
  return remote === undefined ? undefined : { ref, remote };
}

async function compare<R>(
  adapter: Adapter<R>,
  { name, inputs, gaps, secrets }: Planning,
  { ref, remote }: Found<R>,
): Promise<Planned | undefined> {
  const written = adapter.stateOf(inputs);
  const subject: Subject = {
    verb: "read",
    name: nameOf(inputs),
    ref,
    sensitive: sensitiveTexts(adapter.table, inputs),
  };
  const complete = await adapter.complete(ref, remote, written, subject);
  if (complete === undefined) {
    return undefined;
  }
  const actual = adapter.project(complete, ref, written).inputs;
  const hidden = [
    ...secrets,
    ...secretPaths(adapter.table, inputs),
    ...secretPaths(adapter.table, actual),
    ...gaps.map(({ path }) => path),
  ];
  const found = divergences(actual, inputs).filter((each) => !filled(each, gaps));
  return {
    name,
    action: found.length === 0 ? "unchanged" : "update",
    adopts: false,
    id: adapter.formatId(ref),
    changes: found.map((each) => changeOf(each, hidden)),
    unknown: gaps.map(({ path }) => joinPath(...path)),
  };
}

/** True when what is there may be what a text with a gap stands for. */
function filled({ path, left, right }: Divergence, gaps: readonly Gap[]): boolean {
  const gap = gaps.find((each) => each.path.join("\0") === path.join("\0"));
  return gap !== undefined && right === gap.mark && typeof left === "string" && gap.fits(left);
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
