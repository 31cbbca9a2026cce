import { joinPath } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type Subject } from "./adapter";
import { adoptProperty } from "./adopt";
import { type Divergence, divergences } from "./compare";
import { type KeyPath } from "./credentials";
import { matches } from "./equal";
import { secretPaths, sensitiveTexts } from "./secrets";
import { type Inputs, nameOf } from "./state";

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
export async function plan<R>(adapter: Adapter<R>, definitions: readonly Planning[], scopes: readonly string[], progress: (done: number, of: number) => void = () => undefined): Promise<Planned[]> {
  const all = [...new Set([...scopes, ...definitions.map(({ inputs }) => adapter.scopeOf(inputs))])];
  const lists = new Map(await Promise.all(all.map(async (scope) => [scope, await adapter.list(scope, "content")] as const)));
  const taken = new Set<string>();
  let done = 0;
  const planned = await Promise.all(
    definitions.map(async (definition) => {
      const scope = adapter.scopeOf(definition.inputs);
      const items = (lists.get(scope)?.items ?? []).map((remote): Found<R> => ({ ref: { scope, key: adapter.keyOf(remote) }, remote }));
      const result = await planOne(adapter, definition, items, lists.get(scope)?.complete ?? false);
      if (result.id !== undefined) taken.add(result.id);
      progress((done += 1), definitions.length);
      return result;
    }),
  );
  const others = [...lists].flatMap(([scope, { items }]) => items.map((remote): [string, string] => [adapter.formatId({ scope, key: adapter.keyOf(remote) }), adapter.nameOf(remote)]));
  const rest = others.filter(([id]) => !taken.has(id)).map(([id, name]): Planned => ({ name, action: "unmanaged", adopts: false, id, changes: [], unknown: [] }));
  return [...planned, ...rest];
}

async function planOne<R>(adapter: Adapter<R>, definition: Planning, items: readonly Found<R>[], complete: boolean): Promise<Planned> {
  const { name, inputs } = definition;
  const failed = (problem: string): Planned => ({ name, action: "fail", adopts: false, changes: [], unknown: [], problem });
  const create: Planned = { name, action: "create", adopts: false, changes: [], unknown: [] };
  const scope = adapter.scopeOf(inputs);
  const key = adapter.adopts(inputs);
  const { vendor } = adapter.table;
  try {
    if (key !== undefined) {
      const found = items.find(({ ref }) => ref.key === key) ?? (await fetched(adapter, { scope, key }));
      const compared = found && (await compare(adapter, definition, found));
      return compared ? { ...compared, adopts: true } : failed(`${vendor} has no connector ${key}, which ${adoptProperty(adapter)} names. Correct it, or remove it to create a connector`);
    }
    const namesakes = items.filter(({ remote }) => matches(inputs["name"], adapter.nameOf(remote)));
    if (namesakes.length === 0) return complete || inputs["onConflict"] === "create" ? create : failed(`${vendor} did not list all connectors, so it cannot be told whether one of this name exists. Write ${adoptProperty(adapter)} to adopt one`);
    const compared = (await Promise.all(namesakes.map((found) => compare(adapter, definition, found)))).filter((each) => each !== undefined);
    const [only, ...others] = compared;
    const same = compared.find(({ action }) => action === "unchanged");
    if (only === undefined) return create;
    if (same !== undefined || others.length === 0) return same ?? only;
    return failed(`${vendor} has ${compared.length} connectors of this name (ids ${namesakes.map(({ ref }) => ref.key).join(", ")}). Write ${adoptProperty(adapter)} to say which one is meant`);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return failed(error.message);
  }
}

async function fetched<R>(adapter: Adapter<R>, ref: Ref): Promise<Found<R> | undefined> {
  const remote = await adapter.get(ref, { verb: "read", ref, sensitive: [] });
  return remote === undefined ? undefined : { ref, remote };
}

async function compare<R>(adapter: Adapter<R>, { name, inputs, gaps, secrets }: Planning, { ref, remote }: Found<R>): Promise<Planned | undefined> {
  const written = adapter.stateOf(inputs);
  const subject: Subject = { verb: "read", name: nameOf(inputs), ref, sensitive: sensitiveTexts(adapter.table, inputs) };
  const complete = await adapter.complete(ref, remote, written, subject);
  if (complete === undefined) return undefined;
  const actual = adapter.project(complete, ref, written).inputs;
  const hidden = [...secrets, ...secretPaths(adapter.table, inputs), ...secretPaths(adapter.table, actual), ...gaps.map(({ path }) => path)];
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
  const under = (place: KeyPath): boolean => place.every((step, index) => index >= path.length || step === path[index]);
  const secret = hidden.some(under);
  return { path: joinPath(...path), secret, ...(!secret && left !== undefined && { before: left }), ...(!secret && right !== undefined && { after: right }) };
}
