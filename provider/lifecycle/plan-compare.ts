import { joinPath } from "../diagnostics";
import { isObject, valueAt } from "../json";
import { type KeyPath } from "../model/credential-detection";
import { type Divergence, divergences } from "../model/differences";
import { secretPaths } from "../model/secret-paths";
import { type Stages } from "../model/state";
import { type Adapter } from "./adapter";
import { callContext } from "./call-context";
import { type Found } from "./plan-listing";
import {
  type DefinitionToPlan,
  nothing,
  type PartialText,
  type PlannedChange,
  type Unproblematic,
} from "./planned";

/** A connector that a definition was compared with. */
export interface Compared<V extends Stages> {
  readonly found: Found<V>;
  readonly id: string;
  readonly planned: Unproblematic;
  /** Property paths at which the two differ. */
  readonly differences: readonly string[];
  /** The same for a resource that takes the connector over. */
  readonly adopted: () => Unproblematic;
}

/** `undefined` when the connector was deleted meanwhile. */
export async function compare<V extends Stages>(
  adapter: Adapter<V>,
  definition: DefinitionToPlan<V>,
  { ref, remote }: Found<V>,
): Promise<Compared<V> | undefined> {
  const { name, inputs, partialTexts } = definition;
  const written = adapter.stateOf(inputs);
  const context = callContext(adapter.table, "read", inputs, ref);
  const complete = await adapter.complete(ref, remote, written, context);
  if (complete === undefined) {
    return undefined;
  }
  const actual = adapter.project(complete, ref, written).inputs;
  const found = divergences(actual, inputs).filter((each) => !mayMatch(each, partialTexts));
  const id = adapter.addressing.formatId(ref);
  const hidden =
    found.length === 0
      ? []
      : [
          ...hiddenPaths(adapter, definition),
          ...secretPaths(adapter.table, actual),
          ...partialTexts.map(({ path }) => path),
        ];
  const planned: Unproblematic = {
    ...nothing(name, found.length === 0 ? "unchanged" : "update"),
    id,
    changes: found.flatMap(leavesOf).map((each) => changeOf(each, hidden)),
    unknown: partialTexts.map(({ path }) => joinPath(...path)),
  };
  return {
    found: { ref, remote: complete },
    id,
    planned,
    differences: found.map(({ path }) => joinPath(...path)),
    adopted: () => ({
      ...planned,
      adopts: true,
      writes:
        found.length > 0 ||
        isWrittenWhenAdopted(adapter, definition, { ref, remote: complete }, actual),
    }),
  };
}

/** What is sent although nothing differs: values that cannot be read back. */
function isWrittenWhenAdopted<V extends Stages>(
  adapter: Adapter<V>,
  { partialTexts, inputsWith }: DefinitionToPlan<V>,
  { ref, remote }: Found<V>,
  actual: Partial<V["inputs"]>,
): boolean {
  const inputs = inputsWith(
    partialTexts.flatMap(({ path }) => {
      const text = valueAt(actual, path);
      return typeof text === "string" ? [{ path, text }] : [];
    }),
  );
  return adapter.patch(inputs, adapter.adoptedState(remote, ref, inputs), remote).length > 0;
}

/** A connector to create, with all its properties. */
export function created<V extends Stages>(
  adapter: Adapter<V>,
  definition: DefinitionToPlan<V>,
): Unproblematic {
  const { name, inputs, partialTexts } = definition;
  const hidden = [...hiddenPaths(adapter, definition), ...partialTexts.map(({ path }) => path)];
  const unknown = partialTexts.map(({ path }) => joinPath(...path));
  const changes = divergences({}, inputs)
    .flatMap(leavesOf)
    .map(({ path, right }): PlannedChange => {
      const secret = hidden.some((place) => isUnder(place, path));
      return { path: joinPath(...path), secret, ...(!secret && { after: right }) };
    });
  return { ...nothing(name, "create"), changes, unknown };
}

function hiddenPaths<V extends Stages>(
  adapter: Adapter<V>,
  { inputs, secretPaths: secrets }: DefinitionToPlan<V>,
): KeyPath[] {
  return [...secrets, ...secretPaths(adapter.table, inputs)];
}

/** A side that only one of the two has, leaf by leaf. */
function leavesOf(divergence: Divergence): Divergence[] {
  const { path, left, right } = divergence;
  const [whole, isLeft] = right === undefined ? [left, true] : [right, false];
  if ((isLeft ? right : left) !== undefined || !holdsMore(whole)) {
    return [divergence];
  }
  const entries: [string | number, unknown][] = Array.isArray(whole)
    ? [...whole.entries()]
    : Object.entries(whole);
  return entries.flatMap(([key, value]) =>
    leavesOf({
      path: [...path, key],
      left: isLeft ? value : undefined,
      right: isLeft ? undefined : value,
    }),
  );
}

function holdsMore(value: unknown): value is Record<string, unknown> | unknown[] {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
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

/** Whether a place is a part of a value, or the value of it. */
function isUnder(place: KeyPath, path: KeyPath): boolean {
  return place.every((step, index) => index >= path.length || step === path[index]);
}

function changeOf({ path, left, right }: Divergence, hidden: readonly KeyPath[]): PlannedChange {
  // A value that was renamed, or moved within a list, shows up at another place.
  const moved = (place: KeyPath): boolean => {
    const list = place.findIndex((step) => typeof step === "number");
    const within = list < 0 ? place.slice(0, -1) : place.slice(0, list);
    return (
      (list >= 0 || (right === undefined && within.length > 0)) &&
      within.every((step, index) => step === path[index])
    );
  };
  const secret = hidden.some((place) => isUnder(place, path) || moved(place));
  return {
    path: joinPath(...path),
    secret,
    ...(!secret && left !== undefined && { before: left }),
    ...(!secret && right !== undefined && { after: right }),
  };
}
